import Foundation
import TestSupport
import Testing

/// Archives of torch.save that are damaged, or made to do harm.
@Suite("Damaged pytorch_model.bin, as a process", .timeLimit(.minutes(2)))
struct CheckpointPickleTests {
    private static let name = "pytorch_model.bin"
    private static let pickle = "pytorch_model/data.pkl"

    /// Where the fields of an entry are that the archive's directory has: those that follow its signature.
    private static func directoryEntry(_ entry: String, in file: [UInt8]) throws -> Int {
        let data = Data(file)
        let name = try #require(data.range(of: Data(entry.utf8), options: .backwards))
        let start = name.lowerBound - 46
        #expect(Array(file[start..<start + 4]) == [0x50, 0x4B, 1, 2])
        return start
    }

    /// Where the pickle begins, whose entry is the first.
    private static func pickleStart(in file: [UInt8]) -> Int {
        let lengths = [26, 28].map { Int(file[$0]) | Int(file[$0 + 1]) << 8 }
        return 30 + lengths[0] + lengths[1]
    }

    /// Puts a pickle in place of the archive's, which is longer.
    private static func damage(_ pickle: [UInt8], _ expected: String) -> CheckpointDamage {
        CheckpointDamage(String(decoding: pickle, as: UTF8.self), expected) { copy in
            let file = try copy.bytes(of: name)
            try copy.overwrite(name, at: pickleStart(in: file), with: pickle)
        }
    }

    // MARK: Programs in pickles

    /// A call of a function with a text, as `pickle` writes what `__reduce__` gives.
    private static func call(_ module: String, _ function: String, _ argument: String) -> [UInt8] {
        Array("c\(module)\n\(function)\n(S'\(argument)'\ntR.".utf8)
    }

    @Test(
        "a pickle that calls something is refused by its name, and nothing is called",
        arguments: [
            ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "getoutput"),
            ("builtins", "exec"), ("builtins", "eval"), ("__builtin__", "eval"), ("torch", "load"),
            ("torch.serialization", "load"), ("numpy", "load"), ("runpy", "run_path"),
        ])
    func calls(module: String, function: String) throws {
        let scratch = try TemporaryFolder()
        let marker = scratch.file("called")
        let call = Self.call(module, function, "touch \(marker)")
        let damage = Self.damage(call, "'\(Self.pickle)': byte 0: it names \(module).\(function); ")
        try damage.expectRefused(.emotionBin)
        #expect(try scratch.contents().isEmpty)
    }

    @Test("so is one of protocol 4, and one without an archive")
    func otherForms() throws {
        let scratch = try TemporaryFolder()
        let marker = scratch.file("called")
        func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
        let call: [UInt8] =
            [0x80, 4] + text("os") + text("system") + [0x93] + text("touch \(marker)") + [0x85, 0x52, 0x2E]
        try Self.damage(call, "it names os.system; ").expectRefused(.emotionBin)
        let bare = CheckpointDamage("without an archive", "was saved by torch before 1.6 or in its old format") {
            try $0.folder.write(call, to: Self.name)
        }
        try bare.expectRefused(.emotionBin)
        #expect(try scratch.contents().isEmpty)
    }

    // MARK: Damage

    private static let wrongPickles = [
        damage(Array("}.".utf8), "byte 1: 9114 bytes follow the pickle's end; none is right"),
        damage(Array(".".utf8), "byte 0: "),
        damage([0xFF], "byte 0: "),
        damage(Array(repeating: UInt8(ascii: "("), count: 9000), "data.pkl"),
        damage([0x80, 99], "data.pkl"),
        // A text of 2^63 bytes, a list of 2^31 items on the stack, a number of 2^31 bytes.
        damage([0x8D] + [UInt8](repeating: 0xFF, count: 8), "data.pkl"),
        damage([0x8B, 0xFF, 0xFF, 0xFF, 0x7F], "data.pkl"),
        damage(Array("h\u{7F}.".utf8), "data.pkl"),
    ]

    @Test("of pickles", arguments: wrongPickles)
    func pickles(damage: CheckpointDamage) throws { try damage.expectRefused(.emotionBin) }

    /// A field of the first storage's entry in the directory.
    private static func field(
        _ what: String, at place: Int, _ bytes: [UInt8], _ expected: String
    ) -> CheckpointDamage {
        CheckpointDamage(what, expected) { copy in
            let entry = try directoryEntry("pytorch_model/data/0", in: copy.bytes(of: name))
            try copy.overwrite(name, at: entry + place, with: bytes)
        }
    }

    private static let bomb: [UInt8] = [0, 0xFF, 0xFF, 0xFF]

    private static let wrongArchives = [
        field("deflated", at: 10, [8, 0], "is compressed (deflated); torch.save stores entries"),
        field("an unknown method", at: 10, [99, 0], "is compressed (method 99)"),
        field("encrypted", at: 8, [1, 8], "is encrypted"),
        field("4 GB from 256 bytes", at: 24, bomb, "is stored, but 256 bytes are said to stand for 4294967040"),
        field("4 GB in the file", at: 20, bomb + bomb, "a damaged zip archive: "),
        field("elsewhere", at: 42, bomb, "a damaged zip archive: "),
        field("at the pickle's place", at: 42, [0, 0, 0, 0], "a damaged zip archive: "),
        field("a name that leads out", at: 46, Array("../../../../../../".utf8), "the name leads elsewhere"),
        CheckpointDamage("no zip archive but for its first bytes", "doesn't end with a zip directory") {
            try $0.folder.write([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 5000), to: name)
        },
        CheckpointDamage("an empty archive", name) {
            try $0.folder.write([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), to: name)
        },
    ]

    @Test("of archives", arguments: wrongArchives)
    func archives(damage: CheckpointDamage) throws { try damage.expectRefused(.emotionBin) }
}
