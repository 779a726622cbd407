import Foundation

/// The audio file that was opened last, so that segments of one file, read one after the other, share its decoder.
///
/// A segment has the same samples as from a decoder of its own, bit for bit; files whose decoder depends on where it was
/// before are not kept. For one thread.
package final class KeptFile {
    private var kept: (key: Key, file: any AudioFile)?

    package init() {}

    /// What a decoder belongs to. A file that has changed since is another one.
    struct Key: Equatable {
        let path: String
        let channel: Int?
        private let device: dev_t
        private let node: ino_t
        private let byteCount: off_t
        private let changed: [Int]

        /// Nil for what isn't a file that can be read twice.
        init?(path: String, channel: Int?) {
            var status = stat()
            guard path != "-", !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { return nil }
            self.path = path
            self.channel = channel
            (device, node, byteCount) = (status.st_dev, status.st_ino, status.st_size)
            #if os(Linux)
                changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            #else
                changed = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
            #endif
        }
    }

    /// The file that was kept, if it is this one, or else a new one; without a key, it can't be kept afterwards.
    func take(_ path: String, channel: Int?) throws(AudioError.Reason) -> (key: Key?, file: any AudioFile) {
        let key = Key(path: path, channel: channel)
        defer { kept = nil }
        if let kept, kept.key == key { return kept }
        let file = try InputFile(path).audio()
        guard file.isExact, let key else { return (nil, file) }
        if file.isSeekable { return (key, file) }
        let again = { () throws(AudioError.Reason) in try InputFile(path).audio() }
        return (key, RewindableFile(file, channel: channel, again: again))
    }

    /// Keeps a file for the next segment; nobody else may use it any more.
    func keep(_ file: any AudioFile, _ key: Key) { kept = (key, file) }
}
