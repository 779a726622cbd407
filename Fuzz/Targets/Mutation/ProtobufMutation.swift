extension ProtobufTree {
    /// One to three changes to a message that keep it one; nil if the bytes aren't a message.
    static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]? {
        guard var tree = ProtobufTree(bytes) else { return nil }
        for _ in 0..<Int.random(in: 1...3, using: &random) { tree.change(&random) }
        return tree.encoded
    }

    /// Sizes at which arithmetic overflows, and others that files have.
    private static let telling: [UInt64] =
        [0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 31, 32, 64, 127, 128, 255, 1024, 4096, 65_535, 65_536]
        + [20, 31, 32, 40, 61, 62, 63].map { 1 << $0 } + [(1 << 31) - 1, (1 << 63) - 1]
        + (0..<5).map { .max - $0 } + [31, 62].map { UInt64(bitPattern: -(1 << $0)) }

    private static let tellingFloats: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1e38, -1e38, .leastNonzeroMagnitude, 1,
    ]

    private mutating func change(_ random: inout SplitMix) {
        let places = Self.places(in: fields)
        guard let place = places.randomElement(using: &random), let other = places.randomElement(using: &random)
        else { return }
        let copy = Self.field(at: other, in: fields)
        let names = places.lazy.map { [fields] in Self.field(at: $0, in: fields) }
        let name = names.first { $0.wireType == 2 && $0.children == nil && $0.bytes.count < 64 }.map(\.bytes)
        Self.edit(&fields, place[...]) { siblings, index in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: siblings.remove(at: index)
            case 1: siblings.insert(siblings[index], at: index)
            case 2: siblings.swapAt(index, siblings.indices.randomElement(using: &random) ?? index)
            case 3: siblings[index] = copy
            case 4: siblings.insert(copy, at: index)
            case 5: siblings[index].number = Int.random(in: 1...24, using: &random)
            case 6 where copy.wireType == 2 && copy.children == nil && copy.bytes.count < 64:
                siblings[index].bytes = copy.bytes
            case 7 where siblings[index].bytes.count < 64: siblings[index].bytes = name ?? []
            default: siblings[index].changeValue(&random)
            }
        }
    }

    private static func places(in fields: [Field], below path: [Int] = []) -> [[Int]] {
        fields.indices.flatMap { index in
            [path + [index]] + places(in: fields[index].children ?? [], below: path + [index])
        }
    }

    private static func field(at place: [Int], in fields: [Field]) -> Field {
        place.dropFirst().reduce(fields[place[0]]) { field, index in (field.children ?? [])[index] }
    }

    private static func edit(_ fields: inout [Field], _ place: ArraySlice<Int>, _ body: (inout [Field], Int) -> Void) {
        guard let first = place.first else { return }
        if place.count == 1 { return body(&fields, first) }
        var children = fields[first].children ?? []
        edit(&children, place.dropFirst(), body)
        fields[first].children = children
    }
}

extension ProtobufTree.Field {
    fileprivate mutating func changeValue(_ random: inout SplitMix) {
        if wireType == 0 {
            let step = UInt64(bitPattern: Int64.random(in: -2...2, using: &random))
            value = Bool.random(using: &random) ? ProtobufTree.anyTelling(&random) : value &+ step
        } else if let place = bytes.indices.randomElement(using: &random) {
            let choice = Int.random(in: 0..<4, using: &random)
            if choice == 0, bytes.count % 8 == 0 {
                write(ProtobufTree.anyTelling(&random), of: 8, at: place / 8 * 8)
            } else if choice <= 1, bytes.count % 4 == 0 {
                write(UInt64(ProtobufTree.anyFloat(&random).bitPattern), of: 4, at: place / 4 * 4)
            } else if choice <= 2 {
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            } else if wireType == 2 {
                bytes.removeSubrange(place...)
            }
        }
    }

    private mutating func write(_ number: UInt64, of count: Int, at start: Int) {
        for index in 0..<count { bytes[start + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
    }
}

extension ProtobufTree {
    fileprivate static func anyTelling(_ random: inout SplitMix) -> UInt64 {
        telling.randomElement(using: &random) ?? 0
    }
    fileprivate static func anyFloat(_ random: inout SplitMix) -> Float {
        tellingFloats.randomElement(using: &random) ?? 0
    }
}
