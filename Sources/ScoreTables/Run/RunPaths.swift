/// The files of a run: FILE, and those beside it. If FILE is a symbolic link, they are beside what it leads to.
struct RunPaths: Sendable, Hashable {
    let table: String

    /// How far the run has come; gone when it is finished.
    var progress: String { table + ".progress" }
    /// The progress file in the making.
    var beginning: String { table + ".progress.partial" }
    /// Rows that wait to be assembled; gone when the run is finished.
    var rows: String { table + ".rows" }
    /// The table while it is assembled.
    var partial: String { table + ".partial" }
    /// What failed, if anything did.
    var errors: String { table + ".errors.csv" }
    /// What was scored, but is doubtful, if anything is.
    var notices: String { table + ".notices.csv" }
    /// What a finished run was of.
    var run: String { table + ".run" }

    /// A file that takes the place of another when the run is finished.
    func new(_ path: String) -> String { path + ".partial" }

    /// All of them, that of the table first.
    var all: [String] {
        [table, progress, beginning, rows, partial] + [errors, notices, run].flatMap { [$0, new($0)] }
    }
}
