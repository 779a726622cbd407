import TestSupport
import Testing

@testable import Checkpoints

/// Pickles, opcode by opcode: what they describe, and that nothing but tensors is taken.
@Suite struct PickleTests {
    typealias Builder = PickleBuilder

    private func problem(_ pickle: [UInt8]) -> PickleProblem? {
        do throws(CheckpointError) {
            _ = try PickleMachine.contents(of: pickle)
            return nil
        } catch {
            guard case .pickle(let problem, _) = error.reason else { return nil }
            return problem
        }
    }

    private func root(_ opcodes: [UInt8]) throws -> PickleValue {
        try PickleMachine.contents(of: Builder.pickle(opcodes)).root
    }

    @Test func plainValuesOfEveryProtocol() throws {
        #expect(try root([0x4E]) == .none)
        #expect(try root([0x88]) == .bool(true))
        #expect(try root([0x4B, 200]) == .integer(200))
        #expect(try root([0x4D, 0, 0x80]) == .integer(32768))
        #expect(try root([0x4A, 0xFF, 0xFF, 0xFF, 0xFF]) == .integer(-1))
        #expect(try root([0x8A, 0]) == .integer(0))
        #expect(try root([0x8A, 1, 0x80]) == .integer(-128))
        #expect(try root([0x8A, 2, 0x80, 0]) == .integer(128))
        #expect(try root([0x8A, 9] + [UInt8](repeating: 1, count: 9)) == .other)
        #expect(try root([0x8B, 1, 0, 0, 0, 5]) == .integer(5))
        #expect(try root(Array("I-12\n".utf8)) == .integer(-12))
        #expect(try root(Array("I01\n".utf8)) == .bool(true))
        #expect(try root(Array("L5L\n".utf8)) == .integer(5))
        #expect(try root(Array("L99999999999999999999L\n".utf8)) == .other)
        #expect(try root(Array("F1.5\n".utf8)) == .other)
        #expect(try root([0x47] + [UInt8](repeating: 0, count: 8)) == .other)
        #expect(try root([0x43, 2, 0xFF, 0xFE]) == .other)
        #expect(try root([0x8F, 0x28, 0x4E, 0x90]) == .other)
        #expect(try root([0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x4E]) == .none)
        #expect(try root([0x4E, 0x4E, 0x30]) == .none)
        #expect(try root([0x4E, 0x28, 0x4E, 0x31]) == .none)
        #expect(try root([0x4E, 0x94, 0x30, 0x68, 0]) == .none)
        #expect(try root([0x4E] + Array("p7\n0g7\n".utf8)) == .none)
        for opcodes in [Array("S'ab'\n".utf8), Array("Vab\n".utf8), [0x55, 2, 0x61, 0x62], [0x8C, 2, 0x61, 0x62]] {
            let contents = try PickleMachine.contents(of: Builder.pickle(opcodes))
            #expect(contents.text(contents.root) == "ab")
        }
    }

    @Test func damagedOnesAreNamed() {
        #expect(problem([]) == .noStop)
        #expect(problem([0x4E]) == .noStop)
        #expect(problem([0x2E]) == .emptyStack)
        #expect(problem([0x4E, 0x2E, 0]) == .bytesAfterStop(1))
        #expect(problem([0x4E, 0x4E, 0x2E]) == .wrongOperand(expected: "one value at the end"))
        #expect(problem([0x80, 9]) == .protocolNumber(9))
        #expect(problem([0xFF]) == .unknownOpcode(0xFF))
        #expect(problem([0x69]) == .refusedOpcode("INST"))
        #expect(problem([0x82, 1]) == .refusedOpcode("EXT1"))
        #expect(problem([0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x61]) == .cutShort(needed: 0xFFFF_FFFF, left: 1))
        #expect(problem([0x8D] + [UInt8](repeating: 0xFF, count: 8)) == .cutShort(needed: .max, left: 0))
        #expect(problem([0x54, 0xFF, 0xFF, 0xFF, 0xFF]) == .wrongOperand(expected: "a length of 0 or more"))
        #expect(problem([0x8B, 0xFF, 0xFF, 0xFF, 0xFF]) == .wrongOperand(expected: "a length of 0 or more"))
        #expect(problem([0x8C, 1, 0xFF]) == .notUTF8)
        #expect(problem([0x63, 0x61]) == .unendedLine)
        #expect(problem(Array("Ix\n".utf8)) == .notANumber("x"))
        #expect(problem(Array("F1.x\n".utf8)) == .notANumber("1.x"))
        #expect(problem(Array("g-1\n".utf8)) == .notANumber("-1"))
        #expect(problem(Array("S'a\n".utf8)) == .wrongOperand(expected: "a text in quotation marks"))
        #expect(problem(Array("V\\u0061\n".utf8)) == .escapedText)
        #expect(problem([0x68, 0]) == .unsetMemo(0))
        #expect(problem([0x6A, 0xFF, 0xFF, 0xFF, 0xFF]) == .unsetMemo(0xFFFF_FFFF))
        #expect(problem([0x71, 0]) == .emptyStack)
        #expect(problem([0x74]) == .noMark)
        #expect(problem([0x4E, 0x28, 0x85]) == .emptyStack)
        #expect(problem([0x86]) == .emptyStack)
        #expect(problem([0x4E, 0x4E, 0x61]) == .wrongOperand(expected: "a list"))
        #expect(problem([0x7D, 0x28, 0x4E, 0x75]) == .wrongOperand(expected: "a value for each key"))
        #expect(problem([0x5D, 0x28, 0x4E, 0x4E, 0x75]) == .wrongOperand(expected: "a dictionary"))
        #expect(problem([0x95, 9, 0, 0, 0, 0, 0, 0, 0]) == .cutShort(needed: 9, left: 0))
    }

    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "getattr"),
        ("subprocess", "Popen"), ("torch.storage", "_load_from_bytes"), ("torch", "load"),
        ("collections", "defaultdict"),
    ])
    func foreignNamesAreRefused(module: String, name: String) {
        let call = Builder.text("echo") + [0x85] + Builder.reduce
        let expected = PickleProblem.foreignName("\(module).\(name)")
        #expect(problem(Builder.pickle(Builder.global(module, name) + call)) == expected)
        let names = Builder.text(module) + Builder.text(name) + Builder.stackGlobal
        #expect(problem(Builder.pickle(names + call)) == expected)
        // As a value that nothing calls, too.
        #expect(problem(Builder.pickle(Builder.emptyDict + names)) == expected)
        #expect("\(expected)" == "it names \(module).\(name); a checkpoint holds tensors alone")
    }

    @Test func onlyKnownCallsAreDescribed() {
        func call(_ global: [UInt8], _ arguments: [UInt8], _ opcode: [UInt8] = Builder.reduce) -> PickleProblem? {
            problem(Builder.pickle(global, arguments, opcode))
        }
        let orderedDict = Builder.global("collections", "OrderedDict")
        #expect(call(orderedDict, Builder.emptyTuple) == nil)
        #expect(call(orderedDict, Builder.emptyTuple, Builder.newObject) == nil)
        #expect(
            call(orderedDict, Builder.integers([1]))
                == .wrongArguments(of: "collections.OrderedDict", expected: "none"))
        #expect(call(orderedDict, Builder.none) == .wrongOperand(expected: "a tuple of arguments"))
        #expect(
            call(Builder.text("os.system"), Builder.emptyTuple)
                == .wrongOperand(expected: "a name that can be called"))
        #expect(
            call(Builder.global("torch", "FloatStorage"), Builder.emptyTuple) == .notCallable("torch.FloatStorage"))
        #expect(call(Builder.global("torch", "float32"), Builder.emptyTuple) == .notCallable("torch.float32"))
        for name in ["_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter"] {
            for arguments in [
                Builder.emptyTuple, Builder.integers([1, 2, 3]), Builder.integers([1, 2, 3, 4, 5, 6, 7]),
            ] {
                guard
                    case .wrongArguments(of: "torch._utils.\(name)", _) = call(
                        Builder.global("torch._utils", name), arguments)
                else {
                    Issue.record("\(name) took \(arguments)")
                    continue
                }
            }
        }
        #expect(
            problem(Builder.pickle(Builder.orderedDict, Builder.none, Builder.build))
                == .wrongOperand(expected: "an ordered dictionary and a dictionary of its attributes"))
        #expect(problem(Builder.pickle(Builder.orderedDict, Builder.emptyDict, Builder.build)) == nil)
        guard case .wrongOperand = problem(Builder.pickle(Builder.text("0"), Builder.persistentID)) else {
            Issue.record("a storage was made of a text")
            return
        }
    }

    @Test func parametersAreTheirTensors() throws {
        let tensor = Builder.tensor(count: 6, offset: 1, shape: [2, 2], strides: [2, 1])
        let parameter =
            Builder.global("torch._utils", "_rebuild_parameter") + Builder.mark + tensor + Builder.falseValue
            + Builder.orderedDict + Builder.tuple + Builder.reduce
        let contents = try PickleMachine.contents(of: Builder.pickle(Builder.dictionary([("w", parameter)])))
        let described = try #require(contents.dictionary(contents.root).flatMap { contents.tensor($0[0].value) })
        #expect(described.storage == PickledStorage(type: .float32, key: "0", count: 6))
        #expect(described.offset == 1)
        #expect(described.shape == [2, 2])
        #expect(described.strides == [2, 1])
    }

    // MARK: Limits

    @Test func endlessOpcodesAreRefused() {
        let endless = (0..<PickleMachine.mostOpcodes / 2).flatMap { _ in [0x4E, 0x30] as [UInt8] }
        #expect(problem(endless + [0x4E, 0x2E]) == .tooMany("opcodes", limit: PickleMachine.mostOpcodes))
        let many = [UInt8](repeating: 0x4E, count: PickleMachine.mostValues + 1)
        #expect(problem(many) == .tooMany("values on its stack", limit: PickleMachine.mostValues))
        let marks = [UInt8](repeating: 0x28, count: PickleMachine.mostValues + 1)
        #expect(problem(marks) == .tooMany("marks on its stack", limit: PickleMachine.mostValues))
        let lists = (0...PickleMachine.mostValues).flatMap { _ in [0x5D, 0x30] as [UInt8] }
        #expect(problem(lists) == .tooMany("values", limit: PickleMachine.mostValues))
        let memo = [0x4E] + [UInt8](repeating: 0x94, count: PickleMachine.mostValues + 1)
        #expect(problem(memo) == .tooMany("values in its memo", limit: PickleMachine.mostValues))
    }

    /// A billion laughs: each tuple holds the one before it twice. And a tuple in a tuple, a million deep.
    @Test func nestedTuplesTakeNoMoreThanTheirOpcodes() throws {
        var laughs = Builder.emptyTuple + Builder.put(0)
        for index in 0..<200 {
            laughs += Builder.get(UInt8(index)) + [0x86] + Builder.put(UInt8(index + 1))
        }
        guard case .node = try root(laughs) else {
            Issue.record("the value is no tuple")
            return
        }
        let deep = Builder.emptyTuple + [UInt8](repeating: 0x85, count: 1_000_000)
        #expect(try root(deep) == .node(1_000_000))
        let longest = [UInt8](repeating: 0x4E, count: PickleMachine.longestPickle + 1)
        #expect {
            try PickleMachine.contents(of: longest)
        } throws: {
            ($0 as? CheckpointError)?.reason
                == .tooLarge(bytes: longest.count, limit: PickleMachine.longestPickle)
        }
    }

    /// One item at a time, a list or a dictionary grows without being copied.
    @Test func longListsAreLinear() throws {
        let items = (0..<400_000).flatMap { _ in [0x4E, 0x61] as [UInt8] }
        #expect(try root(Builder.emptyList + items) == .node(0))
        let pairs = (0..<400_000).flatMap { _ in [0x4E, 0x4E, 0x73] as [UInt8] }
        #expect(try root(Builder.emptyDict + pairs) == .node(0))
    }
}
