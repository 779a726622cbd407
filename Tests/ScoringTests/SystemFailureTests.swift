import AudioInput
import Corpus
import Foundation
import TestSupport
import Testing

@testable import Scoring

@Suite("A failure of the system")
struct SystemFailureTests {
    private func failure(_ reason: any Error) -> SystemFailure? {
        SystemFailure(RowFailure(file: "a\nb.wav", reason: reason))
    }

    @Test("is told from one of the recording")
    func kinds() {
        for code in [EMFILE, ENFILE, EIO, ENOMEM, ESTALE] {
            #expect(failure(AudioError.Reason.cannotRead(code: code)) != nil, "\(code)")
        }
        #expect(failure(AudioError.Reason.cannotCopy(code: ENOSPC)) != nil)
        #expect(failure(AudioError.Reason.notFound) == nil)
        #expect(failure(AudioError.Reason.permissionDenied) == nil)
        #expect(failure(FatalRecording(deaths: 2, isWhole: true)) == nil)
        #expect(failure(InputError.emptyName) == nil)
        let error = failure(VanishedFolder(path: "a\u{1B}"))
        #expect(error?.description.contains("\n") == false && error?.description.contains("\u{1B}") == false)
        #expect(error?.description.contains("is gone or another one now") == true)
    }

    @Test("a folder that is gone, or another one, is told from one that lacks a file")
    func folders() throws {
        let folder = try TemporaryFolder()
        let (corpus, file) = (folder.file("corpus"), folder.file("corpus/speaker/a.wav"))
        func make() throws {
            try FileManager.default.createDirectory(
                atPath: folder.file("corpus/speaker"), withIntermediateDirectories: true)
        }
        try make()
        let seen = SeenFolders()
        #expect(seen.vanished(above: file) == nil)
        seen.note(folderOf: file)
        #expect(seen.vanished(above: file) == nil)
        // Never read from, and in one that was.
        #expect(seen.vanished(above: folder.file("corpus/other/b.wav")) == nil)
        try FileManager.default.moveItem(atPath: corpus, toPath: folder.file("away"))
        #expect(seen.vanished(above: file) == folder.file("corpus/speaker"))
        #expect(seen.vanished(above: folder.file("corpus/other/b.wav")) == corpus)
        #expect(seen.vanished(above: folder.file("elsewhere/b.wav")) == nil)
        try make()
        #expect(seen.vanished(above: file) != nil, "another folder of that name")
        try FileManager.default.removeItem(atPath: corpus)
        try FileManager.default.moveItem(atPath: folder.file("away"), toPath: corpus)
        #expect(seen.vanished(above: file) == nil)
        seen.note(folderOf: "-")
        seen.note(folderOf: "a.wav")
        #expect(seen.vanished(above: "a.wav") == nil && seen.vanished(above: "/a.wav") == nil)
    }
}
