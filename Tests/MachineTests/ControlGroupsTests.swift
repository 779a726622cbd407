import Foundation
import Machine
import TestSupport
import Testing

@Suite("Control groups")
struct ControlGroupsTests {
    private func paths(_ groups: ControlGroups, _ controller: String) -> [String] {
        groups.folders(of: controller).map { "\($0.version) \($0.path)" }
    }

    private static let unified = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

    @Test("of version 2 are those from the process's own up to the root")
    func unified() {
        let groups = ControlGroups(
            groups: "0::/user.slice/user-1000.slice/run.scope\n",
            mounts: "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n" + Self.unified)
        let expected = [
            "2 /sys/fs/cgroup/user.slice/user-1000.slice/run.scope", "2 /sys/fs/cgroup/user.slice/user-1000.slice",
            "2 /sys/fs/cgroup/user.slice", "2 /sys/fs/cgroup",
        ]
        #expect(paths(groups, "memory") == expected)
        #expect(paths(groups, "cpu") == expected)
    }

    @Test("of version 1 are found by their controller, also beside version 2")
    func legacy() {
        let groups = ControlGroups(
            groups: "9:memory:/jobs/7\n4:cpu,cpuacct:/\n1:name=systemd:/init\n0::/init\n",
            mounts: """
                35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                36 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:3 master:2 - cgroup cgroup rw,cpu,cpuacct
                37 31 0:34 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
                38 31 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """)
        let unified = ["2 /sys/fs/cgroup/unified/init", "2 /sys/fs/cgroup/unified"]
        #expect(
            paths(groups, "memory") == [
                "1 /sys/fs/cgroup/memory/jobs/7", "1 /sys/fs/cgroup/memory/jobs", "1 /sys/fs/cgroup/memory",
            ] + unified)
        #expect(paths(groups, "cpu") == ["1 /sys/fs/cgroup/cpu,cpuacct"] + unified)
        #expect(paths(groups, "pids") == unified)
    }

    @Test("in a container are those from the mounted one on")
    func container() {
        let mount = "42 41 0:32 /docker/ab%01 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
        func groups(_ path: String) -> [String] {
            paths(
                ControlGroups(
                    groups: "3:memory:\(path)\n", mounts: mount.replacing("%01", with: "\\0401")), "memory")
        }
        #expect(groups("/docker/ab 1") == ["1 /sys/fs/cgroup/memory"])
        #expect(groups("/docker/ab 1/inner") == ["1 /sys/fs/cgroup/memory/inner", "1 /sys/fs/cgroup/memory"])
        // Outside what is mounted.
        for path in ["/docker/ab 12", "/docker", "/", "/../other", ""] {
            #expect(groups(path) == ["1 /sys/fs/cgroup/memory"], "\(path)")
        }
    }

    @Test("may not be there, or not be understood")
    func malformed() {
        #expect(ControlGroups(groups: "", mounts: "").folders(of: "memory").isEmpty)
        let lines = [
            "-", "1 2 3 - cgroup2", "30 24 0:26 / /x rw - cgroup2", "30 24 0:26 / - cgroup2 cgroup2 rw", ":::",
        ]
        for line in lines {
            #expect(ControlGroups(groups: line, mounts: line).folders(of: "memory").isEmpty, "\(line)")
        }
        // Without a group, the mounted one's limits are known at least.
        for text in ["", "0:", "x", "0::", "0::/../.."] {
            #expect(paths(ControlGroups(groups: text, mounts: Self.unified), "cpu") == ["2 /sys/fs/cgroup"], "\(text)")
        }
        let escaped = #"30 24 0:26 / /a\134b\04\9 rw - cgroup2 cgroup2 rw"#
        #expect(paths(ControlGroups(groups: "", mounts: escaped), "cpu") == [#"2 /a\b\04\9"#])
    }

    @Test("all count, and the lowest limit holds")
    func least() throws {
        let folder = try TemporaryFolder()
        let mount = "30 24 0:26 / \(folder.file("root")) rw - cgroup2 cgroup2 rw\n"
        let groups = ControlGroups(groups: "0::/a/b\n", mounts: mount)
        func limit() -> Int? {
            groups.least(of: "memory") { contents, version in
                #expect(version == 2)
                return contents("limit").flatMap { Int($0) }
            }
        }
        #expect(limit() == nil)
        try FileManager.default.createDirectory(atPath: folder.file("root/a/b"), withIntermediateDirectories: true)
        try folder.write("7".utf8, to: "root/a/limit")
        #expect(limit() == 7)
        try folder.write("9".utf8, to: "root/a/b/limit")
        #expect(limit() == 7)
        try folder.write("none".utf8, to: "root/a/limit")
        #expect(limit() == 9)
    }
}
