import ONNXLoader

/// What an operator is evaluated on: a node's attributes and the values of its inputs, with checked access.
struct Call {
    let node: Node
    /// Nil for an optional input left out.
    let inputs: [InterpreterTensor?]
    /// The most elements a result may have.
    let elementLimit: Int
    /// Whether quantising rounds to integers and saturates. Where it doesn't, a quantised value may be real.
    let rounds: Bool

    // MARK: Inputs

    /// An input that may be left out.
    func optionalInput(_ index: Int) -> InterpreterTensor? {
        inputs.indices.contains(index) ? inputs[index] : nil
    }

    func input(_ index: Int) throws -> InterpreterTensor {
        guard let input = optionalInput(index) else { throw InterpreterError(.missingInput(index)) }
        return input
    }

    func reals(_ index: Int) throws -> [Double] { try elements(index, \.reals, expected: "real ones") }
    func booleans(_ index: Int) throws -> [Bool] { try elements(index, \.booleans, expected: "boolean ones") }
    func integers(_ index: Int) throws -> [Int] { try elements(index, \.integers, expected: "integers") }

    /// The elements of a real or integer input.
    func numbers(_ index: Int) throws -> [Double] {
        let input = try input(index)
        if case .integer(let values) = input.elements { return values.map { Double($0) } }
        return try elements(index, \.reals, expected: "real ones or integers")
    }

    /// The one element of a real input.
    func real(_ index: Int) throws -> Double {
        try requireOneElement(index)
        return try reals(index)[0]
    }

    /// The one element of an integer input.
    func integer(_ index: Int) throws -> Int {
        try requireOneElement(index)
        return try integers(index)[0]
    }

    private func requireOneElement(_ index: Int) throws {
        let input = try input(index)
        try require(
            input.elementCount == 1 && input.rank <= 1,
            .wrongShape(input: index, found: input.shape, expected: "a scalar"))
    }

    private func elements<Element>(
        _ index: Int, _ elements: KeyPath<InterpreterTensor, [Element]?>, expected: String
    ) throws -> [Element] {
        let input = try input(index)
        guard let values = input[keyPath: elements] else {
            throw InterpreterError(.wrongKind(input: index, found: input.kind, expected: expected))
        }
        return values
    }

    /// The elements of a one-dimensional integer input.
    func integerList(_ index: Int) throws -> [Int] {
        let shape = try input(index).shape
        try require(shape.count == 1, .wrongShape(input: index, found: shape, expected: "one dimension"))
        return try integers(index)
    }

    /// The elements of a one-dimensional integer input, or nil if it is left out.
    func optionalIntegerList(_ index: Int) throws -> [Int]? {
        optionalInput(index) == nil ? nil : try integerList(index)
    }

    // MARK: Attributes

    func int(_ name: String) throws -> Int? {
        try attribute(name, expected: "an integer") { if case .int(let value) = $0 { Int(value) } else { nil } }
    }

    func ints(_ name: String) throws -> [Int]? {
        try attribute(name, expected: "integers") {
            if case .ints(let values) = $0 { values.map { Int($0) } } else { nil }
        }
    }

    func float(_ name: String) throws -> Double? {
        try attribute(name, expected: "a number") { if case .float(let value) = $0 { Double(value) } else { nil } }
    }

    func floats(_ name: String) throws -> [Double]? {
        try attribute(name, expected: "numbers") {
            if case .floats(let values) = $0 { values.map { Double($0) } } else { nil }
        }
    }

    func string(_ name: String) throws -> String? {
        try attribute(name, expected: "a string") { if case .string(let value) = $0 { value } else { nil } }
    }

    func tensor(_ name: String) throws -> InterpreterTensor? {
        try attribute(name, expected: "a tensor") { if case .tensor(let value) = $0 { value } else { nil } }
            .map { try InterpreterTensor($0) }
    }

    /// An attribute as `read` has it, or nil if it is not given; `read` gives nil for an attribute of another type.
    private func attribute<Value>(
        _ name: String, expected: String, _ read: (Attribute) -> Value?
    ) throws -> Value? {
        guard let attribute = node.attributes[name] else { return nil }
        guard let value = read(attribute) else {
            throw InterpreterError(.wrongAttributeType(name, expected: expected))
        }
        return value
    }

    /// An integer attribute that is 0 or 1.
    func flag(_ name: String, default standard: Bool) throws -> Bool {
        switch try int(name) {
        case nil: return standard
        case 0: return false
        case 1: return true
        case let value?:
            throw InterpreterError(.unsupportedAttributeValue(name, value: "\(value)", expected: "0 or 1"))
        }
    }

    /// The axes to work on: an attribute in older forms of an operator, the second input in newer ones, or nil if
    /// neither is given.
    func axes() throws -> [Int]? {
        try ints("axes") ?? optionalIntegerList(1)
    }

    /// Throws unless an integer attribute, where it is given, has the one value that is supported.
    func requireAttribute(_ name: String, is expected: Int) throws {
        let value = try int(name) ?? expected
        guard value == expected else {
            throw InterpreterError(.unsupportedAttributeValue(name, value: "\(value)", expected: "\(expected)"))
        }
    }

    // MARK: Results

    /// The number of elements of a result of the given shape. Throws if that is above the limit, so that it can be
    /// asked before anything is allocated.
    @discardableResult
    func checkedCount(of shape: [Int]) throws -> Int {
        try Shapes.elementCount(of: shape, limit: elementLimit)
    }

    /// The elements of an array of shape `source`, repeated to fill `target`, which it must broadcast to.
    func broadcast<Element>(_ values: [Element], of source: [Int], to target: [Int]) throws -> [Element] {
        if source == target { return values }
        try checkedCount(of: target)
        return Selection(broadcasting: source, to: target).pick(from: values)
    }

    /// `tensor`, repeated to fill `shape`, which it must broadcast to.
    func broadcast(_ tensor: InterpreterTensor, to shape: [Int]) throws -> InterpreterTensor {
        if tensor.shape == shape { return tensor }
        try checkedCount(of: shape)
        return try tensor.picked(by: Selection(broadcasting: tensor.shape, to: shape))
    }

    /// Both tensors, repeated to fill the shape that they broadcast to.
    func broadcast(_ first: InterpreterTensor, _ second: InterpreterTensor) throws -> (
        InterpreterTensor, InterpreterTensor
    ) {
        let shape = try Shapes.broadcast(first.shape, second.shape)
        return (try broadcast(first, to: shape), try broadcast(second, to: shape))
    }
}
