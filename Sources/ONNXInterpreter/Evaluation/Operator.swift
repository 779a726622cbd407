/// An operator as its standard defines it from one operator set on, until a later entry of the same name.
struct Operator: Sendable {
    /// The domain of the operators that ONNX Runtime adds to the standard ones. It has one version.
    static let runtimeDomain = "com.microsoft"

    let name: String
    /// Empty for the standard domain.
    let domain: String
    /// The first operator set of the standard domain with this form; 1 in other domains.
    let since: Int
    /// How many inputs it takes, optional ones included.
    let inputs: ClosedRange<Int>
    let outputs: ClosedRange<Int>
    /// The attributes it knows. One that is not named here is refused, never ignored.
    let attributes: Set<String>
    /// Computes every output, optional ones included.
    let evaluate: @Sendable (Call) throws -> [InterpreterTensor]

    /// A standard operator with one output.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int> = 1...1, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> InterpreterTensor
    ) {
        self.init(name, since: since, inputs: inputs, outputs: 1...1, attributes: attributes) { [try evaluate($0)] }
    }

    /// A standard operator with optional outputs.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int>, outputs: ClosedRange<Int>, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> [InterpreterTensor]
    ) {
        self.init(
            name, domain: "", since: since, inputs: inputs, outputs: outputs, attributes: attributes, evaluate: evaluate
        )
    }

    /// An operator of ONNX Runtime's own domain with one output.
    init(
        runtime name: String, inputs: ClosedRange<Int> = 1...1, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> InterpreterTensor
    ) {
        self.init(runtime: name, inputs: inputs, outputs: 1...1, attributes: attributes) { [try evaluate($0)] }
    }

    /// An operator of ONNX Runtime's own domain with optional outputs.
    init(
        runtime name: String, inputs: ClosedRange<Int>, outputs: ClosedRange<Int>, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> [InterpreterTensor]
    ) {
        self.init(
            name, domain: Self.runtimeDomain, since: 1, inputs: inputs, outputs: outputs, attributes: attributes,
            evaluate: evaluate)
    }

    private init(
        _ name: String, domain: String, since: Int, inputs: ClosedRange<Int>, outputs: ClosedRange<Int>,
        attributes: Set<String>, evaluate: @escaping @Sendable (Call) throws -> [InterpreterTensor]
    ) {
        self.name = name
        self.domain = domain
        self.since = since
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.evaluate = evaluate
    }
}
