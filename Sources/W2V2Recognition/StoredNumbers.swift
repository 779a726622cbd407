import ONNXLoader

/// How a file stores some of the network's parameters.
package struct StoredNumbers: Sendable, Hashable, Codable {
    /// Such as `float16`, or `int8, a scale for each output`.
    package let form: String
    /// Parameters stored so: tensors, not numbers.
    package let parameters: Int

    /// How often each form occurs, the most frequent one first.
    package static func counted(_ forms: [String]) -> [StoredNumbers] {
        Dictionary(grouping: forms) { $0 }.map { StoredNumbers(form: $0.key, parameters: $0.value.count) }
            .sorted { ($1.parameters, $0.form) < ($0.parameters, $1.form) }
    }
}

extension RecognizedModel {
    /// How the parameters are stored, the most frequent form first. Whatever it is, the network computes in float32.
    package var storedNumbers: [StoredNumbers] { StoredNumbers.counted(parameters.map(\.storedForm)) }

    /// Whether all parameters are float32, as the network computes with them.
    package var isFloat32: Bool { parameters.allSatisfy { $0.storedForm == "\(ElementType.float32)" } }
}
