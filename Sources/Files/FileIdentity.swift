import Foundation

/// A file or folder, under whatever name: where it is stored.
package struct FileIdentity: Sendable, Hashable {
    package let device: UInt64
    package let node: UInt64

    package init(_ status: stat) {
        device = UInt64(status.st_dev)
        node = UInt64(status.st_ino)
    }

    /// What is at a path, at the end of symbolic links; nil if nothing is. The empty path is the working folder.
    package init?(path: String) {
        var status = stat()
        guard !path.utf8.contains(0), stat(path.isEmpty ? "." : path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The regular file behind an open descriptor; nil for anything else.
    package init?(regularFile descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }
}

/// The files that are going to be written, to be held against those that are read before any of them is opened.
package struct PlannedOutputs: Sendable {
    /// A file that needs to be made: its folder, and its name there.
    private struct Place: Sendable, Hashable {
        let folder: FileIdentity
        let name: String

        init?(_ path: String) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard let name = parts.last, !name.isEmpty else { return nil }
            let folder = parts.count == 1 ? "" : parts.dropLast().joined(separator: "/") + "/"
            guard let identity = FileIdentity(path: folder) else { return nil }
            self.folder = identity
            self.name = String(name)
        }
    }

    private var pathByIdentity: [FileIdentity: String] = [:]
    private var pathByPlace: [Place: String] = [:]
    private var names: Set<String> = []

    package init() {}

    /// Adds a file, unless the path leads to a device or a pipe.
    ///
    /// - Returns: The path that was added before and is the same file; nil if there is none.
    package mutating func add(_ path: String) -> String? {
        guard case .file(let target) = try? OutputTarget(path) else { return nil }
        if let other = self.path(of: target) { return other }
        if let identity = FileIdentity(path: target) { pathByIdentity[identity] = path }
        if let place = Place(target) {
            pathByPlace[place] = path
            names.insert(place.name)
        }
        return nil
    }

    /// Adds an open file, such as standard output that was redirected to one; `name` is what messages call it.
    package mutating func add(descriptor: Int32, name: String) {
        if let identity = FileIdentity(regularFile: descriptor) { pathByIdentity[identity] = name }
    }

    /// Whether one of the files exists: only then can it have another name.
    package var exist: Bool { !pathByIdentity.isEmpty }

    /// The output that is the same file as the one at this path; nil if there is none.
    package func path(of input: String) -> String? {
        if exist, let identity = FileIdentity(path: input), let path = pathByIdentity[identity] { return path }
        // Most names differ, and then nothing needs to be looked up.
        guard let name = input.split(separator: "/").last, names.contains(String(name)) else { return nil }
        return Place(input).flatMap { pathByPlace[$0] }
    }

    /// The output that is the regular file behind an open descriptor.
    package func path(ofDescriptor descriptor: Int32) -> String? {
        FileIdentity(regularFile: descriptor).flatMap { pathByIdentity[$0] }
    }
}
