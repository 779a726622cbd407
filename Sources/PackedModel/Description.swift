import Foundation
import W2V2Network

/// What a packed model holds: the caller's contents, and the table of blocks.
///
/// As JSON: `{"blocks": [{"bytes": …, "checksum": …, "format": …, "name": …, "offset": …}, …], "contents": …}`, with the
/// keys in that order.
struct Description<Contents> {
    var contents: Contents
    var blocks: [BlockEntry]

    fileprivate enum CodingKeys: CodingKey { case blocks, contents }
}

/// A row of the table of blocks.
struct BlockEntry: Codable, Equatable {
    var name: String
    /// In bytes, from the end of the description's last page.
    var offset: Int
    /// One or more.
    var byteCount: Int
    /// How its numbers are stored, such as `float32`.
    var format: String
    /// Of its bytes, in 16 lower-case hexadecimal digits.
    var checksum: String

    enum CodingKeys: String, CodingKey {
        case name, offset, format, checksum
        case byteCount = "bytes"
    }
}

extension Description: Encodable where Contents: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(blocks, forKey: .blocks)
        try container.encode(contents, forKey: .contents)
    }

    /// The same bytes for equal values.
    func encoded() throws(PackedModelError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(self)) } catch {
            throw .contentsNotEncodable(reason: oneLine(error))
        }
    }
}

extension Description: Decodable where Contents: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        blocks = try container.decode([BlockEntry].self, forKey: .blocks)
        contents = try container.decode(Contents.self, forKey: .contents)
    }

    /// - Throws: `EngineError` if the contents are an architecture that is none, else ``PackedModelError``.
    init(json: Data) throws {
        do { self = try JSONDecoder().decode(Self.self, from: json) } catch let error as EngineError {
            throw error
        } catch {
            throw PackedModelError.unexpectedDescription(reason: oneLine(error))
        }
    }
}

/// Contents of any kind, which are not looked at.
struct AnyContents: Decodable {
    init(from decoder: any Decoder) {}
}

/// Where in the JSON a value cannot be coded, and why.
private func oneLine(_ error: any Error) -> String {
    let context: (path: [any CodingKey], text: String) =
        switch error {
        case DecodingError.keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            (context.codingPath, context.debugDescription)
        case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
        default: ([], "\(error)")
        }
    let place = context.path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    return place.isEmpty ? context.text : "\(place): \(context.text)"
}
