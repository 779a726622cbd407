import Foundation
import TestSupport
import Testing

@testable import NumPyFiles

@Suite struct NPYFileTests {
    /// What is in the files that NumPy wrote, in C order and its own version and byte order.
    static let plain: [(name: String, shape: [Int], elements: NPYArray.Elements)] = [
        ("float32", [2, 3], .float32([1.5, -2, 0x1p-148, .infinity, 0.1, -0.0])),
        ("float64", [5], .float64([-1, -0.5, 0, 0.5, 1])),
        ("bool", [3], .bool([true, false, true])),
        ("int8", [4], .int8([.min, 0, 1, .max])),
        ("int16", [4], .int16([.min, 0, 1, .max])),
        ("int32", [4], .int32([.min, 0, 1, .max])),
        ("int64", [4], .int64([.min, 0, 1, .max])),
        ("uint8", [4], .uint8([0, 0, 1, .max])),
        ("uint16", [4], .uint16([0, 0, 1, .max])),
        ("uint32", [4], .uint32([0, 0, 1, .max])),
        ("uint64", [4], .uint64([0, 0, 1, .max])),
        ("strings", [2, 2], .string(["a", "", "Zoë", "日本語🎧"])),
        ("empty-strings", [2], .string(["", ""])),
        ("scalar", [], .float64([2.5])),
        ("no-rows", [0, 3], .float32([])),
    ]

    @Test(arguments: plain)
    func readsWhatNumPyWrote(name: String, shape: [Int], elements: NPYArray.Elements) throws {
        let array = try NPYFile.read(Fixtures.numPy("\(name).npy"))
        #expect(array.shape == shape)
        #expect(array.elements == elements)
    }

    @Test(arguments: plain)
    func writesTheBytesThatNumPyWrites(name: String, shape: [Int], elements: NPYArray.Elements) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("array.npy")
        try NPYFile.write(NPYArray(shape: shape, elements: elements), to: path)
        #expect(try bytes(path) == bytes(Fixtures.numPy("\(name).npy")))
        #expect(try folder.contents() == ["array.npy"])
    }

    @Test func float16IsWidened() throws {
        let array = try NPYFile.read(Fixtures.numPy("float16.npy"))
        #expect(array.float32 == [0, 1, -2.5, 65504, 0x1p-24, .infinity])
    }

    @Test func fortranOrderBecomesRowMajor() throws {
        let array = try NPYFile.read(Fixtures.numPy("fortran.npy"))
        #expect(array.shape == [2, 3, 4])
        #expect(array.elements == .int32(Array(0..<24)))
    }

    @Test func bigEndianIsSwapped() throws {
        #expect(try NPYFile.read(Fixtures.numPy("big-endian.npy")).elements == .float64([0, 1, 2, 3]))
        #expect(try NPYFile.read(Fixtures.numPy("big-endian-strings.npy")).elements == .string(["é", "xy"]))
    }

    @Test(arguments: [2, 3])
    func laterVersionsAreRead(version: Int) throws {
        #expect(try NPYFile.read(Fixtures.numPy("version\(version).npy")).float32 == [0, 1, 2])
    }

    @Test(
        arguments: [
            ("complex", "'<c16'"), ("object", "'|O'"), ("record", "record"), ("bytes", "'|S2'"),
            ("datetime", "'<M8[D]'"),
        ]
    )
    func otherTypesAreRefused(name: String, type: String) {
        let path = Fixtures.numPy("\(name).npy")
        #expect(throws: NumPyError(file: path, reason: .unsupportedType(type))) { try NPYFile.read(path) }
    }

    @Test func elementsMustFillTheShape() {
        #expect(throws: NumPyError.Reason.countMismatch(shape: [2, 2], count: 3)) {
            try NPYArray(shape: [2, 2], float32: [1, 2, 3])
        }
        #expect(throws: NumPyError.Reason.invalidShape([-1])) { try NPYArray(shape: [-1], float32: []) }
        #expect(throws: NumPyError.Reason.invalidShape([.max, 3])) { try NPYArray(shape: [.max, 3], float32: []) }
    }

    @Test func numbersOfAnyTypeAreGivenAsDoubles() throws {
        for (name, _, elements) in Self.plain {
            let array = try NPYFile.read(Fixtures.numPy("\(name).npy"))
            #expect(array.doubles?.count == (array.strings == nil ? elements.count : nil))
        }
        #expect(NPYArray(.bool([true, false])).doubles == [1, 0])
        #expect(NPYArray(.int16([-7])).doubles == [-7])
    }

    @Test func aStringThatNumPyWouldCutIsRefused() {
        #expect(throws: NumPyError.Reason.stringWithTrailingNull(index: 1)) {
            try NPYFile.encode(NPYArray(.string(["a", "b\0"])))
        }
    }
}

/// The whole of a file.
func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
