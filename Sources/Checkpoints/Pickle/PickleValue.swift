/// A value of a pickle: what it describes, inert.
enum PickleValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case integer(Int)
    case text(PickleText)
    case global(PickleGlobal)
    /// A float, a large integer, bytes or a set: no checkpoint gives them a meaning here.
    case other
    /// The number of a node.
    case node(Int)
}

/// The place of a text, which is UTF-8, in a pickle.
struct PickleText: Sendable, Hashable {
    private let start: UInt32
    private let count: UInt32

    /// A range of a pickle, which is at most ``PickleMachine/longestPickle`` long.
    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
    }

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// A value of a pickle that holds others, or that was made of them.
///
/// Nodes hold each other by number, so however deep they are nested, nothing that reads or frees them needs a deep stack.
enum PickleNode: Sendable {
    case list([PickleValue])
    case tuple([PickleValue])
    /// In the order in which the items were set, a key perhaps several times.
    case dictionary([Item])
    indirect case storage(PickledStorage)
    indirect case tensor(PickledTensor)

    struct Item: Sendable {
        let key: PickleValue
        let value: PickleValue
    }
}

/// A storage, whose elements are in an archive's entry of their own.
struct PickledStorage: Sendable, Equatable {
    /// Nil for one of bytes.
    let type: TorchType?
    /// The name of the entry in the folder `data`.
    let key: String
    /// In elements.
    let count: Int
}

/// Elements of a storage.
struct PickledTensor: Sendable {
    let storage: PickledStorage
    let type: TorchType
    /// That of the first element, in elements.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

/// What a pickle describes.
struct PickleContents: Sendable {
    let root: PickleValue
    let nodes: [PickleNode]
    let pickle: [UInt8]

    /// Nil for another value, and for a text of more bytes.
    func text(_ value: PickleValue, atMost longest: Int = .max) -> String? {
        guard case .text(let place) = value, place.range.count <= longest else { return nil }
        return String(decoding: pickle[place.range], as: UTF8.self)
    }

    func dictionary(_ value: PickleValue) -> [PickleNode.Item]? {
        guard case .node(let index) = value, case .dictionary(let items) = nodes[index] else { return nil }
        return items
    }

    func tensor(_ value: PickleValue) -> PickledTensor? {
        guard case .node(let index) = value, case .tensor(let tensor) = nodes[index] else { return nil }
        return tensor
    }
}
