import Foundation

/// The absolute path with every symbolic link resolved; nil if nothing exists there.
package func canonicalPath(_ path: String) -> String? {
    guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
