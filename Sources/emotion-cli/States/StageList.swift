import Foundation
import W2V2Engine

/// Stages in one argument, separated by commas: numbers of hidden states (`0,6,12`), ranges of them (`1-4`), names of
/// arrays (`last_hidden_state`), and families of names (`feature_extractor.*`).
struct StageList: Sendable, Hashable {
    enum Item: Sendable, Hashable {
        /// `hidden_states.N` for each N.
        case layers(ClosedRange<Int>)
        /// Or, where it ends in `.*`, every name that begins with what is before the star.
        case name(String)
    }

    let items: [Item]

    /// - Throws: ``StageListError/malformed(part:)``
    init(_ text: String) throws(StageListError) {
        items = try text.split(separator: ",", omittingEmptySubsequences: false).map(Self.item)
    }

    private static func item(_ part: Substring) throws(StageListError) -> Item {
        let text = part.trimmingCharacters(in: CharacterSet(charactersIn: " "))
        guard !text.isEmpty, text != ".*" else { throw .malformed(part: text) }
        if text.hasSuffix(".*") { return .name(text) }
        guard text.allSatisfy({ $0 == "-" || ("0"..."9").contains($0) }) else {
            guard !text.contains("*"), !text.contains(" ") else { throw .malformed(part: text) }
            return .name(text)
        }
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int(String($0)) }
        switch (numbers.count, numbers[0], numbers[numbers.count - 1]) {
        case (1...2, let first?, let last?) where first <= last: return .layers(first...last)
        default: throw .malformed(part: text)
        }
    }

    /// The stages of a network that the list names.
    ///
    /// - Throws: ``StageListError`` if the network has none of that number or name.
    func stages(in architecture: Architecture) throws(StageListError) -> Set<Stage> {
        let known = Stage.all(of: architecture).map { (name: $0.name(in: architecture), stage: $0) }
        var stages: Set<Stage> = []
        for item in items {
            switch item {
            case .layers(let numbers):
                guard numbers.upperBound <= architecture.encoderLayers else {
                    throw .noSuchLayer(numbers.upperBound, last: architecture.encoderLayers)
                }
                stages.formUnion(numbers.map { $0 == 0 ? .positionalEmbedding : .encoderLayer($0 - 1) })
            case .name(let name):
                let isFamily = name.hasSuffix(".*")
                let found = known.filter { isFamily ? $0.name.hasPrefix(name.dropLast()) : $0.name == name }
                if found.isEmpty { throw .noSuchStage(name, known: known.map(\.name)) }
                stages.formUnion(found.map(\.stage))
            }
        }
        return stages
    }
}

/// A list of stages isn't understood, or the model has no such stage.
enum StageListError: Error, Hashable, CustomStringConvertible {
    case malformed(part: String)
    case noSuchLayer(Int, last: Int)
    case noSuchStage(String, known: [String])

    var description: String {
        switch self {
        case .malformed(let part):
            "'\(part)' is not a layer or stage; a list is numbers (0,6,12), ranges (1-4) and names (last_hidden_state, "
                + "feature_extractor.*), separated by commas"
        case .noSuchLayer(let number, let last):
            "there is no hidden state \(number); this model's are 0 to \(last), of which 0 enters the first layer"
        case .noSuchStage(let name, let known):
            "there is no stage '\(name)'; this model's are \(known.joined(separator: ", "))"
        }
    }
}
