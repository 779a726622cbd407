import Foundation

/// The audio file that was opened last, so that segments of one file, read one after the other, share its decoder.
///
/// A segment has the same samples as from a decoder of its own, bit for bit; a decoder that depends on where it was
/// before is not kept, only what was found out about its file. For one thread.
package final class KeptFile {
    private var kept: (key: Key, input: InputFile, file: (any AudioFile)?)?

    package init() {}

    /// What a decoder belongs to. A file that has changed since is another one.
    struct Key: Equatable {
        let path: String
        let decoding: AudioDecoding
        private let device: dev_t
        private let node: ino_t
        private let byteCount: off_t
        private let changed: [Int]

        /// Nil for what isn't a file that can be read twice.
        init?(path: String, decoding: AudioDecoding) {
            var status = stat()
            guard path != "-", !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { return nil }
            self.path = path
            self.decoding = decoding
            (device, node, byteCount) = (status.st_dev, status.st_ino, status.st_size)
            #if os(Linux)
                changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            #else
                changed = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
            #endif
        }
    }

    /// The file that was kept, if it is this one: open, and with its decoder, if that can be used again.
    func take(_ key: Key) -> (input: InputFile, file: (any AudioFile)?)? {
        defer { kept = nil }
        guard let kept, kept.key == key else { return nil }
        return (kept.input, kept.file)
    }

    /// Keeps a file for the next segment; nobody else may use its decoder any more.
    func keep(_ input: InputFile, _ file: any AudioFile, _ key: Key) {
        kept = (key, input, file.isExact ? file : nil)
    }
}
