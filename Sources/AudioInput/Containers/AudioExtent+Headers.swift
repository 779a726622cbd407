/// Formats whose header has the length at a fixed place or in lines of text.
extension AudioExtent {
    /// More blocks, elements or matrices than any recording has, so that a file of empty ones is not walked to its end.
    static let mostParts = 1 << 12

    /// Nil for other formats.
    static func fixed(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        let start = try view.bytes(64, at: 0)
        switch true {
        case start.starts(with: ".snd".utf8): return try sun(view, bigEndian: true)
        case start.starts(with: "dns.".utf8): return try sun(view, bigEndian: false)
        case start.starts(with: "NIST_1A".utf8): return try sphere(view)
        case start.starts(with: "Creative Voice File".utf8): return try voice(view)
        case start.starts(with: "2BIT".utf8): return try avr(view)
        case start.starts(with: "Extended Instrument: ".utf8): return try extendedInstrument(view)
        case start.starts(with: "ALawSoundFile**".utf8): return try psion(view)
        case start.starts(with: "MATLAB 5".utf8): return try matlab5(view)
        case start.starts(with: [0xF0, 0x7E]): return try sampleDump(view)
        case start.starts(with: [0, 0, 0, 0]), start.starts(with: [0, 0, 3, 0xE8]): return try matlab4(view)
        case start.starts(with: [1, 4]): return try sampler(view)
        case start.starts(with: "PVF1".utf8): return unmeasured("PVF")
        case start.starts(with: " paf".utf8), start.starts(with: "fap ".utf8): return unmeasured("PAF")
        case start.starts(with: [0x64, 0xA3]), start.starts(with: [0, 1, 0xA3, 0x64]),
            start.starts(with: [0, 2, 0xA3, 0x64]), start.starts(with: [0, 3, 0xA3, 0x64]):
            return unmeasured("IRCAM")
        default: return try htk(view)
        }
    }

    private static func unmeasured(_ format: String) -> AudioExtent {
        var extent = AudioExtent()
        extent.unmeasured = format
        return extent
    }

    /// AU: sizes of the header and the audio.
    private static func sun(_ view: FileView, bigEndian: Bool) throws(AudioError.Reason) -> AudioExtent? {
        guard let content = try view.integer(4, at: 4, bigEndian: bigEndian),
            let size = try view.integer(4, at: 8, bigEndian: bigEndian), content <= UInt64(view.byteCount)
        else { return nil }
        let available = view.byteCount - Int(content)
        if size == 0 && available > 0 || isPlaceholder(size, available: available) {
            var extent = AudioExtent()
            extent.patches = [(8, [0xFF, 0xFF, 0xFF, 0xFF])]
            if !(size == UInt64(UInt32.max) && view.file.isStream) {
                extent.length = LengthFinding(unit: .bytes, declared: nil, found: available)
            }
            return extent
        }
        return try AudioExtent(view, content: Int(content), declared: Int(size))
    }

    /// NIST SPHERE: lines such as `sample_count -i 12000`.
    private static func sphere(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        let text = String(decoding: try view.bytes(1 << 14, at: 0), as: UTF8.self)
        let lines = text.split(separator: "\n", maxSplits: 200, omittingEmptySubsequences: false)
        guard lines.count > 2, let content = Int(lines[1].filter { $0 != " " }), content > 0 else { return nil }
        func field(_ name: String) -> Substring? {
            let line = lines.prefix { $0 != "end_head" }.first { $0.hasPrefix("\(name) ") }
            return line?.split(separator: " ").last
        }
        func count(_ name: String) -> Int? { field(name).flatMap { Int($0) } }
        guard let frames = count("sample_count"), frames > 0 else { return nil }
        let size = (count("sample_n_bytes") ?? 2).multipliedReportingOverflow(by: count("channel_count") ?? 1)
        let bytes = frames.multipliedReportingOverflow(by: size.partialValue)
        guard !size.overflow, !bytes.overflow, bytes.partialValue > 0 else { return nil }
        return try AudioExtent(view, content: content, declared: bytes.partialValue)
    }

    /// VOC: blocks with sizes of three bytes, up to one of kind 0.
    private static func voice(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard var offset = try view.integer(2, at: 20, bigEndian: false).map({ Int($0) }) else { return nil }
        var extent = AudioExtent()
        var (blocks, audioBlocks) = (0, 0)
        while let kind = try view.bytes(1, at: offset).first {
            blocks += 1
            guard blocks <= mostParts else { throw .damagedHeader("more than \(mostParts) blocks") }
            let isEnd = kind == 0 || kind > 9
            // Some writers count the first block's header wrongly.
            if audioBlocks > 0, isEnd || view.byteCount - offset <= 16 {
                let further = view.byteCount - offset - 1
                if further > 16, try !view.isZero(from: offset + 1) {
                    extent.length = LengthFinding(unit: .bytes, declared: offset, found: offset, further: further)
                    extent.end = offset + 1
                }
                break
            }
            guard !isEnd, let size = try view.integer(3, at: offset + 1, bigEndian: false).map({ Int($0) }) else {
                break
            }
            if [1, 2, 9].contains(kind) { audioBlocks += 1 }
            if offset + 4 + size > view.byteCount {
                extent.length = LengthFinding(
                    unit: .bytes, declared: 4 + size, found: view.byteCount - offset)
                break
            }
            offset += 4 + size
            // sox counts four bytes of the twelve that precede the samples.
            if kind == 9, try view.bytes(1, at: offset + 8) == [0] { offset += 8 }
        }
        if audioBlocks > 1 {
            throw .unsupportedCoding("a VOC file of several blocks", remedy: "sox makes a WAV file of it")
        }
        return extent
    }

    private static func avr(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let mono = try view.integer(2, at: 12, bigEndian: true),
            let bits = try view.integer(2, at: 14, bigEndian: true),
            let frames = try view.integer(4, at: 26, bigEndian: true), frames > 0
        else { return nil }
        let frame = (bits == 16 ? 2 : 1) * (mono & 1 == 1 ? 2 : 1)
        return try AudioExtent(view, content: 128, declared: Int(frames) * frame)
    }

    /// XI: the headers of the samples, then the samples.
    private static func extendedInstrument(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let count = try view.integer(2, at: 296, bigEndian: false), count > 0 else { return nil }
        var declared = 0
        for index in 0..<Int(count) {
            guard let size = try view.integer(4, at: 298 + 40 * index, bigEndian: false) else { return nil }
            declared += Int(size)
        }
        // As libsndfile writes it.
        if declared == 0 { return unmeasured("XI") }
        return try AudioExtent(view, content: 298 + 40 * Int(count), declared: declared)
    }

    /// Akai MPC 2000: 42 bytes of header, then 16-bit samples of one or two channels.
    private static func sampler(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let isStereo = try view.integer(1, at: 21, bigEndian: false), isStereo < 2,
            let frames = try view.integer(4, at: 30, bigEndian: false), frames > 0
        else { return nil }
        return try AudioExtent(view, content: 42, declared: Int(frames) * 2 * (isStereo == 1 ? 2 : 1))
    }

    private static func psion(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let size = try view.integer(4, at: 18, bigEndian: true), size > 0 else { return nil }
        return try AudioExtent(view, content: 32, declared: Int(size))
    }

    /// MIDI Sample Dump: a header of 21 bytes, then packets of 127 bytes with 120 of audio.
    private static func sampleDump(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        try checkPackets(view)
        let header = try view.bytes(21, at: 0)
        guard header.count == 21, header[3] == 1, (8...28).contains(header[6]) else { return nil }
        let words = Int(header[10]) | Int(header[11]) << 7 | Int(header[12]) << 14
        let wordsPerPacket = 120 / (Int(header[6]) <= 14 ? 2 : Int(header[6]) <= 21 ? 3 : 4)
        let packets = (words + wordsPerPacket - 1) / wordsPerPacket
        var extent = try AudioExtent(view, content: 21, declared: packets * 127)
        let found = (view.byteCount - 21) / 127
        if found < packets {
            // Or libsndfile gives zeros for what is missing.
            let words = found * wordsPerPacket
            extent.patches = [(10, [0, 7, 14].map { UInt8(words >> $0 & 0x7F) })]
        }
        return extent
    }

    /// Packets that don't begin as one would make libsndfile print about them, on standard output.
    private static func checkPackets(_ view: FileView) throws(AudioError.Reason) {
        for (index, start) in stride(from: 21, to: view.byteCount, by: 127).enumerated()
        where ![0xF0, 0x7E].starts(with: try view.bytes(2, at: start)) {
            throw .damagedHeader("packet \(index + 1) of the sample dump doesn't begin as one")
        }
    }

    /// HTK: 12 bytes of header. A file whose length differs isn't known to libsndfile.
    private static func htk(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let count = try view.integer(4, at: 0, bigEndian: true),
            let period = try view.integer(4, at: 4, bigEndian: true),
            try view.integer(4, at: 8, bigEndian: true) == 2 << 16, (10...10_000).contains(period), count > 0
        else { return nil }
        var extent = try AudioExtent(view, content: 12, declared: Int(count) * 2)
        let found = min(Int(count), (view.byteCount - 12) / 2)
        if found > 0, extent.length != nil || extent.end != nil {
            extent.end = 12 + found * 2
            extent.patches = [(0, (0..<4).map { UInt8(truncatingIfNeeded: found >> (24 - 8 * $0)) })]
        }
        return extent
    }
}
