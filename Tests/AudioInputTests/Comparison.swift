import Foundation

/// A sine of amplitude 0.5 that starts at 0.
func sine(_ frequency: Double, rate: Int, count: Int) -> [Float] {
    (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
}

/// The power of the expected signal over that of the difference, in decibels, a quarter of a second away from both ends,
/// where a filter or an encoder has settled.
func signalToNoise(_ signal: [Float], _ expected: [Float]) -> Double {
    let margin = 4000
    guard signal.count == expected.count, signal.count > 2 * margin else { return -.infinity }
    var power = 0.0
    var noise = 0.0
    for index in margin..<signal.count - margin {
        power += Double(expected[index]) * Double(expected[index])
        noise += pow(Double(signal[index]) - Double(expected[index]), 2)
    }
    return 10 * log10(power / noise)
}
