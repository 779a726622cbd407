/// An operator as the ONNX standard defines it from one operator set on, until a later entry of the same name.
struct Operator: Sendable {
    let name: String
    /// The first operator set with this form.
    let since: Int
    /// How many inputs it takes, optional ones included.
    let inputs: ClosedRange<Int>
    let outputs: ClosedRange<Int>
    /// The attributes it knows. One that is not named here is refused, never ignored.
    let attributes: Set<String>
    /// Computes every output, optional ones included.
    let evaluate: @Sendable (Call) throws -> [InterpreterTensor]

    /// An operator with one output.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int>, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> InterpreterTensor
    ) {
        self.init(name, since: since, inputs: inputs, outputs: 1...1, attributes: attributes) { [try evaluate($0)] }
    }

    /// An operator with optional outputs.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int>, outputs: ClosedRange<Int>, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> [InterpreterTensor]
    ) {
        self.name = name
        self.since = since
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.evaluate = evaluate
    }

    /// An operator of one input, with one output and no attributes.
    init(_ name: String, since: Int, evaluate: @escaping @Sendable (Call) throws -> InterpreterTensor) {
        self.init(name, since: since, inputs: 1...1, evaluate: evaluate)
    }
}
