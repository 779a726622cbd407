/// What is wrong with a zip file. Messages leave the file's path to the caller.
package enum ZipError: TruncationError, Sendable, Hashable {
    /// It doesn't end with a directory.
    case notZip
    case malformed(String)
    case truncated(part: String, needed: Int, found: Int)
    case tooManyEntries(limit: Int)
    case failed(FileError)
}
