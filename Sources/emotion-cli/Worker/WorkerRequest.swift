import AudioInput
import Corpus
import Foundation

/// What a worker is asked to score: a line with a JSON object.
///
/// `file` is needed. `start` and `end` are seconds, or times as `TimeText` reads them; null, absent or empty, they mean
/// the beginning and the end. Other names are passed over; of a name that is there twice, the last counts.
struct WorkerRequest: Sendable, Hashable {
    let id: RequestID
    /// As it was given.
    let file: String
    /// Nil for the whole file.
    let segment: Segment?

    /// - Parameters:
    ///   - line: the bytes of the line, with or without its end.
    ///   - number: the line's, counted from 1.
    /// - Throws: what answers the request in its place.
    init(line: [UInt8], number: Int) throws(WorkerRequestError) {
        let values = try RequestValues(line: line, number: number)
        id = values.id
        file = try values.file()
        let start = try values.time("start", of: file)
        let end = try values.time("end", of: file)
        if let end, end <= start ?? 0 {
            throw WorkerRequestError(id: id, .impossibleSegment(file: file, start: start ?? 0, end: end))
        }
        segment = start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)
    }

    /// What it asks for, looked for in `root` unless the file's path is absolute.
    func recording(root: String?) -> Recording { Recording(name: file, root: root, segment: segment) }
}

/// The values of the line's object, by name.
private struct RequestValues {
    let id: RequestID
    private let number: Int
    /// As they are written.
    private let values: [String: [UInt8]]

    init(line: [UInt8], number: Int) throws(WorkerRequestError) {
        guard String(validating: line, as: UTF8.self) != nil else {
            throw WorkerRequestError(id: .none, .notUTF8(line: number))
        }
        guard let members = try Self.members(of: line, number: number) else {
            throw WorkerRequestError(id: .none, .noObject(line: number))
        }
        var values: [String: [UInt8]] = [:]
        for member in members {
            guard let name = Self.text(line[member.name]) else { continue }
            values[name] = Array(line[member.value])
        }
        id = values["id"].map { RequestID(json: String(decoding: $0, as: UTF8.self)) } ?? .none
        self.number = number
        self.values = values
    }

    func file() throws(WorkerRequestError) -> String {
        guard let value = values["file"], let file = Self.text(value[...]), !file.isEmpty else {
            throw WorkerRequestError(id: id, .noFile(line: number))
        }
        if file == "-" { throw WorkerRequestError(id: id, .standardInput) }
        if file.utf8.contains(0) { throw WorkerRequestError(id: id, .zeroInName(file: file)) }
        return file
    }

    /// Nil where no time is given.
    func time(_ name: String, of file: String) throws(WorkerRequestError) -> Double? {
        guard let value = values[name], !value.elementsEqual("null".utf8) else { return nil }
        let written = String(decoding: value, as: UTF8.self)
        let text = Self.text(value[...]) ?? written
        if value.first == UInt8(ascii: "\""), TimeText.isMissing(text) { return nil }
        guard let seconds = TimeText.seconds(text) else {
            throw WorkerRequestError(id: id, .noTime(file: file, name: name, found: written))
        }
        return seconds
    }

    private static func members(
        of line: [UInt8], number: Int
    ) throws(WorkerRequestError) -> [(name: Range<Int>, value: Range<Int>)]? {
        var scanner = JSONScanner(line)
        do throws(JSONScanner.Failure) { return try scanner.object() } catch {
            let isBlank = line.allSatisfy { Character(Unicode.Scalar($0)).isWhitespace }
            throw WorkerRequestError(
                id: .none, isBlank ? .blank(line: number) : .notJSON(line: number, byte: error.offset + 1))
        }
    }

    /// The text that a JSON string stands for; nil for another value, and for one with half a surrogate pair.
    private static func text(_ value: ArraySlice<UInt8>) -> String? {
        guard value.first == UInt8(ascii: "\"") else { return nil }
        if !value.contains(UInt8(ascii: "\\")) { return String(decoding: value.dropFirst().dropLast(), as: UTF8.self) }
        return try? JSONDecoder().decode(String.self, from: Data(value))
    }
}
