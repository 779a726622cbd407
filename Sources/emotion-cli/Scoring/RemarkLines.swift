import Files

/// The lines on standard error about recordings, as long as they are few: a corpus whose folder was misspelt has as many
/// as files, and all of them are in the tables beside FILE.
struct RemarkLines {
    /// Where all errors and notices are; nil if nowhere.
    private let errorsPath: String?
    private let noticesPath: String?
    private var errorCount = 0
    private(set) var noticeCount = 0

    /// The most that are said, of errors and of notices.
    private static let most = 30

    init(errorsPath: String?, noticesPath: String?) {
        self.errorsPath = errorsPath
        self.noticesPath = noticesPath
    }

    /// Whether there were more than were said.
    var areCut: Bool {
        errorsPath != nil && errorCount > Self.most || noticesPath != nil && noticeCount > Self.most
    }

    mutating func say(error: String, of file: String, _ progress: inout ProgressReport) {
        errorCount += 1
        say("\(Self.name(file)): \(error)", errorCount, errorsPath, &progress, Messages.error)
    }

    mutating func say(notice: String, of file: String, _ progress: inout ProgressReport) {
        noticeCount += 1
        say("\(Self.name(file)): \(notice)", noticeCount, noticesPath, &progress, Messages.notice)
    }

    private func say(
        _ line: String, _ count: Int, _ path: String?, _ progress: inout ProgressReport, _ write: (String) -> Void
    ) {
        guard let path, count > Self.most else { return progress.say { write(line) } }
        if count == Self.most + 1 { progress.say { write("and so on; see \(printable(path))") } }
    }

    private static func name(_ file: String) -> String { file == "-" ? "standard input" : printable(file) }
}
