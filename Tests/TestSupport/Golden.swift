import NumPyFiles

/// The float64 answers of a tiny model export: what its graph gives for each of a set of signals, and the states of
/// every layer for one of them, `layerSignal`.
///
/// The archive holds `SIGNAL/signal` (float32, `[1, samples]`), `SIGNAL/OUTPUT` (float64, `[1, size]`), and
/// `layers/STATE` (float64, `[1, frames, channels]`).
package struct Golden: Sendable {
    /// The signal that the layer states belong to.
    package static let layerSignal = "noise25391"
    private static let layers = "layers/"
    private static let signal = "signal"

    private let archive: NPZArchive
    /// The names of the signals, in the order of the file: such as `noise400`, `wav_jfk.wav`.
    package let signals: [String]
    /// The names of the model's outputs, in the order of the file.
    package let outputNames: [String]
    /// The names of the layer states, in the order of the file: such as `extract_features`, `hidden_states.0`.
    package let layerNames: [String]

    /// Opens the golden of the model of this name, one of `Fixtures.modelNames`.
    package init(named model: String) throws { try self.init(contentsOf: Fixtures.golden(model)) }

    /// Opens the golden in a file.
    package init(contentsOf path: String) throws {
        archive = try NPZArchive(contentsOf: path)
        layerNames = archive.names.filter { $0.hasPrefix(Self.layers) }.map { String($0.dropFirst(Self.layers.count)) }
        var signals: [String] = []
        var outputs: [String] = []
        for name in archive.names where !name.hasPrefix(Self.layers) {
            let parts = name.split(separator: "/").map(String.init)
            guard parts.count == 2 else { throw GoldenError.unexpected(array: name) }
            if !signals.contains(parts[0]) { signals.append(parts[0]) }
            if parts[1] != Self.signal, !outputs.contains(parts[1]) { outputs.append(parts[1]) }
        }
        self.signals = signals
        outputNames = outputs
    }

    /// The samples of a signal.
    package func signal(_ name: String) throws -> [Float] {
        let path = "\(name)/\(Self.signal)"
        let array = try archive.array(named: path)
        guard let values = array.float32, array.shape == [1, values.count] else {
            throw GoldenError.unexpected(array: path)
        }
        return values
    }

    /// What the model gives for a signal, `[size]`.
    package func output(_ name: String, signal: String) throws -> [Double] {
        let path = "\(signal)/\(name)"
        let array = try archive.array(named: path)
        guard let values = array.float64, array.shape == [1, values.count] else {
            throw GoldenError.unexpected(array: path)
        }
        return values
    }

    /// A layer's state, `[frames, channels]`.
    package func layer(_ name: String) throws -> (shape: [Int], values: [Double]) {
        let array = try archive.array(named: Self.layers + name)
        guard let values = array.float64, array.shape.count == 3, array.shape[0] == 1 else {
            throw GoldenError.unexpected(array: Self.layers + name)
        }
        return (Array(array.shape[1...]), values)
    }
}

package enum GoldenError: Error {
    /// The archive has an array that is not of the golden layout.
    case unexpected(array: String)
}
