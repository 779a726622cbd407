import AudioInput

/// Recordings in order, each of them named or the reason why it can't be, in little memory: 40 bytes each beside its
/// name, which those that follow each other share.
public struct RecordingList: Sendable {
    private struct Entry {
        /// Where the name begins in `text`; a failure's reason follows it.
        let offset: Int
        let nameLength: UInt32
        /// 0 for a recording.
        let reasonLength: UInt32
        /// In seconds; not a number where there is no segment.
        let start: Double
        /// In seconds; not a number where the segment goes to the end.
        let end: Double
        /// The place in `folders`.
        let folder: UInt32

        init(_ name: Range<Int>, reasonLength: Int, _ segment: Segment?, folder: UInt32) {
            offset = name.lowerBound
            nameLength = UInt32(name.count)
            self.reasonLength = UInt32(reasonLength)
            start = segment?.start ?? .nan
            end = segment?.end ?? .nan
            self.folder = folder
        }

        var name: Range<Int> { offset..<offset + Int(nameLength) }
        var reason: Range<Int> { name.upperBound..<name.upperBound + Int(reasonLength) }
        var isFailure: Bool { reasonLength > 0 }
        var segment: Segment? { start.isNaN ? nil : Segment(start: start, end: end.isNaN ? nil : end) }
    }

    private var entries: [Entry] = []
    /// Names and reasons, in UTF-8.
    private var text: [UInt8] = []
    /// What relative names are relative to.
    private var folders: [String] = []

    /// How many of the elements are failures.
    public private(set) var failureCount = 0

    init() {}

    /// Appends a recording with this name, which is relative to `folder` unless it is absolute.
    mutating func append(_ name: String, _ segment: Segment?, in folder: String) {
        if folders.last != folder { folders.append(folder) }
        let place = UInt32(folders.count - 1)
        if let last = entries.last, !last.isFailure, text[last.name].elementsEqual(name.utf8) {
            entries.append(Entry(last.name, reasonLength: 0, segment, folder: place))
        } else {
            entries.append(Entry(store(name), reasonLength: 0, segment, folder: place))
        }
    }

    mutating func append(_ failure: InputFailure) {
        let name = store(failure.file)
        let reason = store(failure.reason.isEmpty ? "not understood" : failure.reason)
        entries.append(Entry(name, reasonLength: reason.count, failure.segment, folder: 0))
        failureCount += 1
    }

    private mutating func store(_ string: String) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: string.utf8)
        return start..<text.count
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}

extension RecordingList: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }

    public subscript(position: Int) -> Result<Recording, InputFailure> {
        let entry = entries[position]
        let name = string(entry.name)
        if entry.isFailure {
            return .failure(InputFailure(file: name, segment: entry.segment, reason: string(entry.reason)))
        }
        return .success(Recording(name: name, root: folders[Int(entry.folder)], segment: entry.segment))
    }
}

extension RecordingList {
    /// The same for lists that name the same recordings and parts in the same order, and fail in the same places; almost
    /// surely another for any other list.
    ///
    /// It is the 64-bit FNV-1a hash (Fowler, Noll and Vo) of all names and segments, and does not depend on where the
    /// files are looked for.
    public var fingerprint: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func mix(_ number: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
        }
        for entry in entries {
            mix(UInt64(entry.nameLength) << 1 | (entry.isFailure ? 1 : 0))
            for byte in text[entry.name] { mix(byte) }
            mix(entry.segment.map(\.start.bitPattern) ?? .max)
            mix(entry.segment?.end.map(\.bitPattern) ?? .max)
        }
        return hash
    }
}
