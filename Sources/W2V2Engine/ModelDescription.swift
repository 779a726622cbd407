import Files
import Foundation
import Yams

/// `model.yaml` of a model's folder: one object, `$audonnx.core.model.Model==VERSION`, with the ONNX file's `path`,
/// `labels` by output name and `transform`.
///
/// The document is read node by node, as far as it is needed, and within limits: Yams's own conversion to dictionaries
/// traps on keys that are lists, and copies what an alias stands for each time that it occurs.
struct ModelDescription {
    /// Of the ONNX file, in the same folder.
    let path: String
    /// What the numbers of outputs mean, by output name.
    let labels: [String: [String]]

    /// In bytes; what audonnx writes has some hundreds.
    private static let longestFile = 1 << 16
    /// What they stand for is hashed and walked each time, and may hold aliases itself.
    private static let mostAliases = 16
    /// In all lists; no head has more.
    private static let mostLabels = 1 << 14

    /// - Throws: ``ModelFolderError``
    init(contentsOf file: String) throws(ModelFolderError) {
        func malformed(_ reason: String) -> ModelFolderError { .malformed(file: file, reason: reason) }
        let bytes: [UInt8]
        do {
            bytes = try RegularFile(file).read(at: 0, count: Self.longestFile + 1)
        } catch {
            throw malformed("it can't be read: \(error)")
        }
        guard bytes.count <= Self.longestFile else {
            throw malformed("more than \(Self.longestFile) bytes, which no description has")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed("not UTF-8 text") }
        guard Self.aliasCount(text) <= Self.mostAliases else {
            throw malformed("more than \(Self.mostAliases) aliases, which no description has")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw malformed(printable("\(error)", longest: 200)) }

        guard let object = root?.mapping, object.count == 1, let (key, value) = object.first,
            let name = key.scalar?.string, name.hasPrefix("$audonnx."), name.contains(".Model"),
            let fields = value.mapping
        else { throw malformed("it should hold one object, $audonnx.core.model.Model") }
        guard Self.isNothing(fields[field: "transform"], depth: 0) else { throw .transform(file: file) }

        let path = fields[field: "path"].map { $0.scalar?.string } ?? "model.onnx"
        guard let path, !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains(".."),
            !path.utf8.contains(0)
        else { throw malformed("path should name a file in the same folder, not \(quoted(path ?? "a list"))") }
        self.path = path
        do throws(Fault) { labels = try Self.labels(in: fields[field: "labels"]) } catch {
            throw malformed(error.reason)
        }
    }

    /// What is wrong with a field.
    private struct Fault: Error { let reason: String }

    private static func labels(in node: Node?) throws(Fault) -> [String: [String]] {
        guard let node, !node.isNull else { return [:] }
        guard let byOutput = node.mapping else { throw Fault(reason: "labels should be lists by output name") }
        var labels: [String: [String]] = [:]
        var count = 0
        for (output, list) in byOutput where !list.isNull {
            guard let output = output.scalar?.string else {
                throw Fault(reason: "labels should be lists by output name")
            }
            guard let list = list.sequence else {
                throw Fault(reason: "the labels of \(quoted(output)) should be a list")
            }
            count += list.count
            guard count <= mostLabels else { throw Fault(reason: "more than \(mostLabels) labels") }
            labels[output] = []
            for label in list {
                guard let text = label.scalar?.string else {
                    throw Fault(reason: "each of the labels of \(quoted(output)) should be a word")
                }
                labels[output]?.append(text)
            }
        }
        return labels
    }

    /// Whether a transform is null, for all inputs.
    private static func isNothing(_ transform: Node?, depth: Int) -> Bool {
        guard let transform, !transform.isNull else { return true }
        guard depth == 0, let byInput = transform.mapping else { return false }
        return byInput.allSatisfy { isNothing($0.value, depth: 1) }
    }

    /// At least as many as the text has: asterisks at the beginning of a word.
    private static func aliasCount(_ text: String) -> Int {
        let before: Set<UInt8> = Set(" \t\r\n,[]{}?:-".utf8)
        var (count, previous) = (0, UInt8(ascii: "\n"))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "*"), before.contains(previous) { count += 1 }
            previous = byte
        }
        return count
    }
}

extension Node.Mapping {
    /// The field of this name; Yams takes no name twice.
    fileprivate subscript(field name: String) -> Node? { first { $0.key.scalar?.string == name }?.value }
}

extension Node {
    /// Whether it is written as one of YAML's words for nothing, without quotes.
    fileprivate var isNull: Bool {
        guard let scalar, scalar.style != .singleQuoted, scalar.style != .doubleQuoted else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
