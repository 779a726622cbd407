/// The signal brought to zero mean and unit variance: (x − mean) / √(mean((x − mean)²) + epsilon).
struct InputNormalization: Sendable {
    let epsilon: Double

    /// `signal` and the result are `[samples]`.
    func callAsFunction(_ signal: [Float]) -> [Float] {
        let mean = signal.reduce(0) { $0 + Double($1) } / Double(signal.count)
        let variance = signal.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(signal.count)
        let scale = 1 / (variance + epsilon).squareRoot()
        return signal.map { Float((Double($0) - mean) * scale) }
    }
}
