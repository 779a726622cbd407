/// Runs a pickle's opcodes on inert values, to learn what the pickle describes.
///
/// A pickle is a program: Python, which runs it, calls whatever it names. This machine has no way to call anything. Names
/// come from a fixed list, "calls" of the few known ones make a description of a tensor or an empty dictionary, and
/// everything else is refused.
///
/// What it takes of memory and time is bounded by the limits below, and proportional to the pickle's length.
struct PickleMachine {
    /// In bytes. A tensor takes about 150.
    static let longestPickle = 64 << 20
    static let mostOpcodes = 1 << 22
    static let mostValues = 1 << 20

    var reader: PickleReader
    private var stack: [PickleValue] = []
    /// How many values there were at each mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private(set) var nodes: [PickleNode] = []

    private init(_ pickle: [UInt8]) { reader = PickleReader(pickle) }

    static func contents(of pickle: [UInt8]) throws(CheckpointError) -> PickleContents {
        guard pickle.count <= longestPickle else {
            throw CheckpointError(.tooLarge(bytes: pickle.count, limit: longestPickle))
        }
        var machine = PickleMachine(pickle)
        var place = 0
        do throws(PickleProblem) {
            let root = try machine.run(&place)
            return PickleContents(root: root, nodes: machine.nodes, pickle: pickle)
        } catch {
            throw CheckpointError(.pickle(error, byte: place))
        }
    }

    /// The value that the pickle ends with. `place` is where the opcode begins that is being run.
    private mutating func run(_ place: inout Int) throws(PickleProblem) -> PickleValue {
        for _ in 0..<Self.mostOpcodes {
            place = reader.position
            let byte = try reader.byte()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw PickleOpcode.refused[byte].map { .refusedOpcode($0) } ?? .unknownOpcode(byte)
            }
            if opcode == .stop {
                let root = try pop()
                guard stack.isEmpty, marks.isEmpty else { throw .wrongOperand(expected: "one value at the end") }
                guard reader.left == 0 else { throw .bytesAfterStop(reader.left) }
                return root
            }
            try execute(opcode)
        }
        throw .tooMany("opcodes", limit: Self.mostOpcodes)
    }

    // MARK: Stack

    mutating func push(_ value: PickleValue) throws(PickleProblem) {
        guard stack.count < Self.mostValues else { throw .tooMany("values on its stack", limit: Self.mostValues) }
        stack.append(value)
    }

    /// The last value, as long as it lies above the last mark.
    mutating func pop() throws(PickleProblem) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw .emptyStack }
        return value
    }

    /// The last value, which stays.
    func top() throws(PickleProblem) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw .emptyStack }
        return value
    }

    mutating func pushMark() throws(PickleProblem) {
        guard marks.count < Self.mostValues else { throw .tooMany("marks on its stack", limit: Self.mostValues) }
        marks.append(stack.count)
    }

    /// The values since the last mark, which goes too.
    mutating func popToMark() throws(PickleProblem) -> [PickleValue] {
        guard let start = marks.popLast() else { throw .noMark }
        defer { stack.removeSubrange(start...) }
        return Array(stack[start...])
    }

    /// Removes the last value or, if nothing is above it, the last mark.
    mutating func dropTop() throws(PickleProblem) {
        if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    }

    // MARK: Memo

    mutating func remember(at index: Int?) throws(PickleProblem) {
        guard memo.count < Self.mostValues else { throw .tooMany("values in its memo", limit: Self.mostValues) }
        memo[index ?? memo.count] = try top()
    }

    mutating func recall(_ index: Int) throws(PickleProblem) {
        guard let value = memo[index] else { throw .unsetMemo(index) }
        try push(value)
    }

    // MARK: Nodes

    mutating func push(_ node: PickleNode) throws(PickleProblem) {
        guard nodes.count < Self.mostValues else { throw .tooMany("values", limit: Self.mostValues) }
        nodes.append(node)
        try push(.node(nodes.count - 1))
    }

    func node(_ value: PickleValue) -> PickleNode? {
        guard case .node(let index) = value else { return nil }
        return nodes[index]
    }

    /// Appends to the list that is the last value.
    mutating func append(_ values: [PickleValue]) throws(PickleProblem) {
        guard case .node(let index) = try top(), case .list(var items) = nodes[index] else {
            throw .wrongOperand(expected: "a list")
        }
        // With one owner, the items need not be copied.
        nodes[index] = .list([])
        items += values
        nodes[index] = .list(items)
    }

    /// Sets keys and values, one after the other, in the dictionary that is the last value.
    mutating func setItems(_ values: [PickleValue]) throws(PickleProblem) {
        guard case .node(let index) = try top(), case .dictionary(var items) = nodes[index] else {
            throw .wrongOperand(expected: "a dictionary")
        }
        nodes[index] = .dictionary([])
        items += try Self.items(values)
        nodes[index] = .dictionary(items)
    }

    static func items(_ values: [PickleValue]) throws(PickleProblem) -> [PickleNode.Item] {
        guard values.count.isMultiple(of: 2) else { throw .wrongOperand(expected: "a value for each key") }
        return stride(from: 0, to: values.count, by: 2).map {
            PickleNode.Item(key: values[$0], value: values[$0 + 1])
        }
    }
}
