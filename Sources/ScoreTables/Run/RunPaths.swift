/// The files of a run: FILE, and those beside it. Where FILE is a symbolic link, they are beside what it leads to.
struct RunPaths: Sendable, Hashable {
    let table: String

    /// Where the run has come to; gone when it is finished.
    var progress: String { table + ".progress" }
    /// Rows that wait to be assembled; gone when the run is finished.
    var rows: String { table + ".rows" }
    /// The table while it is assembled.
    var partial: String { table + ".partial" }
    /// What failed, if anything did.
    var errors: String { table + ".errors.csv" }
}
