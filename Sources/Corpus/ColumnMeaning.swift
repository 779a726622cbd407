/// What a table's column is about, by its name. Only names that are listed here have a meaning; any other column is a
/// label.
///
/// Case, blanks, underscores and other signs don't matter. A time may have a unit at its end, as in `start_ms` or
/// `Begin Time (s)`.
package struct ColumnMeaning: Equatable {
    package enum Kind: Equatable {
        case file, start, end, duration
        /// A start beside a duration, as in NeMo, or the end of an onset.
        case offset
        /// A time in a unit that needs more than the table to be read.
        case unreadable(unit: String)
    }

    package private(set) var kind: Kind
    var unit = TimeText.Unit.seconds

    init(_ kind: Kind, _ unit: TimeText.Unit = .seconds) {
        self.kind = kind
        self.unit = unit
    }

    /// Nil for a label.
    package init?(_ name: String) {
        // Several names, where another sign separates the fields.
        if name.utf8.contains(where: { ",;\t|".utf8.contains($0) }) { return nil }
        let key = Self.key(name)
        if Self.files.contains(key) {
            self.init(.file)
            return
        }
        if let kind = Self.time(key) {
            self.init(kind)
            return
        }
        for (ending, unit) in Self.units where key.hasSuffix(ending) {
            if let kind = Self.time(String(key.dropLast(ending.count))) {
                self.init(kind, unit)
                return
            }
        }
        for (word, unit) in Self.unreadableUnits where key.hasSuffix(word) || key.hasPrefix(word) {
            let rest = key.hasSuffix(word) ? key.dropLast(word.count) : key.dropFirst(word.count)
            if Self.time(String(rest)) != nil {
                self.init(.unreadable(unit: unit))
                return
            }
        }
        if Self.unknownTimes.contains(key) {
            self.init(.unreadable(unit: "an unknown unit"))
            return
        }
        return nil
    }

    /// Letters and digits in lower case.
    static func key(_ name: String) -> String {
        String(name.lowercased().replacing("µ", with: "u").filter { $0.isLetter || $0.isNumber })
    }

    /// Names that mean times only beside each other: the start, then the end.
    static let pairs = [("from", "to"), ("t0", "t1"), ("t1", "t2"), ("in", "out")]

    private static let files: Set<String> = [
        "file", "filename", "filepath", "filepaths", "files", "path", "paths", "pathname", "fullpath", "absolutepath",
        "relativepath", "wav", "wavs", "wavfile", "wavfilename", "wavname", "wavpath", "wavfilepath", "waveform",
        "audio", "audiofile", "audiofilename", "audioname", "audiopath", "audiofilepath", "audiofilename", "sound",
        "soundfile", "soundpath", "recordingfile", "recordingpath", "mediafile", "mediapath", "clippath", "clipfile",
        "flac", "flacpath", "mp3", "mp3path", "datei", "dateiname", "dateipfad", "pfad",
    ]

    private static let times: [String: Kind] = [
        "start": .start, "starts": .start, "begin": .start, "begins": .start, "beginning": .start, "onset": .start,
        "starting": .start, "startingtime": .start, "starttime": .start, "begintime": .start, "onsettime": .start,
        "starttimestamp": .start, "begintimestamp": .start, "tmin": .start,
        "xmin": .start, "tstart": .start, "tbegin": .start, "startat": .start, "startpos": .start,
        "startposition": .start, "timestart": .start, "timebegin": .start, "timefrom": .start,
        "end": .end, "ends": .end, "ending": .end, "stop": .end, "stops": .end, "finish": .end, "endtime": .end,
        "stoptime": .end, "finishtime": .end, "offsettime": .end, "endtimestamp": .end, "tmax": .end, "xmax": .end,
        "tend": .end, "tstop": .end, "endat": .end, "endpos": .end, "endposition": .end, "timeend": .end,
        "timestop": .end, "timeto": .end,
        "duration": .duration, "durations": .duration, "length": .duration, "dur": .duration, "len": .duration,
        "offset": .offset,
        "anfang": .start, "beginn": .start, "startzeit": .start, "ende": .end, "endzeit": .end, "dauer": .duration,
    ]

    private static let prefixes = [
        "segment", "seg", "utterance", "utt", "turn", "chunk", "speech", "window", "interval", "event", "word",
        "sentence", "phrase", "vad", "timestamp", "time", "ts", "t",
    ]

    /// What a recording itself may be called: its duration is a label, while a start and an end are those of a part.
    private static let wholes = ["audio", "clip", "file", "recording", "wav", "video", "media", "sound"]

    private static func time(_ key: String) -> Kind? {
        if let kind = times[key] { return kind }
        for prefix in prefixes where key.hasPrefix(prefix) {
            if let kind = times[String(key.dropFirst(prefix.count))] { return kind }
        }
        for prefix in wholes where key.hasPrefix(prefix) {
            if let kind = times[String(key.dropFirst(prefix.count))], kind == .start || kind == .end { return kind }
        }
        return nil
    }

    private static let units: [(String, TimeText.Unit)] = [
        ("milliseconds", .milliseconds), ("millisecond", .milliseconds), ("millis", .milliseconds),
        ("msecs", .milliseconds), ("msec", .milliseconds), ("ms", .milliseconds),
        ("microseconds", .microseconds), ("microsecond", .microseconds), ("usec", .microseconds),
        ("us", .microseconds), ("nanoseconds", .nanoseconds), ("nanosecond", .nanoseconds), ("nsec", .nanoseconds),
        ("ns", .nanoseconds), ("inseconds", .seconds), ("seconds", .seconds), ("second", .seconds), ("secs", .seconds),
        ("sec", .seconds), ("s", .seconds), ("hhmmss", .seconds), ("hms", .seconds),
    ]

    private static let unreadableUnits = [
        ("samples", "samples"), ("sample", "samples"), ("frames", "frames"), ("frame", "frames"),
        ("minutes", "minutes"),
        ("mins", "minutes"), ("min", "minutes"), ("hours", "hours"), ("hrs", "hours"), ("bytes", "bytes"),
        ("byte", "bytes"), ("index", "an unknown unit"), ("idx", "an unknown unit"),
    ]

    /// Times that toolkits write as numbers of their own frames.
    private static let unknownTimes: Set<String> = ["startoffset", "endoffset", "startframeidx", "endframeidx"]
}
