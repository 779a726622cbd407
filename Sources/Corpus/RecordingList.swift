import AudioInput

/// Recordings in order, and a failure in place of each input that is not one. A recording takes 40 bytes beside its name,
/// which those that follow each other share.
package struct RecordingList: Sendable {
    private struct Entry {
        /// Where the name begins in `names`.
        let offset: Int
        let nameLength: UInt32
        /// The place of a failure's reason in `reasons`, counted from 1; 0 for a recording.
        let reason: UInt32
        /// In seconds; not a number if there is no segment.
        let start: Double
        /// In seconds; not a number if the segment goes to the end.
        let end: Double
        /// The place in `folders`.
        let folder: UInt32

        init(_ name: Range<Int>, reason: Int = 0, _ segment: Segment?, folder: Int = 0) {
            offset = name.lowerBound
            nameLength = UInt32(name.count)
            self.reason = UInt32(reason)
            start = segment?.start ?? .nan
            end = segment?.end ?? .nan
            self.folder = UInt32(folder)
        }

        var name: Range<Int> { offset..<offset + Int(nameLength) }
        var isFailure: Bool { reason > 0 }
        var segment: Segment? { start.isNaN ? nil : Segment(start: start, end: end.isNaN ? nil : end) }
    }

    private var entries: [Entry] = []
    /// In UTF-8.
    private var names: [UInt8] = []
    /// Of the failures.
    private var reasons: [any Error] = []
    /// What relative names are relative to.
    private var folders: [String] = []
    /// How they are read.
    package var decoding = AudioDecoding()

    /// How many of the elements are failures.
    package var failureCount: Int { reasons.count }

    init() {}

    /// Appends a recording with this name, which is relative to `folder` unless it is absolute.
    mutating func append(_ name: String, _ segment: Segment?, in folder: String) {
        if folders.last != folder { folders.append(folder) }
        let last = entries.last.flatMap { $0.isFailure ? nil : $0.name }
        let isSame = last.map { names[$0].elementsEqual(name.utf8) } ?? false
        let place = if let last, isSame { last } else { store(name) }
        entries.append(Entry(place, segment, folder: folders.count - 1))
    }

    mutating func append(_ failure: RowFailure) {
        reasons.append(failure.reason)
        entries.append(Entry(store(failure.file), reason: reasons.count, failure.segment))
    }

    private mutating func store(_ name: String) -> Range<Int> {
        let start = names.count
        names.append(contentsOf: name.utf8)
        return start..<names.count
    }
}

extension RecordingList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    package subscript(position: Int) -> Result<Recording, RowFailure> {
        let entry = entries[position]
        let name = String(decoding: names[entry.name], as: UTF8.self)
        if entry.isFailure {
            return .failure(RowFailure(file: name, segment: entry.segment, reason: reasons[Int(entry.reason) - 1]))
        }
        return .success(
            Recording(name: name, root: folders[Int(entry.folder)], segment: entry.segment, decoding: decoding))
    }
}

extension RecordingList {
    /// The same for lists that name the same recordings and parts in the same order, and fail in the same places; almost
    /// surely different for any other list.
    ///
    /// It is the 64-bit FNV-1a hash (Fowler, Noll and Vo) of all names and segments, and does not depend on where the
    /// files are looked for. Samples without a header are others in another format.
    package var fingerprint: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func mix(_ number: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
        }
        for entry in entries {
            mix(UInt64(entry.nameLength) << 1 | (entry.isFailure ? 1 : 0))
            for byte in names[entry.name] { mix(byte) }
            mix(entry.segment.map(\.start.bitPattern) ?? .max)
            mix(entry.segment?.end.map(\.bitPattern) ?? .max)
        }
        if let raw = decoding.raw { for byte in "\(raw)".utf8 { mix(byte) } }
        return hash
    }
}
