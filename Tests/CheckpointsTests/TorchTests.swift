import Files
import TestSupport
import Testing

@testable import Checkpoints

/// What torch.save writes: archives, and the tensors that their pickles describe.
@Suite struct TorchTests {
    typealias Builder = PickleBuilder

    private static let floats: [Float] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    private static let dense = Builder.tensor(count: 12, shape: [3, 4], strides: [4, 1])

    private func archive(
        _ items: [(String, [UInt8])], storages: [[UInt8]] = [floats.littleEndianBytes],
        others: [(String, String)] = [("byteorder", "little"), ("version", "3\n")]
    ) -> [UInt8] {
        ZipBuilder.torch(Builder.pickle(Builder.dictionary(items)), storages: storages, others: others).bytes
    }

    private func weights(_ bytes: [UInt8]) throws -> CheckpointWeights {
        let folder = try TemporaryFolder()
        return try CheckpointWeights(at: folder.write(bytes, to: "pytorch_model.bin"))
    }

    private func reason(_ bytes: [UInt8]) throws -> CheckpointError.Reason? {
        try refusal(bytes, "pytorch_model.bin")?.reason
    }

    // MARK: Tensors

    @Test func tensorsMayLieInAnyOrder() throws {
        let weights = try weights(
            archive([
                ("dense", Self.dense),
                ("transposed", Builder.tensor(count: 12, shape: [4, 3], strides: [1, 4])),
                ("part", Builder.tensor(count: 12, offset: 5, shape: [2, 2], strides: [4, 1])),
                ("row", Builder.tensor(count: 12, offset: 8, shape: [4], strides: [1])),
                ("scalar", Builder.tensor(count: 12, offset: 7, shape: [], strides: [])),
                ("empty", Builder.tensor(count: 12, offset: 12, shape: [0, 4], strides: [4, 1])),
                ("ones", Builder.tensor(count: 12, offset: 2, shape: [1, 2, 1], strides: [Int.max, 3, Int.max])),
                ("same", Builder.tensor(count: 12, shape: [2, 3], strides: [0, 1])),
            ]))
        func floats(_ name: String) throws -> [Float]? { try weights[name]?.floats() }
        #expect(weights.form == .torch)
        #expect(try floats("dense") == Self.floats)
        #expect(try floats("transposed") == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(try floats("part") == [5, 6, 9, 10])
        #expect(try floats("row") == [8, 9, 10, 11])
        #expect(try floats("scalar") == [7])
        #expect(try floats("empty") == [])
        #expect(try floats("ones") == [2, 5])
        #expect(try floats("same") == [0, 1, 2, 0, 1, 2])
        let transposed = try #require(weights["transposed"])
        for start in 0...12 {
            for end in start...12 {
                #expect(try transposed.floats(in: start..<end) == Array(transposed.floats()[start..<end]))
            }
        }
        transposed.releasePages()
    }

    @Test func halvesAndOtherTypes() throws {
        let weights = try weights(
            archive(
                [
                    ("half", Builder.tensor("HalfStorage", count: 2, shape: [2, 1], strides: [1, 2])),
                    ("brain", Builder.tensor("BFloat16Storage", key: "1", count: 2, shape: [2], strides: [1])),
                    ("steps", Builder.tensor("LongStorage", key: "2", count: 1, shape: [], strides: [])),
                ],
                storages: [
                    [0, 0x3C, 1, 0], [0x80, 0x3F, 0x80, 0xFF], [UInt8](repeating: 0, count: 8),
                ]))
        #expect(try weights["half"]?.floats() == [1, 0x1p-24])
        #expect(try weights["brain"]?.floats() == [1, -.infinity])
        let steps = try #require(weights["steps"])
        #expect(throws: CheckpointError.self) { try steps.floats() }
    }

    @Test func aStateDictMayBeOneOfItsValues() throws {
        let inner = Builder.dictionary([("w", Self.dense)])
        for key in ["state_dict", "model"] {
            let weights = try weights(archive([("epoch", Builder.integer(3)), (key, inner)]))
            #expect(weights.tensors.map(\.name) == ["w"])
        }
        #expect(try reason(archive([("state_dict", inner), ("model", inner)])) == .torch(.noStateDict))
        #expect(try reason(archive([("net", inner)])) == .torch(.noStateDict))
        #expect(try reason(archive([])) == .torch(.noStateDict))
        #expect(try reason(ZipBuilder.torch(Builder.pickle(Self.dense)).bytes) == .torch(.noStateDict))
    }

    @Test func stateDictsHoldTensorsAlone() throws {
        #expect(try reason(archive([("w", Self.dense), ("v", Builder.integer(1))])) == .torch(.notATensor))
        #expect(try reason(archive([("w", Self.dense), ("w", Self.dense)])) == .duplicateTensor)
        let numbered = Builder.emptyDict + Builder.mark + Builder.integer(1) + Self.dense + Builder.setItems
        #expect(try reason(ZipBuilder.torch(Builder.pickle(numbered)).bytes) == .torch(.keyIsNoText))
        let long = String(repeating: "w", count: 2000)
        #expect(try reason(archive([(long, Self.dense)])) == .nameTooLong(bytes: 2000, limit: 1024))
    }

    @Test(arguments: [
        ([13], [1], 0), ([3, 4], [4, 2], 0), ([1], [1], 12), ([1], [1], Int.max), ([2], [Int.max], 0),
        ([2, 2, 2], [Int.max, Int.max, Int.max], 0), ([12], [1], 1), ([0], [1], 13), ([3, 5], [0, 0], 0),
        ([1 << 32, 1 << 32], [0, 0], 0), ([1 << 40], [0], 0),
    ])
    func tensorsBeyondTheirStorageAreRefused(shape: [Int], strides: [Int], offset: Int) throws {
        let tensor = Builder.tensor(count: 12, offset: offset, shape: shape, strides: strides)
        let error = try #require(try refusal(archive([("w", tensor)]), "pytorch_model.bin"))
        switch error.reason {
        case .torch(.beyondStorage), .torch(.expanded), .shapeOverflow: break
        default: Issue.record("\(error)")
        }
        #expect(error.part == "tensor 'w'")
    }

    @Test func sizesAreNotNegative() throws {
        for (shape, strides, offset) in [([-1], [1], 0), ([1], [-1], 0), ([1], [1], -1), ([1, 1], [1], 0)] {
            let tensor = Builder.tensor(count: 12, offset: offset, shape: shape, strides: strides)
            guard
                case .pickle(.wrongArguments(of: "torch._utils._rebuild_tensor_v2", _), _) = try reason(
                    archive([("w", tensor)]))
            else {
                Issue.record("\(shape) \(strides) \(offset)")
                continue
            }
        }
        guard
            case .pickle(.wrongOperand, _) = try reason(
                archive([("w", Builder.tensor(count: -1, shape: [1], strides: [1]))]))
        else {
            Issue.record("a storage of -1 elements was taken")
            return
        }
    }

    @Test func storagesAreAsLongAsDeclared() throws {
        func reason(key: String = "0", count: Int) throws -> CheckpointError.Reason? {
            try self.reason(archive([("w", Builder.tensor(key: key, count: count, shape: [1], strides: [1]))]))
        }
        #expect(try reason(key: "7", count: 12) == .torch(.noStorage(key: "7")))
        #expect(try reason(key: "../0", count: 12) == .torch(.noStorage(key: "../0")))
        #expect(try reason(count: 11) == .torch(.storageSize(key: "0", expected: 44, found: 48)))
        #expect(try reason(count: .max) == .torch(.storageSize(key: "0", expected: .max, found: 48)))
    }

    @Test func fewTensorsMayShareElements() throws {
        let storage = [UInt8](repeating: 0, count: 1 << 16)
        let tensor = Builder.tensor(count: 1 << 14, shape: [1 << 14], strides: [1])
        func reason(copies: Int) throws -> CheckpointError.Reason? {
            try self.reason(archive((0..<copies).map { ("w\($0)", tensor) }, storages: [storage]))
        }
        #expect(try reason(copies: 4) == nil)
        #expect(try reason(copies: 10) == .torch(.overused(most: 4)))
    }

    // MARK: What describes the format

    @Test func formatsAreChecked() throws {
        let items = [("w", Self.dense)]
        #expect(try reason(archive(items, others: [])) == nil)
        #expect(try reason(archive(items, others: [("byteorder", "big")])) == .torch(.byteOrder("big")))
        #expect(try reason(archive(items, others: [("version", "11")])) == .torch(.version("11")))
        #expect(try reason(archive(items, others: [("version", "x")])) == .torch(.version("x")))
        #expect(try reason(archive(items, others: [("code/__torch__.py", "")])) == .torch(.script))
        let archive = ZipBuilder(entries: [.init(name: "data.pkl", data: []), .init(name: "a/b/data.pkl", data: [])])
        #expect(try reason(archive.bytes) == .torch(.pickles(0)))
        let two = ZipBuilder(entries: ["a", "b"].map { .init(name: "\($0)/data.pkl", data: []) })
        #expect(try reason(two.bytes) == .torch(.pickles(2)))
    }

    @Test func foreignNamesAreRefusedInOneLine() throws {
        let pickle = Builder.pickle(Builder.global("os", "system"), Builder.text("true"), [0x85], Builder.reduce)
        let error = try #require(try refusal(ZipBuilder.torch(pickle).bytes, "pytorch_model.bin"))
        #expect(
            "\(error)".hasSuffix(
                "pytorch_model.bin: entry 'archive/data.pkl': byte 2: it names os.system; a checkpoint holds tensors alone"
            ))
    }

    /// Every cut of a pickle, in an archive that is whole.
    @Test func everyTruncatedPickleIsRefused() {
        let pickle = Builder.pickle(Builder.dictionary([("dense", Self.dense)]))
        for count in 0..<pickle.count {
            #expect(throws: CheckpointError.self) { try PickleMachine.contents(of: Array(pickle.prefix(count))) }
        }
        for index in pickle.indices {
            for value in UInt8.min...UInt8.max {
                var damaged = pickle
                damaged[index] = value
                _ = try? PickleMachine.contents(of: damaged)
            }
        }
    }
}
