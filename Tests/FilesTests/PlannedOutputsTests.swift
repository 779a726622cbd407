import Files
import Foundation
import TestSupport
import Testing

@Suite("Planned outputs")
struct PlannedOutputsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: true)
        try folder.write("there".utf8, to: "there")
    }

    private func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: destination)
    }

    @Test("are found under every name of a file that is there")
    func existing() throws {
        try link("symbolic", to: "there")
        try FileManager.default.linkItem(atPath: folder.file("there"), toPath: folder.file("hard"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("way"), withDestinationPath: "inner")
        let names = ["there", "symbolic", "hard", "inner/../there", "way/../there", "./there"]
        for output in names {
            var outputs = PlannedOutputs()
            #expect(outputs.add(folder.file(output)) == nil)
            for input in names { #expect(outputs.path(of: folder.file(input)) == folder.file(output)) }
            #expect(outputs.path(of: folder.file("other")) == nil)
            #expect(outputs.path(of: "") == nil && outputs.path(of: "a\0b") == nil)
        }
    }

    @Test("are found where nothing is yet")
    func missing() throws {
        try link("dangling", to: "new")
        try link("way", to: "inner")
        var outputs = PlannedOutputs()
        #expect(outputs.add(folder.file("dangling")) == nil)
        #expect(outputs.path(of: folder.file("new")) == folder.file("dangling"))
        #expect(outputs.path(of: folder.file("inner/../new")) == folder.file("dangling"))
        #expect(outputs.path(of: folder.file("inner/new")) == nil)
        #expect(outputs.add(folder.file("inner/x.csv")) == nil)
        #expect(outputs.path(of: folder.file("way/x.csv")) == folder.file("inner/x.csv"))
        #expect(outputs.path(of: folder.file("nowhere/x.csv")) == nil)
    }

    @Test("are different files, and devices are none")
    func each() throws {
        var outputs = PlannedOutputs()
        #expect(outputs.add(folder.file("there")) == nil)
        #expect(outputs.add(folder.file("inner/../there")) == folder.file("there"))
        #expect(outputs.add(folder.file("new")) == nil)
        #expect(outputs.add(folder.file("new")) == folder.file("new"))
        for _ in 1...2 { #expect(outputs.add("/dev/null") == nil) }
        #expect(outputs.path(of: "/dev/null") == nil)
    }

    @Test("are also what descriptors were redirected to")
    func descriptors() throws {
        let file = try Descriptor(opening: folder.file("there"), O_RDWR)
        var outputs = PlannedOutputs()
        outputs.add(descriptor: file.number, name: "standard output")
        #expect(outputs.path(of: folder.file("there")) == "standard output")
        #expect(outputs.path(ofDescriptor: file.number) == "standard output")
        #expect(outputs.path(ofDescriptor: -1) == nil)
    }
}
