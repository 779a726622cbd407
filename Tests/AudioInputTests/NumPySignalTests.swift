import AudioInput
import NumPyFiles
import TestSupport
import Testing

@Suite struct NumPySignalTests {
    static func write(_ samples: [Float], shape: [Int], to path: String) throws {
        try NPYFile.write(NPYArray(shape: shape, float32: samples), to: path)
    }

    private func read(_ array: NPYArray, channel: Int? = nil) throws -> [Float] {
        let folder = try TemporaryFolder()
        try NPYFile.write(array, to: folder.file("signal.NPY"))
        return try AudioReader.read(path: folder.file("signal.NPY"), channel: channel).samples
    }

    private func reason(_ array: NPYArray, channel: Int? = nil) -> AudioError.Reason? {
        #expect(throws: AudioError.self) { try read(array, channel: channel) }?.reason
    }

    @Test func signalsAreReadAsTheyAre() throws {
        let samples: [Float] = [0.1, -2, 0x1p-149]
        #expect(try read(NPYArray(shape: [3], float32: samples)) == samples)
        #expect(try read(NPYArray(shape: [1, 3], float32: samples)) == samples)
        #expect(try read(NPYArray(shape: [1, 3], float32: samples), channel: 0) == samples)
        #expect(try read(NPYArray(.float64([0.1, 1 / 3]))) == [0.1, 1 / 3])
    }

    @Test func anythingElseIsRefused() throws {
        #expect(try reason(NPYArray(shape: [2, 3], float32: [0, 0, 0, 0, 0, 0])) == .signalShape([2, 3]))
        #expect(try reason(NPYArray(shape: [3, 1], float32: [0, 0, 0])) == .signalShape([3, 1]))
        #expect(try reason(NPYArray(shape: [], float32: [0])) == .signalShape([]))
        #expect(reason(NPYArray(.int16([1, 2]))) == .signalType)
        #expect(reason(NPYArray(.string(["a"]))) == .signalType)
        #expect(reason(NPYArray(.float32([]))) == .noSamples)
        #expect(reason(NPYArray(.float32([0, .nan]))) == .nonFinite(position: 1 / 16_000))
        // Beyond what a float32 can hold.
        #expect(reason(NPYArray(.float64([1e300]))) == .nonFinite(position: 0))
        #expect(reason(NPYArray(.float32([0])), channel: 1) == .noSuchChannel(1, available: 1))
    }

    @Test func filesThatAreNoSignalsAreRefused() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: AudioError.self) {
            try AudioReader.read(path: folder.write(Array("RIFF".utf8), to: "a.npy"))
        }
        #expect(error?.reason == .numPy(.notNumPy))
        let missing = #expect(throws: AudioError.self) { try AudioReader.read(path: folder.file("b.npy")) }
        #expect(missing?.reason == .notFound)
    }
}
