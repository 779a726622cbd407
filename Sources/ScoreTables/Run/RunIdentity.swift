/// What must be the same for an unfinished run to be gone on with: the model, the inputs, the options that rows depend
/// on.
public struct RunIdentity: Codable, Sendable, Hashable {
    public struct Fact: Codable, Sendable, Hashable {
        /// As messages call it, such as `--window`.
        public let name: String
        /// As messages show it; something large is stood for by a checksum.
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public var facts: [Fact]

    public init(facts: [Fact] = []) { self.facts = facts }
}

extension RunIdentity {
    /// A fact that two runs don't share; nil where one of them doesn't have it.
    public struct Difference: Sendable, Hashable {
        public let name: String
        public let before: String?
        public let now: String?

        public init(name: String, before: String?, now: String?) {
            self.name = name
            self.before = before
            self.now = now
        }
    }

    /// What another run, gone on with as this one, would change.
    func differences(from before: RunIdentity) -> [Difference] {
        // An option that is given several times is one fact.
        let old = Dictionary(before.facts.map { ($0.name, $0.value) }) { "\($0), \($1)" }
        let new = Dictionary(facts.map { ($0.name, $0.value) }) { "\($0), \($1)" }
        var names: [String] = []
        for fact in facts + before.facts where !names.contains(fact.name) { names.append(fact.name) }
        return names.filter { old[$0] != new[$0] }.map { Difference(name: $0, before: old[$0], now: new[$0]) }
    }
}
