extension ProtobufTree {
    /// One to three changes to a message that keep it one; nil if the bytes aren't a message.
    static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]? {
        guard var tree = ProtobufTree(bytes) else { return nil }
        // Most files that are refused show no more than the first thing that is wrong.
        let count = Int.random(in: 0..<4, using: &random) > 0 ? 1 : Int.random(in: 2...4, using: &random)
        for _ in 0..<count { tree.change(&random) }
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
        guard let place = place(&random) else { return }
        let other = otherPlace(like: place, &random)
        let copy = Self.field(at: other, in: fields)
        Self.edit(&fields, place[...]) { siblings, index in
            let isName = siblings[index].isText
            switch Int.random(in: 0..<16, using: &random) {
            case 0: siblings.remove(at: index)
            case 1: siblings.insert(siblings[index], at: index)
            case 2: siblings.swapAt(index, siblings.indices.randomElement(using: &random) ?? index)
            case 3: siblings.insert(copy, at: index)
            case 4: siblings[index].number = Int.random(in: 1...24, using: &random)
            case 5...7: siblings[index] = copy
            // Another name leads somewhere; a damaged one only to the same refusal.
            case 8...14 where isName && copy.number == siblings[index].number: siblings[index] = copy
            default: siblings[index].changeValue(&random)
            }
        }
    }

    /// The way to a field, each kind of field as likely as another on every level: a graph has hundreds of nodes and one
    /// input.
    private func place(_ random: inout SplitMix) -> [Int]? {
        var (place, level) = ([Int](), fields)
        // Nearly always in the graph, the one part of a model that is large.
        if Int.random(in: 0..<16, using: &random) > 0,
            let graph = level.indices.max(by: { (level[$0].children?.count ?? 0) < (level[$1].children?.count ?? 0) })
        {
            (place, level) = ([graph], level[graph].children ?? [])
        }
        while let number = Set(level.map(\.number)).sorted().randomElement(using: &random),
            let index = level.indices.filter({ level[$0].number == number }).randomElement(using: &random)
        {
            place.append(index)
            guard let children = level[index].children, place.count == 1 || Int.random(in: 0..<6, using: &random) > 0
            else {
                break
            }
            level = children
        }
        return place.isEmpty ? nil : place
    }

    /// The way to another field, of the same number and as deep if a few tries find one.
    private func otherPlace(like place: [Int], _ random: inout SplitMix) -> [Int] {
        let number = Self.field(at: place, in: fields).number
        var last = place
        for _ in 0..<16 {
            guard let other = self.place(&random) else { break }
            last = other
            if other.count == place.count, Self.field(at: other, in: fields).number == number { break }
        }
        return last
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
    /// Whether it looks like a name: short, and of letters.
    fileprivate var isText: Bool {
        wireType == 2 && children == nil && (1..<128).contains(bytes.count)
            && bytes.allSatisfy { (0x20..<0x7F).contains($0) }
    }

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
