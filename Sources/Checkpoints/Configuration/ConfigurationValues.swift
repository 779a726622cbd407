import Files

/// The values of a configuration file, by key. Each is of the type and in the range that is asked for, or an error that
/// names the file and the key.
struct ConfigurationValues {
    let path: String
    private let object: JSONValue

    private static let mostBytes = 1 << 20
    private static let largestSize = 1 << 20
    private static let longestList = 64
    private static let mostLabels = 4096

    init(path: String) throws(CheckpointError) {
        self.path = path
        object = try JSONFile(path: path, mostBytes: Self.mostBytes).object
    }

    func wrong(_ key: String, found: String, expected: String) -> CheckpointError {
        CheckpointError(.wrongValue(found: found, expected: expected), part: "key \(quoted(key))", file: path)
    }

    // MARK: Values that are there or have a default

    func flag(_ key: String, default value: Bool) throws(CheckpointError) -> Bool {
        guard let found = object[key] else { return value }
        guard case .bool(let flag) = found else { throw wrong(key, found: found.described, expected: "true or false") }
        return flag
    }

    func size(_ key: String, default value: Int) throws(CheckpointError) -> Int {
        guard let found = object[key] else { return value }
        return try size(key, found)
    }

    func sizes(_ key: String, default value: [Int]) throws(CheckpointError) -> [Int] {
        guard let found = object[key] else { return value }
        guard case .list(let items) = found, (1...Self.longestList).contains(items.count) else {
            throw wrong(key, found: found.described, expected: "a list of 1 to \(Self.longestList) sizes")
        }
        var sizes: [Int] = []
        for item in items { sizes.append(try size(key, item)) }
        return sizes
    }

    /// A number between 0 and 1, neither of them included.
    func fraction(_ key: String, default value: Double) throws(CheckpointError) -> Double {
        guard let found = object[key] else { return value }
        guard let number = found.double, number > 0, number < 1 else {
            throw wrong(key, found: found.described, expected: "a number between 0 and 1")
        }
        return number
    }

    func text(_ key: String, default value: String) throws(CheckpointError) -> String {
        guard let found = object[key] else { return value }
        guard let text = found.string else { throw wrong(key, found: found.described, expected: "a text") }
        return text
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, default value: Choice
    ) throws(CheckpointError) -> Choice {
        guard let found = object[key] else { return value }
        guard let choice = found.string.flatMap(Choice.init) else {
            let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw wrong(key, found: found.described, expected: choices)
        }
        return choice
    }

    private func size(_ key: String, _ value: JSONValue) throws(CheckpointError) -> Int {
        guard let size = value.integer, (1...Self.largestSize).contains(size) else {
            throw wrong(key, found: value.described, expected: "a whole number from 1 to \(Self.largestSize)")
        }
        return size
    }

    // MARK: Values that may be left out, or null

    func text(_ key: String) throws(CheckpointError) -> String? {
        guard let found = optional(key) else { return nil }
        guard let text = found.string else { throw wrong(key, found: found.described, expected: "a text or null") }
        return text
    }

    func texts(_ key: String) throws(CheckpointError) -> [String]? {
        guard let found = optional(key) else { return nil }
        guard case .list(let items) = found else {
            throw wrong(key, found: found.described, expected: "a list of texts or null")
        }
        var texts: [String] = []
        for item in items {
            guard let text = item.string else {
                throw wrong(key, found: "a list with \(item.described)", expected: "a list of texts")
            }
            texts.append(text)
        }
        return texts
    }

    /// `id2label`, whose keys are "0", "1" and so on, and the number of labels, which `num_labels` may say too.
    func labels() throws(CheckpointError) -> (names: [String]?, count: Int) {
        let count = try optional("num_labels").map { found throws(CheckpointError) in try size("num_labels", found) }
        guard let found = optional("id2label") else { return (nil, count ?? 2) }
        guard case .object(let members) = found, (1...Self.mostLabels).contains(members.count) else {
            throw wrong("id2label", found: found.described, expected: "an object of 1 to \(Self.mostLabels) labels")
        }
        var names: [String] = []
        for number in members.indices {
            guard let name = found["\(number)"] else {
                throw wrong(
                    "id2label", found: "an object of \(members.count) labels without \"\(number)\"",
                    expected: "one whose keys are \"0\" to \"\(members.count - 1)\"")
            }
            guard let name = name.string else {
                throw wrong("id2label", found: "\"\(number)\": \(name.described)", expected: "a label, which is a text")
            }
            names.append(name)
        }
        guard count ?? names.count == names.count else {
            throw wrong(
                "num_labels", found: "\(count ?? 0)", expected: "\(names.count), the number of labels in id2label")
        }
        return (names, names.count)
    }

    private func optional(_ key: String) -> JSONValue? { object[key] == .null ? nil : object[key] }
}
