import AudioInput
import Foundation
import SwiftCSV

/// A CSV table of recordings: a column `file`, and `start` and `end` where parts are meant.
enum SegmentTable {
    /// The table's recordings in its order. Relative files are looked for from the table's folder.
    static func recordings(in path: String) throws(InputList.Failure) -> [Recording] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputList.Failure(input: path, reason: "the table can't be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw InputList.Failure(input: path, reason: "the table is not UTF-8 text")
        }
        let table: CSV<Named>
        do {
            table = try CSV<Named>(string: text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text)
        } catch {
            throw InputList.Failure(input: path, reason: "the table is not CSV: \(error)")
        }
        guard table.header.contains("file") else {
            throw InputList.Failure(
                input: path, reason: "the table needs a column 'file', and may have 'start' and 'end' in seconds")
        }
        let folder = (path as NSString).deletingLastPathComponent
        var recordings: [Recording] = []
        for (index, row) in table.rows.enumerated() {
            guard let file = row["file"], !file.isEmpty else {
                throw InputList.Failure(input: path, reason: "row \(index + 1) names no file")
            }
            let start = try seconds(row["start"], column: "start", row: index + 1, of: path)
            let end = try seconds(row["end"], column: "end", row: index + 1, of: path)
            if let end, end <= start ?? 0 {
                throw InputList.Failure(input: path, reason: "row \(index + 1) ends before it starts")
            }
            let isAbsolute = file.hasPrefix("/") || folder.isEmpty
            recordings.append(
                Recording(
                    name: file, path: isAbsolute ? file : (folder as NSString).appendingPathComponent(file),
                    segment: start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)))
        }
        guard !recordings.isEmpty else { throw InputList.Failure(input: path, reason: "the table has no rows") }
        return recordings
    }

    /// A time of a table: nil where it is empty or pandas' `NaT`.
    private static func seconds(
        _ field: String?, column: String, row: Int, of path: String
    ) throws(InputList.Failure) -> Double? {
        let text = (field ?? "").trimmingCharacters(in: .whitespaces)
        if text.isEmpty || text == "NaT" { return nil }
        guard let seconds = Double(text) ?? timedelta(text), seconds.isFinite, seconds >= 0 else {
            throw InputList.Failure(
                input: path,
                reason: "row \(row): \(column) should be seconds or a time such as 0 days 00:00:01.5, not '\(text)'")
        }
        return seconds
    }

    /// Seconds of a time as pandas prints it: `D days HH:MM:SS.ffffff`.
    private static func timedelta(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let days = Int(parts[0]), parts[1] == "days" || parts[1] == "day" else { return nil }
        let fields = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, let hours = Int(fields[0]), let minutes = Int(fields[1]),
            let seconds = Double(fields[2]), days >= 0, hours >= 0, minutes >= 0, seconds >= 0
        else { return nil }
        return Double(days) * 86_400 + Double(hours) * 3600 + Double(minutes) * 60 + seconds
    }
}
