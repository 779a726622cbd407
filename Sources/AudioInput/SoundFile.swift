import CSndfile
import Foundation
import Synchronization

/// An audio file that libsndfile decodes, open at a frame.
final class SoundFile: AudioFile {
    let channelCount: Int
    /// In Hz; within `rates`.
    let sampleRate: Int
    /// Nil if the header doesn't say.
    let frameCount: Int?
    let lengths: [ContainerLength]
    let isSeekable: Bool
    let isExact: Bool
    let notices: [AudioNotice]
    /// The next frame.
    private(set) var position = 0

    /// Rates that occur; any other is a damaged header.
    static let rates = 1_000...1_000_000

    private let source: SoundFileSource
    private let isFLAC: Bool
    private let handle: OpaquePointer
    private let blockFrames: Int
    /// Why nothing more can be read.
    private var failure: AudioError.Reason?

    /// libsndfile keeps the reason for a failed opening in a global variable.
    private static let opening = Mutex(())

    /// Opens a file of which `extent` is known, with what is doubtful about it beside its length.
    init(_ view: FileView, _ extent: AudioExtent? = nil, notices: [AudioNotice] = []) throws(AudioError.Reason) {
        var seen = view
        if let extent, extent.end != nil || !extent.patches.isEmpty {
            seen = view.part(upTo: extent.end ?? view.byteCount, patches: extent.patches)
        }
        source = SoundFileSource(seen)
        var info = SF_INFO()
        let (opened, code) = Self.opening.withLock { [source] _ in
            let opened = source.open(&info)
            return (opened.map { UInt(bitPattern: $0) }, sf_error(nil))
        }
        guard let handle = opened.flatMap(OpaquePointer.init(bitPattern:)) else {
            throw source.failure ?? Self.refusal(code)
        }
        self.handle = handle
        self.notices = notices
        channelCount = Int(info.channels)
        sampleRate = Int(info.samplerate)
        frameCount = info.frames < Int64.max ? Int(info.frames) : nil
        isSeekable = info.seekable != 0 && frameCount != nil
        isExact = !isSeekable || Self.isLossless(info.format)
        isFLAC = Int(info.format) & SF_FORMAT_TYPEMASK == SF_FORMAT_FLAC
        // Small enough for a position of damage to mean something.
        blockFrames = max(1, min(1 << 12, (1 << 16) / max(1, channelCount)))
        var lengths: [ContainerLength] = []
        let duration = Double(frameCount ?? 0) / Double(max(1, sampleRate))
        if let length = extent?.length { lengths.append(.finding(length, duration: duration)) }
        if let format = extent?.unmeasured { lengths.append(.none(format: format)) }
        self.lengths = lengths
        guard Self.rates.contains(sampleRate) else { throw .unsupportedRate(sampleRate) }
        guard channelCount > 0, info.frames >= 0 else { throw .damagedHeader("no channels") }
    }

    deinit { sf_close(handle) }

    var declaredFrameCount: Int? { frameCount }

    /// Of FLAC, whose frames end where the decoder stops.
    func lengthAtEnd() throws(AudioError.Reason) -> LengthFinding? {
        guard isFLAC else { return nil }
        let view = source.view
        // It reads ahead: another file, or a tag, may begin before.
        let start = max(1, source.readEnd - (1 << 16))
        let piece = try view.bytes(source.readEnd - start, at: start)
        for index in piece.indices where [0x66, 0x49, 0x41].contains(piece[index]) {
            if piece[index] == 0x66, try view.has("fLaC\0\0\0\u{22}", at: start + index) {
                return further(from: start + index)
            }
            let rest = piece[index...]
            guard rest.starts(with: "ID3".utf8) || rest.starts(with: "APETAGEX".utf8) else { continue }
            let (place, end) = (view.range.lowerBound + start + index, view.range.upperBound)
            if try MetadataTag.end(of: place, in: ByteWindow(view.file, end: end)) >= end { return nil }
        }
        guard source.readEnd < view.byteCount, try !view.isZero(from: source.readEnd) else { return nil }
        let tag = try view.bytes(128, at: view.byteCount - 128)
        return tag.starts(with: "TAG".utf8) && view.byteCount - 128 <= source.readEnd
            ? nil : further(from: source.readEnd)
    }

    private func further(from offset: Int) -> LengthFinding {
        LengthFinding(unit: .bytes, declared: offset, found: offset, further: source.view.byteCount - offset)
    }

    func seek(to frame: Int) throws(AudioError.Reason) {
        failure = nil
        guard sf_seek(handle, sf_count_t(frame), Int32(SEEK_SET)) == frame else {
            throw source.failure
                ?? .damaged(position: Double(frame) / Double(sampleRate), Self.message(sf_error(handle)))
        }
        position = frame
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        if let failure { throw failure }
        let wanted = min(limit, blockFrames)
        let samples = [Float](unsafeUninitializedCapacity: wanted * channelCount) { buffer, count in
            count = max(0, Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted)))) * channelCount
        }
        position += samples.count / channelCount
        let code = sf_error(handle)
        if code != 0 || source.failure != nil {
            failure =
                source.failure ?? .damaged(position: Double(position) / Double(sampleRate), Self.message(code))
            // What precedes the damage is whole.
            if samples.isEmpty, let failure { throw failure }
        }
        return samples
    }

    /// Whether a format stores samples, and not what a decoder with a memory makes them from.
    private static func isLossless(_ format: Int32) -> Bool {
        if Int(format) & SF_FORMAT_TYPEMASK == SF_FORMAT_FLAC { return true }
        return [
            SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
            SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW,
        ].contains(Int(format) & SF_FORMAT_SUBMASK)
    }

    /// Why a file can't be opened.
    private static func refusal(_ code: Int32) -> AudioError.Reason {
        if code == SF_ERR_UNRECOGNISED_FORMAT { return .notAudio }
        guard let words = message(code) else { return .damagedHeader(nil) }
        guard words.contains("unimplemented") || words.contains("not supported") else { return .damagedHeader(words) }
        return .unsupportedCoding("a coding that libsndfile doesn't read", remedy: "make a WAV file of it")
    }

    /// libsndfile's words, if they say anything.
    private static func message(_ code: Int32) -> String? {
        guard code != SF_ERR_MALFORMED_FILE, let text = sf_error_number(code).map({ String(cString: $0) }),
            // Its words for a header with a rate or a number of channels that can't be.
            !text.lowercased().contains("internal error")
        else { return nil }
        let words = text.hasPrefix("Error : ") ? text.dropFirst(8) : text[...]
        return String(words.hasSuffix(".") ? words.dropLast() : words)
    }
}
