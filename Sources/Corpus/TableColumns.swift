import Files

/// Where a table of recordings has what.
struct TableColumns {
    struct Time {
        let index: Int
        let name: String
        let unit: TimeText.Unit
    }

    let file: Int
    let start: Time?
    let end: Time?
    let duration: Time?
    /// Of all columns.
    let count: Int

    private struct Column {
        let index: Int
        let name: String
        var meaning: ColumnMeaning
    }

    /// From the names in the header. `fileColumn` is the column with the recordings; nil for the one whose name means
    /// that.
    ///
    /// - Throws: if a column means a time or the recording and can't be used.
    init(_ header: [String], fileColumn: String?) throws(InputError) {
        var names = header
        if let first = names.first, first.hasPrefix("#") { names[0] = String(first.dropFirst().drop { $0 == " " }) }
        count = names.count
        let all = Self.columns(names)
        file = try Self.fileColumn(named: fileColumn, names, all)
        let times = try Self.resolvingOffset(all.filter { [file] in $0.index != file })
        for case (let column, .unreadable(let unit)) in times.map({ ($0, $0.meaning.kind) }) {
            throw .unreadableTimes(column: column.name, unit: unit)
        }
        start = try Self.time(.start, "the start", times)
        end = try Self.time(.end, "the end", times)
        duration = try Self.time(.duration, "the duration", times)
        if start == nil, let end, let duration { throw .noStart(end: end.name, duration: duration.name) }
    }

    /// Whether a header could begin with this field.
    static func isHeader(_ field: ArraySlice<UInt8>) -> Bool {
        guard let name = String(validating: field.trimmed(), as: UTF8.self) else { return false }
        return ColumnMeaning(name)?.kind == .file
    }

    private static func columns(_ names: [String]) -> [Column] {
        let keys = names.map(ColumnMeaning.key)
        var columns = names.indices.compactMap { index in
            ColumnMeaning(names[index]).map { Column(index: index, name: names[index], meaning: $0) }
        }
        for (from, to) in ColumnMeaning.pairs {
            guard let first = keys.firstIndex(of: from), let last = keys.firstIndex(of: to) else { continue }
            columns.append(Column(index: first, name: names[first], meaning: ColumnMeaning(.start)))
            columns.append(Column(index: last, name: names[last], meaning: ColumnMeaning(.end)))
            break
        }
        return columns
    }

    private static func fileColumn(
        named name: String?, _ names: [String], _ columns: [Column]
    ) throws(InputError) -> Int {
        if let name {
            let exact = names.indices.filter { names[$0] == name }
            let found =
                exact.isEmpty
                ? names.indices.filter { ColumnMeaning.key(names[$0]) == ColumnMeaning.key(name) } : exact
            guard let first = found.first else { throw .noSuchColumn(name, columns: names) }
            guard found.count == 1 else { throw .sameMeaning(found.map { names[$0] }, "the recording") }
            return first
        }
        let found = columns.filter { $0.meaning.kind == .file }
        guard let first = found.first else { throw .noFileColumn(columns: names) }
        guard found.count == 1 else { throw .sameMeaning(found.map(\.name), "the recording") }
        return first.index
    }

    /// Decides what an offset is: the end of an onset, or a start with a duration.
    private static func resolvingOffset(_ columns: [Column]) throws(InputError) -> [Column] {
        func names(_ kind: ColumnMeaning.Kind) -> [Column] { columns.filter { $0.meaning.kind == kind } }
        guard let offset = names(.offset).first else { return columns }
        let (starts, ends) = (names(.start), names(.end))
        let meaning: ColumnMeaning.Kind
        if starts.count == 1, ends.isEmpty, ColumnMeaning.key(starts[0].name).contains("onset") {
            meaning = .end
        } else if starts.isEmpty, ends.isEmpty, !names(.duration).isEmpty {
            meaning = .start
        } else {
            throw .ambiguousOffset(column: offset.name)
        }
        return columns.map { column in
            var column = column
            if column.meaning.kind == .offset { column.meaning = ColumnMeaning(meaning, column.meaning.unit) }
            return column
        }
    }

    private static func time(
        _ kind: ColumnMeaning.Kind, _ words: String, _ columns: [Column]
    ) throws(InputError) -> Time? {
        let found = columns.filter { $0.meaning.kind == kind }
        guard found.count <= 1 else { throw .sameMeaning(found.map(\.name), words) }
        return found.first.map { Time(index: $0.index, name: $0.name, unit: $0.meaning.unit) }
    }
}
