/// Writes pickles opcode by opcode.
struct PickleBuilder {
    private(set) var bytes: [UInt8] = [0x80, 2]

    static func + (builder: PickleBuilder, more: [UInt8]) -> PickleBuilder {
        var builder = builder
        builder.bytes += more
        return builder
    }

    /// A whole pickle of these opcodes.
    static func pickle(_ opcodes: [UInt8]...) -> [UInt8] { [0x80, 2] + opcodes.joined() + stop }

    static let stop: [UInt8] = [0x2E]
    static let mark: [UInt8] = [0x28]
    static let tuple: [UInt8] = [0x74]
    static let emptyTuple: [UInt8] = [0x29]
    static let emptyDict: [UInt8] = [0x7D]
    static let emptyList: [UInt8] = [0x5D]
    static let setItems: [UInt8] = [0x75]
    static let reduce: [UInt8] = [0x52]
    static let build: [UInt8] = [0x62]
    static let newObject: [UInt8] = [0x81]
    static let none: [UInt8] = [0x4E]
    static let falseValue: [UInt8] = [0x89]
    static let persistentID: [UInt8] = [0x51]
    static let stackGlobal: [UInt8] = [0x93]

    static func text(_ text: String) -> [UInt8] { [0x58] + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8) }

    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }

    /// As LONG1 of eight bytes.
    static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + littleEndian(UInt64(bitPattern: Int64(value))) }

    static func integers(_ values: [Int]) -> [UInt8] { mark + values.flatMap(integer) + tuple }

    static func put(_ index: UInt8) -> [UInt8] { [0x71, index] }
    static func get(_ index: UInt8) -> [UInt8] { [0x68, index] }

    static let orderedDict = global("collections", "OrderedDict") + emptyTuple + reduce

    static func storage(_ type: String, key: String, count: Int) -> [UInt8] {
        mark + text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count) + tuple + persistentID
    }

    /// A tensor as torch describes it.
    static func tensor(
        _ type: String = "FloatStorage", key: String = "0", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
    ) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + mark + storage(type, key: key, count: count) + integer(offset)
            + integers(shape) + integers(strides) + falseValue + orderedDict + tuple + reduce
    }

    /// A dictionary of these items.
    static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
        emptyDict + mark + items.flatMap { text($0.0) + $0.1 } + setItems
    }
}

func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

extension [Float] {
    var littleEndianBytes: [UInt8] { flatMap { littleEndian($0.bitPattern) } }
}
