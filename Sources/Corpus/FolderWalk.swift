import Files

/// The files of a folder and, if wanted, of all folders below it.
///
/// Folders and files come in the order of their names, a folder's contents where the folder's name stands. Links are
/// followed; a folder that is reached in several ways is entered once. Hidden folders are skipped.
struct FolderWalk {
    let filter: FileFilter
    let isRecursive: Bool
    /// What relative folders are relative to.
    let root: String

    private(set) var entered: Set<FolderListing.Identity> = []
    private(set) var hasSubfolders = false

    /// Collects the files of the folder; a failure in its place if it has none.
    mutating func collect(_ folder: String, into collector: inout RecordingCollector) {
        let before = collector.count
        enter(folder, into: &collector)
        guard collector.count == before else { return }
        let reason = InputError.noFile(
            wanted: filter.wanted, isRecursive: isRecursive, hasSubfolders: hasSubfolders && !isRecursive)
        collector.add(RowFailure(file: folder, reason: reason))
    }

    private mutating func enter(_ folder: String, into collector: inout RecordingCollector) {
        let listing: FolderListing
        do throws(SystemError) { listing = try FolderListing(FilePath.joined(root, folder)) } catch {
            collector.add(RowFailure(file: folder, reason: InputError.unreadable(.folder, error)))
            return
        }
        guard entered.insert(listing.identity).inserted else { return }
        for entry in listing.entries {
            let name = FilePath.joined(folder, entry.name)
            if entry.isFolder {
                if entry.name.hasPrefix(".") { continue }
                hasSubfolders = true
                if isRecursive { enter(name, into: &collector) }
            } else if filter.takes(entry.name) {
                if entry.hasReadableName {
                    collector.add(name, in: root)
                } else {
                    collector.add(RowFailure(file: name, reason: InputError.nameNotUTF8))
                }
            }
        }
    }
}
