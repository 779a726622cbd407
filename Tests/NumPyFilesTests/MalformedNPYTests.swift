import Foundation
import TestSupport
import Testing

@testable import NumPyFiles

/// Damaged and hostile `.npy` files: each gets its own error, none is believed.
@Suite struct MalformedNPYTests {
    /// A version 1.0 file with this dictionary and this many bytes of data.
    private func file(_ dictionary: String, data: Int = 0) -> [UInt8] {
        NPYHeader.magic + [1, 0] + littleEndianBytes(UInt16(dictionary.utf8.count)) + Array(dictionary.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    private func reason(_ bytes: [UInt8]) -> NumPyError.Reason? {
        do throws(NumPyError.Reason) {
            _ = try NPYFile.decode(bytes)
            return nil
        } catch { return error }
    }

    @Test(arguments: ["float32.npy", "strings.npy", "scalar.npy", "version2.npy", "version3.npy"])
    func everyTruncationIsRefused(name: String) throws {
        let whole = try bytes(Fixtures.numPy(name))
        for count in 0..<whole.count {
            #expect(reason(Array(whole.prefix(count))) != nil, "cut to \(count) bytes")
        }
        #expect(reason(whole) == nil)
        #expect(reason(whole + [0]) != nil)
    }

    /// Any byte of the header may be anything: an answer or an error, never a trap.
    @Test func everyByteOfAHeaderMayBeChanged() throws {
        let whole = try bytes(Fixtures.numPy("fortran.npy"))
        var refused = 0
        for index in 0..<128 {
            for value in [0, 0x20, 0x27, 0x2C, 0x2D, 0x30, 0x39, 0x7D, 0x80, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[index] = value
                if reason(damaged) != nil { refused += 1 }
            }
        }
        // Spaces for spaces and the like are no damage; most of the rest is.
        #expect(refused > 640)
    }

    @Test func whatIsNotNumPyIsSaidToBeSo() {
        #expect(reason([]) == .notNumPy)
        #expect(reason(Array("RIFF....WAVE".utf8)) == .notNumPy)
        #expect(reason(NPYHeader.magic + [4, 0, 0, 0, 0, 0]) == .unsupportedVersion(major: 4, minor: 0))
        #expect(reason(NPYHeader.magic + [0, 0, 0, 0]) == .unsupportedVersion(major: 0, minor: 0))
    }

    @Test func aHeaderLongerThanTheFileIsTruncated() {
        #expect(
            reason(NPYHeader.magic + [2, 0] + littleEndianBytes(UInt32.max))
                == .truncated(part: "header", needed: Int(UInt32.max), found: 0))
    }

    @Test(
        arguments: [
            "", "{", "{}", "[]", "{'descr': '<f4'}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} import os",
            "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}",
            "{'descr: 1}", "{1: 2}",
        ]
    )
    func aDictionaryThatNumPyWouldNotWriteIsMalformed(dictionary: String) throws {
        guard case .malformedHeader(let offset, let expected) = try #require(reason(file(dictionary, data: 4))) else {
            Issue.record("\(dictionary): \(String(describing: reason(file(dictionary, data: 4))))")
            return
        }
        #expect((0...dictionary.utf8.count).contains(offset))
        #expect(!expected.isEmpty)
    }

    @Test(
        arguments: [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
            "{\"shape\":(1L,),\"descr\":\"<f4\",\"fortran_order\":True}",
            "  { 'fortran_order' : False , 'shape' : ( 1 , 1 ) , 'descr' : '<f4' } \n",
        ]
    )
    func otherSpellingsOfTheSameAreRead(dictionary: String) {
        #expect(reason(file(dictionary, data: 4)) == nil)
    }

    @Test(
        arguments: [
            "f4", "<f3", "<f16", "<i5", "<b4", "<U", "<U0", "=f4", "|f4", "<x4", "", "<f+4", "<U9999999999999999999",
            "<f4, ",
        ]
    )
    func aTypeThatNobodyWritesIsRefused(type: String) {
        let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (1,)}"
        #expect(reason(file(dictionary, data: 4)) == .unsupportedType("'\(type)'"))
    }

    @Test func shapesAreChecked() {
        func shaped(_ shape: String) -> [UInt8] {
            file("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)}", data: 4)
        }
        #expect(reason(shaped("(-1,)")) == .invalidShape([-1]))
        #expect(reason(shaped("(-1, -4)")) == .invalidShape([-1, -4]))
        #expect(reason(shaped("(4294967296, 4294967296)")) == .invalidShape([1 << 32, 1 << 32]))
        // The count fits, the number of bytes does not.
        #expect(reason(shaped("(4611686018427387904,)")) == .invalidShape([1 << 62]))
        #expect(reason(shaped("(9223372036854775807,)")) == .invalidShape([.max]))
        #expect(
            reason(shaped("(2,)")) == .dataSizeMismatch(shape: [2], type: "<f4", needed: 8, found: 4))
        #expect(
            reason(shaped("(1000000000000,)"))
                == .dataSizeMismatch(shape: [1_000_000_000_000], type: "<f4", needed: 4_000_000_000_000, found: 4))
        // An empty array may have any other axis, however large.
        #expect(
            reason(shaped("(0, 9223372036854775807, 9223372036854775807)"))
                == .dataSizeMismatch(shape: [0, .max, .max], type: "<f4", needed: 0, found: 4))
        let axes = String(repeating: "1, ", count: 65)
        #expect(reason(shaped("(\(axes))")) == .invalidShape([Int](repeating: 1, count: 65)))
    }

    @Test func charactersMustBeUnicode() {
        let dictionary = "{'descr': '<U1', 'fortran_order': False, 'shape': (2,)}"
        #expect(reason(file(dictionary) + [0x61, 0, 0, 0, 0, 0xD8, 0, 0]) == .invalidString(index: 1))
        #expect(reason(file(dictionary) + [0, 0, 0x11, 0, 0x61, 0, 0, 0]) == .invalidString(index: 0))
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let folder = try TemporaryFolder()
        let missing = folder.file("missing.npy")
        #expect(throws: NumPyError(file: missing, reason: .cannotOpen(code: ENOENT))) { try NPYFile.read(missing) }
        #expect(throws: NumPyError(file: folder.path, reason: .notRegularFile)) { try NPYFile.read(folder.path) }
        #expect(throws: NumPyError(file: "/dev/zero", reason: .notRegularFile)) { try NPYFile.read("/dev/zero") }
        let nowhere = folder.file("no/such/folder.npy")
        #expect(throws: NumPyError(file: nowhere, reason: .cannotOpen(code: ENOENT))) {
            try NPYFile.write(NPYArray(.float32([1])), to: nowhere)
        }
    }

    @Test func messagesSayWhatWouldBeRight() {
        let error = NumPyError(
            file: "x.npz", entry: "a", reason: .dataSizeMismatch(shape: [3], type: "<f4", needed: 12, found: 8))
        #expect(
            error.description == "x.npz: array 'a': 8 bytes of data; shape (3,) of type <f4 needs 12")
    }
}
