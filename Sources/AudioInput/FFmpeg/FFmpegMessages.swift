import Files

/// What ffmpeg said on standard error, a line a message, with its level.
struct FFmpegMessages {
    /// The first error or, without one, the first warning that means damage.
    let worst: String?
    /// How many errors and such warnings there are.
    let count: Int
    /// The first that says that the recording is cut short.
    let truncation: String?
    /// How long the recording is by its container, in seconds; nil if that is a guess, or there is video, which may be
    /// longer.
    let declaredDuration: Double?
    /// In the recording.
    let audioStreams: Int

    private static let cutShort = ["partial file", "truncat", "ended prematurely"]
    private static let damage = ["corrupt", "invalid", "error", "missing", "overread", "conceal", "damaged"]

    init(_ bytes: [UInt8]) {
        var (errors, warnings, cuts): ([String], [String], [String]) = ([], [], [])
        var (duration, isGuess): (Double?, Bool) = (nil, false)
        var (audio, isInput): (Int, Bool) = (0, true)
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let lower = line.lowercased()
            let isError = line.contains("[error]") || line.contains("[fatal]") || line.contains("[panic]")
            let text = Self.words(line)
            if isError || line.contains("[warning]") {
                if Self.cutShort.contains(where: lower.contains) { cuts.append(text) }
                if isError {
                    errors.append(text)
                } else if Self.damage.contains(where: lower.contains) {
                    warnings.append(text)
                }
                isGuess = isGuess || lower.contains("estimating duration")
            } else if line.hasPrefix("[info] Output #0") {
                isInput = false
            } else if isInput, line.hasPrefix("[info]   Duration: ") {
                duration = Self.seconds(text)
            } else if isInput, line.hasPrefix("[info]   Stream #0:") {
                if line.contains(": Audio: ") { audio += 1 }
                isGuess = isGuess || line.contains(": Video: ")
            }
        }
        worst = errors.first ?? warnings.first ?? cuts.first
        count = max(errors.count + warnings.count, cuts.count)
        truncation = cuts.first
        declaredDuration = isGuess ? nil : duration
        audioStreams = audio
    }

    /// Of `Duration: 00:00:11.02, start: …`.
    private static func seconds(_ text: String) -> Double? {
        let clock = text.dropFirst("Duration: ".count).prefix { $0 != "," }
        let parts = clock.split(separator: ":").map { Double($0) ?? .nan }
        guard parts.count == 3, parts.allSatisfy(\.isFinite) else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    /// Without level, without the part of ffmpeg that speaks and its address, and without the name of its input.
    private static func words(_ line: Substring) -> String {
        var rest = line[...]
        while rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            rest = rest[rest.index(after: end)...].drop { $0 == " " }
        }
        let input = "file:/proc/self/fd/0: "
        if rest.hasPrefix(input) { rest = rest.dropFirst(input.count) }
        return printable(String(rest), longest: 160)
    }
}
