import AudioInput
import Corpus
import Files
import Foundation

/// A request to a worker: a line with a JSON object.
///
/// `file` is needed. `start` and `end` are seconds, or times as `TimeText` reads them; null, absent or empty, they mean
/// the beginning and the end. A `duration` may stand in place of the end. Other names are refused; if a name occurs twice,
/// the last counts.
package struct WorkerRequest: Sendable, Hashable {
    package let id: RequestID
    /// As it was given.
    package let file: String
    /// Nil for the whole file.
    package let segment: Segment?

    /// - Parameters:
    ///   - line: the bytes of the line, with or without its end.
    ///   - number: the line's, counted from 1.
    /// - Throws: what answers the request in its place.
    package init(line: [UInt8], number: Int) throws(WorkerRequestError) {
        let values = try RequestValues(line: line, number: number)
        id = values.id
        file = try values.file()
        let start = try values.time("start", of: file)
        var end = try values.time("end", of: file)
        if let duration = try values.time("duration", of: file) {
            if end != nil { throw WorkerRequestError(id: id, .endAndDuration(file: file)) }
            end = (start ?? 0) + duration
        }
        if let end, end <= start ?? 0 {
            throw WorkerRequestError(id: id, .impossibleSegment(file: file, start: start ?? 0, end: end))
        }
        segment = start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)
    }

    /// What it asks for, looked for in `root` unless the file's path is absolute.
    package func recording(root: String?, decoding: AudioDecoding = AudioDecoding()) -> Recording {
        Recording(name: file, root: root, segment: segment, decoding: decoding)
    }
}

/// The id of a request: any JSON value, which its answer gives back as it is written.
package struct RequestID: Sendable, Hashable {
    /// In one line.
    package let json: String

    package init(json: String) { self.json = json }

    /// As it is written, but for line breaks between its tokens: in its strings there are none.
    init(_ bytes: [UInt8]) {
        json = String(decoding: bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
    }

    /// For a request without an id.
    package static let none = RequestID(json: "null")
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
        id = values["id"].map(RequestID.init) ?? .none
        self.number = number
        self.values = values
        let unknown = values.keys.filter { !WorkerRequestError.keys.contains($0) }.sorted()
        if let key = unknown.first {
            throw WorkerRequestError(id: id, .unknownKey(line: number, key))
        }
    }

    func file() throws(WorkerRequestError) -> String {
        guard let value = values["file"], let file = Self.text(value[...]), !file.isEmpty else {
            throw WorkerRequestError(id: id, .noFile(line: number))
        }
        if file == "-" { throw WorkerRequestError(id: id, .standardInput) }
        if file.utf8.contains(0) { throw WorkerRequestError(id: id, .zeroInName(file: file)) }
        return file
    }

    /// Nil if no time is given.
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

/// A request that can't be understood.
package struct WorkerRequestError: Error, Hashable, CustomStringConvertible {
    /// The request's; ``RequestID/none`` if the line is not a JSON object.
    package let id: RequestID
    package let reason: Reason

    package init(id: RequestID, _ reason: Reason) {
        self.id = id
        self.reason = reason
    }

    package enum Reason: Hashable, Sendable {
        case blank(line: Int)
        /// In bytes.
        case tooLong(line: Int, longest: Int)
        case notUTF8(line: Int)
        /// From this byte of the line on, counted from 1.
        case notJSON(line: Int, byte: Int)
        case noObject(line: Int)
        case noFile(line: Int)
        case unknownKey(line: Int, String)
        case endAndDuration(file: String)
        case standardInput
        case zeroInName(file: String)
        /// As the request has it.
        case noTime(file: String, name: String, found: String)
        case impossibleSegment(file: String, start: Double, end: Double)
    }

    /// One line.
    package var description: String {
        switch reason {
        case .blank(let line): "line \(line): blank; \(Self.expectation)"
        case .tooLong(let line, let longest): "line \(line): longer than \(longest) bytes; \(Self.expectation)"
        case .notUTF8(let line): "line \(line): not UTF-8 text; \(Self.expectation)"
        case .notJSON(let line, let byte): "line \(line): not JSON at byte \(byte); \(Self.expectation)"
        case .noObject(let line): "line \(line): not a JSON object; \(Self.expectation)"
        case .noFile(let line): "line \(line): no file; \(Self.expectation)"
        case .unknownKey(let line, let key):
            "line \(line): unknown key \(quoted(key))\(Self.guess(key)); a request may have "
                + Self.keys.dropLast().joined(separator: ", ") + " and \(Self.keys.last ?? "")"
        case .endAndDuration(let file): "\(printable(file)): both end and duration; leave out one"
        case .standardInput: "standard input holds the requests; the path of a file is needed"
        case .zeroInName(let file): "\(printable(file)): a NUL character, which no file name can have"
        case .noTime(let file, let name, let found):
            "\(printable(file)): \(name) is \(printable(found, longest: 40)), not seconds or a time such as "
                + "\"0 days 00:00:01.5\""
        case .impossibleSegment(let file, let start, let end):
            "\(printable(file)): ends at \(end) s, which is not after its start at \(start) s"
        }
    }

    /// What a request may have.
    static let keys = ["id", "file", "start", "end", "duration"]

    /// What an unknown key may have been meant to be.
    private static func guess(_ key: String) -> String {
        let meant: String? =
            switch ColumnMeaning(key)?.kind {
            case .file: "file"
            case .start: "start"
            case .end: "end"
            case .duration: "duration"
            default: keys.first { $0 == key.lowercased() }
            }
        if let meant { return ", perhaps '\(meant)'" }
        return key.lowercased().hasPrefix("channel") ? ", which is the worker's own option" : ""
    }

    private static let expectation = #"an object such as {"id": 1, "file": "a.wav"} is expected"#
}
