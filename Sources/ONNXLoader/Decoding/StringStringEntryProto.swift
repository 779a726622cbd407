/// `StringStringEntryProto`.
struct StringStringEntry {
    var key = ""
    var value = ""

    init(decoding reader: WireReader) throws(ONNXError) {
        var reader = reader
        try reader.charge(MemoryCost.entry)
        while let number = try reader.next() {
            switch number {
            case 1: key = try reader.name("key")
            case 2: value = try reader.text("value")
            default: try reader.skip()
            }
        }
    }
}
