// What each opcode does.

extension PickleMachine {
    mutating func execute(_ opcode: PickleOpcode) throws(PickleProblem) {
        switch opcode {
        case .proto:
            let number = Int(try reader.byte())
            guard (0...5).contains(number) else { throw .protocolNumber(number) }
        case .frame:
            let length = try reader.length(8)
            guard length <= reader.left else { throw .cutShort(needed: length, left: reader.left) }
        case .stop: break

        case .mark: try pushMark()
        case .pop: try dropTop()
        case .popMark: _ = try popToMark()
        case .dup: try push(try top())

        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .int, .long, .float: try pushNumber(ofLine: opcode)
        case .binInt: try push(.integer(try reader.signed4()))
        case .binInt1: try push(.integer(try reader.length(1)))
        case .binInt2: try push(.integer(try reader.length(2)))
        case .long1: try pushLong(try reader.length(1))
        case .long4: try pushLong(try reader.signed4())
        case .binFloat:
            _ = try reader.bytes(8)
            try push(.other)

        case .string: try push(.text(try reader.lineText(isQuoted: true)))
        case .unicode: try push(.text(try reader.lineText(isQuoted: false)))
        case .binString: try pushByteString(try reader.signed4())
        case .shortBinString: try pushByteString(try reader.length(1))
        case .binUnicode: try push(.text(try reader.text(try reader.length(4))))
        case .shortBinUnicode: try push(.text(try reader.text(try reader.length(1))))
        case .binUnicode8: try push(.text(try reader.text(try reader.length(8))))
        case .binBytes: try pushBytes(try reader.length(4))
        case .shortBinBytes: try pushBytes(try reader.length(1))
        case .binBytes8: try pushBytes(try reader.length(8))

        case .emptyTuple: try push(.tuple([]))
        case .tuple: try push(.tuple(try popToMark()))
        case .tuple1: try pushTuple(of: 1)
        case .tuple2: try pushTuple(of: 2)
        case .tuple3: try pushTuple(of: 3)
        case .emptyList: try push(.list([]))
        case .list: try push(.list(try popToMark()))
        case .append: try append([try pop()])
        case .appends: try append(try popToMark())
        case .emptyDict: try push(.dictionary([]))
        case .dict: try push(.dictionary(try Self.items(try popToMark())))
        case .setItem:
            let value = try pop()
            try setItems([try pop(), value])
        case .setItems: try setItems(try popToMark())
        case .emptySet: try push(.other)
        case .addItems:
            _ = try popToMark()
            guard try top() == .other else { throw .wrongOperand(expected: "a set") }
        case .frozenSet:
            _ = try popToMark()
            try push(.other)

        case .get: try recall(try memoIndex())
        case .binGet: try recall(try reader.length(1))
        case .longBinGet: try recall(try reader.length(4))
        case .put: try remember(at: try memoIndex())
        case .binPut: try remember(at: try reader.length(1))
        case .longBinPut: try remember(at: try reader.length(4))
        case .memoize: try remember(at: nil)

        case .global:
            let module = try reader.lineText()
            try pushGlobal(module, try reader.lineText())
        case .stackGlobal:
            let name = try pop()
            try pushGlobal(try globalPart(try pop()), try globalPart(name))
        case .reduce, .newObject:
            let arguments = try pop()
            try call(try pop(), arguments)
        case .build: try build(try pop())
        case .binPersistentID: try pushStorage(try pop())
        }
    }

    // MARK: Plain values

    private mutating func pushNumber(ofLine opcode: PickleOpcode) throws(PickleProblem) {
        var text = try reader.lineText()
        if opcode == .long, text.last == "L" { text.removeLast() }
        switch opcode {
        case .int where text == "00" || text == "01": try push(.bool(text == "01"))
        case .float where Double(text) != nil: try push(.other)
        case .int, .long:
            if let number = Int(text) { return try push(.integer(number)) }
            guard let digits = text.first.map({ "+-".contains($0) ? text.dropFirst() : text[...] }), !digits.isEmpty,
                digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { throw .notANumber(text) }
            try push(.other)
        default: throw .notANumber(text)
        }
    }

    private mutating func pushLong(_ width: Int) throws(PickleProblem) {
        guard width >= 0 else { throw .wrongOperand(expected: "a length of 0 or more") }
        try push(try reader.long(width).map { .integer($0) } ?? .other)
    }

    private mutating func pushByteString(_ count: Int) throws(PickleProblem) {
        guard count >= 0 else { throw .wrongOperand(expected: "a length of 0 or more") }
        try push(try reader.byteString(count).map { .text($0) } ?? .other)
    }

    private mutating func pushBytes(_ count: Int) throws(PickleProblem) {
        _ = try reader.bytes(count)
        try push(.other)
    }

    private mutating func pushTuple(of count: Int) throws(PickleProblem) {
        var items: [PickleValue] = []
        for _ in 0..<count { items.append(try pop()) }
        try push(.tuple(items.reversed()))
    }

    private mutating func memoIndex() throws(PickleProblem) -> Int {
        let text = try reader.lineText()
        guard let index = Int(text), index >= 0 else { throw .notANumber(text) }
        return index
    }

    private func globalPart(_ value: PickleValue) throws(PickleProblem) -> String {
        guard let text = text(value) else { throw .wrongOperand(expected: "a module and a name, which are texts") }
        return text
    }
}
