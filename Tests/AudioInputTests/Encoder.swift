import CSndfile
import Testing

/// Writes audio in libsndfile's formats.
enum Encoder {
    /// A container and an encoding.
    struct Format: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: Int

        init(_ name: String, _ container: Int, _ encoding: Int) {
            testDescription = name
            code = container | encoding
        }
    }

    static let flac = Format("flac", SF_FORMAT_FLAC, SF_FORMAT_PCM_16)
    static let vorbis = Format("ogg", SF_FORMAT_OGG, SF_FORMAT_VORBIS)
    static let opus = Format("opus", SF_FORMAT_OGG, SF_FORMAT_OPUS)
    static let mp3 = Format("mp3", SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III)
    static let aiff = Format("aiff", SF_FORMAT_AIFF, SF_FORMAT_PCM_16)
    static let au = Format("au", SF_FORMAT_AU, SF_FORMAT_PCM_16)
    static let caf = Format("caf", SF_FORMAT_CAF, SF_FORMAT_PCM_16)
    static let w64 = Format("w64", SF_FORMAT_W64, SF_FORMAT_PCM_16)
    static let rf64 = Format("rf64", SF_FORMAT_RF64, SF_FORMAT_PCM_16)

    /// Writes mono samples.
    static func write(_ samples: [Float], rate: Int, as format: Format, to path: String) throws {
        try write(samples, rate: rate, as: format, to: path, sf_writef_float)
    }

    /// Writes mono 16-bit samples, which lossless formats keep.
    static func write(int16 samples: [Int16], rate: Int, as format: Format, to path: String) throws {
        try write(samples, rate: rate, as: format, to: path, sf_writef_short)
    }

    private static func write<Sample>(
        _ samples: [Sample], rate: Int, as format: Format, to path: String,
        _ writer: (OpaquePointer?, UnsafePointer<Sample>?, sf_count_t) -> sf_count_t
    ) throws {
        var info = SF_INFO()
        info.channels = 1
        info.samplerate = Int32(rate)
        info.format = Int32(format.code)
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info), "libsndfile writes \(format.testDescription)")
        defer { sf_close(file) }
        // Encoders of lossy formats have limits on how much they take at once.
        for start in stride(from: 0, to: samples.count, by: 4096) {
            let block = Array(samples[start..<min(start + 4096, samples.count)])
            #expect(writer(file, block, sf_count_t(block.count)) == block.count)
        }
    }
}
