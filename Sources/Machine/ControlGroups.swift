import Foundation

/// The control groups of this process and those around them, which share their limits: of version 2 and of version 1, as
/// far as they are mounted here.
package struct ControlGroups: Sendable, Hashable {
    /// One group's folder.
    package struct Folder: Sendable, Hashable {
        package let path: String
        /// 1 or 2: which names its files have.
        package let version: Int

        package init(path: String, version: Int) {
            self.path = path
            self.version = version
        }
    }

    fileprivate struct Mount: Hashable {
        let version: Int
        /// Of version 1.
        let controllers: Set<String>
        /// The group that is mounted, and where.
        let root: String
        let point: String
    }

    private let mounts: [Mount]
    /// The process's group in the hierarchy of a controller; that of version 2 is under the empty name.
    private let groups: [String: String]

    /// Those of this process, as they were when they were first asked for.
    package static let current = ControlGroups(
        groups: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
        mounts: (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? "")

    /// From the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`; lines that are not understood are left out.
    package init(groups: String, mounts: String) {
        var paths: [String: String] = [:]
        for line in groups.split(separator: "\n") {
            // 4:memory:/user.slice, or 0::/user.slice in version 2
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",", omittingEmptySubsequences: fields[1] != "")
            for controller in controllers { paths[String(controller)] = String(fields[2]) }
        }
        self.groups = paths
        self.mounts = mounts.split(separator: "\n").compactMap { Mount($0) }
    }

    /// The folders with a controller's files, the innermost group's first. In those of version 2, only some may have them.
    package func folders(of controller: String) -> [Folder] {
        mounts.flatMap { mount in
            guard mount.version == 2 || mount.controllers.contains(controller) else { return [Folder]() }
            let group = groups[mount.version == 2 ? "" : controller] ?? "/"
            return mount.folders(of: group).map { Folder(path: $0, version: mount.version) }
        }
    }

    /// The lowest of what `limit` finds for each of a controller's groups. It gets a function for the contents of a group's
    /// files, and which version's names they have.
    package func least<Limit: Comparable>(
        of controller: String, _ limit: (_ contents: (String) -> String?, _ version: Int) -> Limit?
    ) -> Limit? {
        folders(of: controller).compactMap { folder in
            limit({ try? String(contentsOfFile: folder.path + "/" + $0, encoding: .utf8) }, folder.version)
        }
        .min()
    }
}

extension ControlGroups.Mount {
    /// From a line of `mountinfo`; nil if it is no mount of control groups.
    fileprivate init?(_ line: Substring) {
        // 35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        switch fields[dash + 1] {
        case "cgroup2": version = 2
        case "cgroup": version = 1
        default: return nil
        }
        controllers = version == 1 ? Set(fields[dash + 3].split(separator: ",").map(String.init)) : []
        root = Self.unescaped(fields[3])
        point = Self.unescaped(fields[4])
    }

    /// The folders of a group and of those around it, up to the mounted one. A group outside it, as there is in some
    /// containers, is taken for the mounted one.
    fileprivate func folders(of group: String) -> [String] {
        let prefix = root == "/" ? "" : root
        var names: [Substring] = []
        if group == prefix || group.hasPrefix(prefix + "/") {
            names = group.dropFirst(prefix.count).split(separator: "/")
        }
        if names.contains("..") { names = [] }
        return (0...names.count).reversed().map { count in
            ([point == "/" ? "" : point] + names.prefix(count).map(String.init)).joined(separator: "/")
        }
    }

    /// Spaces and the like are written as octal numbers, such as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
