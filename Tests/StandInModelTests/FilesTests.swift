import Files
import Foundation
import TestSupport
import Testing

@testable import StandInModel

@Suite("Writing a stand-in")
final class FilesTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "standin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    private func names(in path: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: path))
    }

    @Test("makes the folder and both files, and nothing else", arguments: ["new", "new/inside//another/"])
    func makesFolder(name: String) throws {
        let standIn = try StandIn(sizes: .fixture, seed: 3)
        try standIn.write(toDirectory: path(name))
        #expect(try names(in: path(name)) == ["model.onnx", "model.yaml"])
        let expected = standIn.modelBytes
        #expect(try [UInt8](Data(contentsOf: URL(filePath: path(name + "/model.onnx")))) == expected)
    }

    @Test("takes the place of older files")
    func replaces() throws {
        try StandIn(sizes: .awkward, seed: 1).write(toDirectory: folder.path)
        let standIn = try StandIn(sizes: .fixture, seed: 2)
        try standIn.write(toDirectory: folder.path)
        #expect(try Data(contentsOf: folder.appending(path: "model.onnx")).count == standIn.modelFileSize)
        #expect(try names(in: folder.path) == ["model.onnx", "model.yaml"])
    }

    @Test("refuses what is not a folder")
    func notAFolder() throws {
        try Data().write(to: folder.appending(path: "file"))
        let standIn = try StandIn(sizes: .fixture)
        for name in ["file", "file/inside"] {
            let error = #expect(throws: StandInError.self) { try standIn.write(toDirectory: path(name)) }
            let message = try #require(error?.description)
            #expect(message.contains(path(name)) && message.contains("Not a directory"), "\(message)")
        }
        #expect(throws: StandInError.self) { try standIn.write(toDirectory: "") }
    }

    @Test("leaves nothing behind when the name is taken by a folder")
    func nameTaken() throws {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "model.onnx/full"), withIntermediateDirectories: true)
        let standIn = try StandIn(sizes: .fixture)
        #expect(throws: StandInError.self) { try standIn.write(toDirectory: folder.path) }
        #expect(try names(in: folder.path) == ["model.onnx"])
    }

    @Test("leaves nothing behind, and the older file whole, when it fails half-way")
    func halfWay() throws {
        let interruption = FileError(.writing, code: EIO)
        try Data("older".utf8).write(to: folder.appending(path: "model.onnx"))
        #expect(throws: StandInError(.cannotWrite(interruption.reason), file: path("model.onnx"))) {
            try StandIn.write(path("model.onnx"), byteCount: 100) { file throws(FileError) in
                try file.write([UInt8](repeating: 1, count: 50).span.bytes)
                throw interruption
            }
        }
        #expect(try names(in: folder.path) == ["model.onnx"])
        #expect(try Data(contentsOf: folder.appending(path: "model.onnx")) == Data("older".utf8))
    }

    @Test("says when the disk is full", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func diskFull() throws {
        let device = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        defer { try? device.close() }
        let file = OutputFile(descriptor: device.fileDescriptor)
        let full = #expect(throws: FileError.self) {
            try file.write([UInt8](repeating: 1, count: 1_000).span.bytes)
        }
        let error = StandInError(try #require(full), file: "DIR/model.onnx", byteCount: 1_000)
        #expect(error == StandInError(.diskFull(bytes: 1_000), file: "DIR/model.onnx"))
        #expect(error.description == "DIR/model.onnx: the disk is full; the file needs 1000 bytes")
    }

    @Test("describes the model as audonnx does")
    func description() throws {
        try StandIn(sizes: .fixture).write(toDirectory: folder.path)
        let text = try String(contentsOf: folder.appending(path: "model.yaml"), encoding: .utf8)
        #expect(
            text == """
                $audonnx.core.model.Model==0.3.2:
                  path: model.onnx
                  labels:
                    logits:
                    - arousal
                    - dominance
                    - valence
                  transform: null

                """)
        #expect(
            try StandIn(sizes: .awkward).modelDescription == """
                $audonnx.core.model.Model==0.3.2:
                  path: model.onnx
                  labels: null
                  transform: null

                """)
    }
}
