// What names and "calls" stand for. Nothing is called: a tensor is described, a dictionary is an empty one.

extension PickleMachine {
    func text(_ value: PickleValue) -> String? {
        guard case .text(let place) = value else { return nil }
        return String(decoding: reader.pickle[place.range], as: UTF8.self)
    }

    mutating func pushGlobal(_ module: String, _ name: String) throws(PickleProblem) {
        let path = "\(module).\(name)"
        guard let global = PickleGlobal(path) else { throw .foreignName(path) }
        try push(.global(global))
    }

    /// REDUCE and NEWOBJ.
    mutating func call(_ callable: PickleValue, _ arguments: PickleValue) throws(PickleProblem) {
        guard case .global(let global) = callable else { throw .wrongOperand(expected: "a name that can be called") }
        guard case .tuple(let arguments) = node(arguments) else {
            throw .wrongOperand(expected: "a tuple of arguments")
        }
        switch global {
        case .orderedDict:
            guard arguments.isEmpty else { throw Self.wrongArguments(of: global, "none") }
            try push(.dictionary([]))
        case .size:
            guard arguments.count == 1, case .tuple = node(arguments[0]) else {
                throw Self.wrongArguments(of: global, "a tuple of sizes")
            }
            try push(arguments[0])
        case .rebuildTensor: try pushTensor(global, arguments, counts: 4...4)
        case .rebuildTensorV2: try pushTensor(global, arguments, counts: 6...7)
        case .rebuildTensorV3: try pushTensor(global, arguments, counts: 7...8)
        case .rebuildParameter: try pushParameter(global, arguments, counts: 3...3)
        case .rebuildParameterWithState: try pushParameter(global, arguments, counts: 4...4)
        case .parameter: try pushParameter(global, arguments, counts: 1...2)
        case .layout:
            guard arguments.count == 1, text(arguments[0]) == "torch.strided" else {
                throw Self.wrongArguments(of: global, "the name of the layout torch.strided, which alone is read,")
            }
            try push(.other)
        case .storage, .untypedStorage, .dtype: throw .notCallable(global.name)
        }
    }

    /// BUILD: gives an object its attributes, of which an ordered dictionary has some that say nothing about tensors.
    mutating func build(_ state: PickleValue) throws(PickleProblem) {
        guard case .dictionary = node(try top()), case .dictionary = node(state) else {
            throw .wrongOperand(expected: "an ordered dictionary and a dictionary of its attributes")
        }
    }

    /// BINPERSID: `('storage', class, key, device, number of elements)`.
    mutating func pushStorage(_ identifier: PickleValue) throws(PickleProblem) {
        guard case .tuple(let parts) = node(identifier), parts.count == 5, text(parts[0]) == "storage",
            case .global(let global) = parts[1], case .text(let key) = parts[2], case .text = parts[3],
            case .integer(let count) = parts[4], count >= 0, key.range.count <= Self.longestKey
        else {
            throw .wrongOperand(expected: "the class, the key, the device and the number of elements of a storage")
        }
        let type: TorchType?
        switch global {
        case .storage(let known): type = known
        case .untypedStorage: type = nil
        default: throw .wrongOperand(expected: "a storage class")
        }
        try push(.storage(PickledStorage(type: type, key: text(parts[2]) ?? "", count: count)))
    }

    private static let longestKey = 64

    /// The first four arguments are storage, offset, size and stride; those after them tell of gradients but, in the
    /// third version, for the type at the seventh place.
    private mutating func pushTensor(
        _ global: PickleGlobal, _ arguments: [PickleValue], counts: ClosedRange<Int>
    ) throws(PickleProblem) {
        guard counts.contains(arguments.count), case .storage(let storage) = node(arguments[0]),
            case .integer(let offset) = arguments[1], offset >= 0, let shape = sizes(arguments[2]),
            let strides = sizes(arguments[3]), strides.count == shape.count
        else {
            throw Self.wrongArguments(of: global, "a storage, an offset, a size and as many strides, all 0 or more,")
        }
        var type = storage.type
        if global == .rebuildTensorV3 {
            guard case .global(.dtype(let dtype)) = arguments[6] else {
                throw Self.wrongArguments(of: global, "those with a type at the seventh place")
            }
            type = dtype
        }
        guard let type else { throw Self.wrongArguments(of: global, "those with a storage of elements, not of bytes,") }
        try push(
            .tensor(PickledTensor(storage: storage, type: type, offset: offset, shape: shape, strides: strides)))
    }

    private mutating func pushParameter(
        _ global: PickleGlobal, _ arguments: [PickleValue], counts: ClosedRange<Int>
    ) throws(PickleProblem) {
        guard counts.contains(arguments.count), case .tensor = node(arguments[0]) else {
            throw Self.wrongArguments(of: global, "a tensor and what tells of its gradient")
        }
        try push(arguments[0])
    }

    private func sizes(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let items) = node(value), items.count <= CheckpointTensor.mostDimensions else { return nil }
        let sizes = items.compactMap { if case .integer(let size) = $0, size >= 0 { size } else { nil } }
        return sizes.count == items.count ? sizes : nil
    }

    private static func wrongArguments(of global: PickleGlobal, _ expected: String) -> PickleProblem {
        .wrongArguments(of: global.name, expected: expected)
    }
}
