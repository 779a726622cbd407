import Files
import TestSupport
import Testing

@testable import Checkpoints

/// Safetensors files, whole and damaged.
@Suite struct SafetensorsTests {
    private func reason(_ header: String, dataSize: Int = 0) throws -> CheckpointError.Reason? {
        try refusal(safetensors(header, data: [UInt8](repeating: 0, count: dataSize)))?.reason
    }

    private func entry(_ offsets: String, shape: String = "[1]", type: String = "F32") -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    @Test func everyTypeIsKnownAndThreeGiveNumbers() throws {
        let header =
            #"{"__metadata__":{"format":"pt"},"a":\#(entry("[0,4]")),"b":\#(entry("[4,6]", type: "F16")),"#
            + #""c":\#(entry("[6,8]", type: "BF16")),"n":\#(entry("[8,16]", shape: "[]", type: "I64")),"#
            + #""none":\#(entry("[8,8]", shape: "[0,3]")),"f":\#(entry("[16,17]", shape: "[2]", type: "F4"))}  "#
        let data = [Float(1.5)].littleEndianBytes + littleEndian(Float16(-2).bitPattern) + [0x40, 0x40]
        let folder = try TemporaryFolder()
        try folder.write(safetensors(header, data: data + [UInt8](repeating: 0, count: 9)), to: "model.safetensors")
        let weights = try CheckpointWeights(at: folder.path)
        #expect(try weights["a"]?.floats() == [1.5])
        #expect(try weights["b"]?.floats() == [-2])
        #expect(try weights["c"]?.floats() == [3])
        #expect(try weights["none"]?.floats() == [])
        #expect(weights["n"]?.shape == [])
        #expect(weights.tensors.map(\.name) == ["a", "b", "c", "none", "n", "f"])
        let number = try #require(weights["n"])
        #expect {
            try number.floats()
        } throws: {
            "\($0)" == "\(folder.path)/model.safetensors: tensor 'n': its elements are I64; "
                + "float32, float16 and bfloat16 are read"
        }
    }

    /// Every float16 there is, at an odd offset too.
    @Test func float16WidensExactly() throws {
        let bits = (0...UInt16.max).map { $0 }
        let header =
            #"{"pad":\#(entry("[0,1]", type: "U8")),"all":\#(entry("[1,131073]", shape: "[65536]", type: "F16"))}"#
        let folder = try TemporaryFolder()
        try folder.write(safetensors(header, data: [0] + bits.flatMap { littleEndian($0) }), to: "model.safetensors")
        let floats = try #require(try CheckpointWeights(at: folder.path)["all"]).floats()
        for (bits, float) in zip(bits, floats) {
            let expected = Float(Float16(bitPattern: bits))
            #expect(expected.isNaN ? float.isNaN : float.bitPattern == expected.bitPattern, "\(bits)")
        }
    }

    @Test func headersOfWrongLengthAreRefused() throws {
        let header = Array("{}".utf8)
        func problem(_ bytes: [UInt8]) throws -> CheckpointError.Reason? { try refusal(bytes)?.reason }
        #expect(try problem([]) == .emptyFile)
        #expect(try problem([1, 0, 0]) == .safetensors(.noHeaderLength(fileSize: 3)))
        for length: UInt64 in [0, 1, 100_000_001, 1 << 63, .max] {
            #expect(
                try problem(safetensors(headerBytes: header, length: length))
                    == .safetensors(.headerLength(length, limit: 100_000_000)))
        }
        #expect(
            try problem(safetensors(headerBytes: header, length: 3))
                == .safetensors(.headerBeyondFile(length: 3, left: 2)))
        #expect(try problem(safetensors("[]")) == .safetensors(.notABrace(0x5B)))
        #expect(try problem(safetensors(" {}")) == .safetensors(.notABrace(0x20)))
        #expect(try problem(safetensors("{}")) == nil)
        #expect(try problem(safetensors("{}   ")) == nil)
    }

    @Test func headersThatAreNoJSONAreRefused() throws {
        #expect(try reason("{ ") == .json(.notJSON, byte: 2))
        #expect(try reason("{}}") == .json(.notJSON, byte: 2))
        #expect(try reason("{}\0") == .json(.notJSON, byte: 2))
        #expect(
            try reason(#"{"a":\#(entry("[0,4]")),"a":\#(entry("[0,4]"))}"#, dataSize: 4)
                == .json(.duplicateName("a"), byte: 54))
        #expect(
            try reason(#"{"a":{"dtype":"F32","dtype":"F32"}}"#) == .json(.duplicateName("dtype"), byte: 20))
        #expect(try reason(#"{"\u0061":1,"a":1}"#) == .json(.duplicateName("a"), byte: 12))
        #expect(
            try reason(#"{"a":"# + String(repeating: "[", count: 100_000)) == .json(.tooDeep(limit: 64), byte: 68))
        let many = "{\"a\":[" + String(repeating: "0,", count: 1 << 20) + "0]}"
        #expect(try reason(many) == .json(.tooManyValues(limit: 1 << 20), byte: 2_097_154))
        #expect(
            try refusal(safetensors(headerBytes: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]))?.reason
                == .json(.notUTF8, byte: 2))
        #expect(try reason(#"{"\ud800":1}"#) == .json(.halfPair, byte: 2))
    }

    @Test(arguments: [
        (#"1"#, "1 is not an object that describes a tensor"),
        (#"{"shape":[1],"data_offsets":[0,4]}"#, "is missing; dtype, the name of a type, is expected"),
        (#"{"dtype":5,"shape":[1],"data_offsets":[0,4]}"#, "dtype 5 is not the name of a type"),
        (
            #"{"dtype":"F31","shape":[1],"data_offsets":[0,4]}"#,
            "no dtype of safetensors is called 'F31'; F32, F16 and BF16 are read"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]}"#,
            "'strides' is not dtype, shape or data_offsets, which a tensor has"
        ),
        (
            #"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#,
            "shape with -1 is not a list of at most 32 whole numbers of 0 or more"
        ),
        (
            #"{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}"#,
            "shape with 1.0 is not a list of at most 32 whole numbers of 0 or more"
        ),
        (
            #"{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}"#,
            "shape with 9223372036854775808 is not a list of at most 32 whole numbers of 0 or more"
        ),
        (
            #"{"dtype":"F32","shape":[4611686018427387904,0],"data_offsets":[0,0]}"#,
            "the shape [4611686018427387904, 0] has more elements than can be counted"
        ),
        (#"{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#, "the shape [2] of F32 takes 8 bytes, but there are 4"),
        (#"{"dtype":"F16","shape":[1],"data_offsets":[0,4]}"#, "the shape [1] of F16 takes 2 bytes, but there are 4"),
        (#"{"dtype":"F4","shape":[3],"data_offsets":[0,2]}"#, "the shape [3] of F4 doesn't fill whole bytes"),
        (#"{"dtype":"F32","shape":[1],"data_offsets":[0]}"#, "data_offsets a list of 1 is not a list of two offsets"),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#,
            "data_offsets are [4, 0]; they are a begin and an end after it, within the 4 bytes of data"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#,
            "data_offsets are [4, 8]; they are a begin and an end after it, within the 4 bytes of data"
        ),
    ])
    func wrongEntriesAreNamed(entry: String, message: String) throws {
        let error = try #require(try refusal(safetensors(#"{"t":\#(entry)}"#, data: [0, 0, 0, 0])))
        #expect("\(error)".hasSuffix("/model.safetensors: tensor 't': \(message)"), "\(error)")
    }

    @Test func theDataIsCoveredOnce() throws {
        let a = #""a":\#(entry("[0,4]"))"#
        #expect(try reason("{\(a)}", dataSize: 8) == .safetensors(.unusedEnd(from: 4, size: 8)))
        #expect(try reason("{}", dataSize: 1) == .safetensors(.unusedEnd(from: 0, size: 1)))
        #expect(
            try reason(#"{\#(a),"b":\#(entry("[8,12]"))}"#, dataSize: 12) == .safetensors(.hole(from: 4, to: 8)))
        #expect(
            try reason(#"{\#(a),"b":\#(entry("[2,6]"))}"#, dataSize: 6)
                == .safetensors(.overlap(with: "a", at: 2)))
        #expect(
            try reason(#"{\#(a),"b":\#(entry("[0,4]"))}"#, dataSize: 4)
                == .safetensors(.overlap(with: "a", at: 0)))
        #expect(
            try reason(#"{\#(a),"b":\#(entry("[2,2]", shape: "[0]"))}"#, dataSize: 4)
                == .safetensors(.overlap(with: "a", at: 2)))
        #expect(try reason(#"{"b":\#(entry("[4,8]")),\#(a)}"#, dataSize: 8) == nil)
    }

    @Test func metadataAreTexts() throws {
        #expect(try reason(#"{"__metadata__":{"a":"b"}}"#) == nil)
        let error = try #require(try refusal(safetensors(#"{"__metadata__":{"a":1}}"#)))
        #expect("\(error)".hasSuffix("model.safetensors: __metadata__: 1 is not a text"))
        #expect(
            try reason(#"{"__metadata__":[]}"#) == .wrongValue(found: "a list of 0", expected: "an object of texts"))
    }

    @Test func longNamesAreRefused() throws {
        let name = String(repeating: "a", count: 1025)
        #expect(
            try reason(#"{"\#(name)":\#(entry("[0,4]"))}"#, dataSize: 4) == .nameTooLong(bytes: 1025, limit: 1024))
    }

    @Test func everyTruncationAndChangeIsAnAnswerOrAnError() throws {
        let whole = safetensors(
            #"{"__metadata__":{"f":"p"},"a":\#(entry("[0,4]")),"b":\#(entry("[4,8]", shape: "[2]", type: "F16"))}"#,
            data: [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(try refusal(whole) == nil)
        let folder = try TemporaryFolder()
        for count in 0..<whole.count {
            #expect(refusal(at: try folder.write(whole.prefix(count), to: "file")) != nil, "cut to \(count) bytes")
        }
        let header = Array(whole[8..<whole.count - 8])
        for index in header.indices {
            for value in UInt8.min...UInt8.max {
                var damaged = header
                damaged[index] = value
                _ = try? SafetensorsHeader(JSONValue(objectIn: damaged, .init(values: 100)), dataSize: 8)
            }
        }
    }

    /// Files of other kinds are named for what they are.
    @Test func otherFilesAreNamed() throws {
        #expect(
            try refusal(Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8))?.reason
                == .notWeights(
                    looksLike: "a Git LFS pointer, which stands for a file that was not fetched; run 'git lfs pull'"))
        #expect(try refusal(Array("GGUF\u{3}\0\0\0".utf8))?.reason == .notWeights(looksLike: "a GGUF file"))
        #expect(
            try refusal([0x08, 0x07, 0x12, 0x07] + Array("pytorch".utf8))?.reason
                == .notWeights(looksLike: "an ONNX model"))
        #expect(
            try refusal([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], "pytorch_model.bin")?.reason == .legacyTorch)
    }
}
