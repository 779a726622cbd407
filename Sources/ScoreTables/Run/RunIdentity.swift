import Foundation

/// What must be the same for a run to be resumed: the model, the inputs, the options that rows depend on.
package struct RunIdentity: Codable, Sendable, Hashable {
    package struct Fact: Codable, Sendable, Hashable {
        /// Its name in messages, such as `window`.
        package let name: String
        /// As messages show it; for something large, a checksum.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var facts: [Fact]

    package init(facts: [Fact] = []) { self.facts = facts }
}

extension RunIdentity {
    /// In one line.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    init?(json: String) {
        guard let identity = try? JSONDecoder().decode(RunIdentity.self, from: Data(json.utf8)) else { return nil }
        self = identity
    }
}

extension RunIdentity {
    /// In which precision rows are computed, such as `int8`.
    package static func precision(_ name: String) -> Fact { Fact(name: precisionName, value: name) }

    private static let precisionName = "the precision"

    /// What holds for runs from before a fact was noted.
    private static let unsaid = [precisionName: "float32"]
}

extension RunIdentity {
    /// A fact that two runs don't share; the value is nil for a run that doesn't have it.
    package struct Difference: Sendable, Hashable {
        package let name: String
        package let before: String?
        package let now: String?
    }

    /// What would change if another run was resumed as this one.
    func differences(from before: RunIdentity) -> [Difference] {
        // An option that is given several times is one fact.
        func values(_ facts: [Fact]) -> [String: String] {
            let said = Dictionary(facts.map { ($0.name, $0.value) }) { "\($0), \($1)" }
            return said.merging(Self.unsaid) { said, _ in said }
        }
        let (old, new) = (values(before.facts), values(facts))
        var names: [String] = []
        for fact in facts + before.facts where !names.contains(fact.name) { names.append(fact.name) }
        return names.filter { old[$0] != new[$0] }.map { Difference(name: $0, before: old[$0], now: new[$0]) }
    }
}

/// How a run begins if another may have been before it.
package enum RunStart: String, Sendable, CaseIterable {
    /// From the beginning; refused if there is an unfinished run.
    case new
    /// From the beginning; an unfinished run is discarded.
    case restart
    /// From where an unfinished run stopped, or from the beginning if there is none.
    case resume
    /// The same; and the recordings that failed in a finished run are scored again.
    case retry

    /// Whether a run that was before is continued.
    var continues: Bool { self == .resume || self == .retry }
}
