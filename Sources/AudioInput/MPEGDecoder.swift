import CMpg123
import Foundation

/// Decodes MPEG frames, one at a time, with libmpg123.
final class MPEGDecoder {
    private let handle: OpaquePointer
    private let header: MPEGFrameHeader
    private let freeSize: Int?
    /// Room for the samples of one frame, and of another that was held back.
    private var output: [Float]

    /// Version 1.26 and older need it; newer ones do nothing.
    private static let isReady = mpg123_init() == MPG123_OK.rawValue

    /// For frames like this one; `freeSize` is how many bytes one has without padding, if its bit rate is free.
    init(_ header: MPEGFrameHeader, freeSize: Int?) throws(AudioError.Reason) {
        guard Self.isReady, let handle = mpg123_new(nil, nil) else { throw .init(code: ENOMEM) }
        self.handle = handle
        self.header = header
        self.freeSize = freeSize
        output = [Float](repeating: 0, count: 2 * header.samplesPerFrame * header.channelCount)
        try restart()
    }

    deinit { mpg123_delete(handle) }

    /// Forgets the frames before: the next one is the first.
    func restart() throws(AudioError.Reason) {
        // Frames come whole, one at a time; tags and what encoders added are no concern of the library.
        let flags = MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue | MPG123_NO_READAHEAD.rawValue
        let isSet =
            set(MPG123_ADD_FLAGS, Int(flags | MPG123_IGNORE_INFOFRAME.rawValue))
            && set(MPG123_REMOVE_FLAGS, Int(MPG123_GAPLESS.rawValue))
            && set(MPG123_FREEFORMAT_SIZE, freeSize ?? -1)
        guard isSet, mpg123_open_feed(handle) == MPG123_OK.rawValue else { throw .init(code: ENOMEM) }
    }

    /// The interleaved samples of the next frame, zeros if it can't be decoded.
    func decode(_ frame: ArraySlice<UInt8>) -> ArraySlice<Float> {
        let wanted = header.samplesPerFrame * header.channelCount
        var count = 0
        output.withUnsafeMutableBytes { output in
            frame.withUnsafeBytes { frame in
                var input = frame
                while true {
                    var done = 0
                    let rest = UnsafeMutableRawBufferPointer(rebasing: output[count...])
                    let code = mpg123_decode(
                        handle, input.baseAddress, input.count, rest.baseAddress, rest.count, &done)
                    count += done
                    input = UnsafeRawBufferPointer(start: nil, count: 0)
                    let goesOn = code == MPG123_NEW_FORMAT.rawValue || (code == MPG123_OK.rawValue && done > 0)
                    if !goesOn || count == output.count { return }
                }
            }
        }
        let found = count / MemoryLayout<Float>.stride
        if found < wanted { for index in found..<wanted { output[index] = 0 } }
        return output[..<max(found, wanted)].suffix(wanted)
    }

    private func set(_ parameter: mpg123_parms, _ value: Int) -> Bool {
        mpg123_param(handle, parameter, value, 0) == MPG123_OK.rawValue
    }
}
