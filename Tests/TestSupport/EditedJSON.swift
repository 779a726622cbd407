import Foundation

/// The JSON of `value` with a part of it replaced; `path` is keys and indices with points between them.
package func json(of value: some Encodable, replacing path: String, with replacement: Any) throws -> Data {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
    let keys = path.split(separator: ".").map(String.init)
    return try JSONSerialization.data(withJSONObject: replacing(keys[...], in: object, with: replacement))
}

/// `value` with a part of its JSON replaced.
package func edited<Value: Codable>(_ value: Value, _ path: String, _ replacement: Any) throws -> Value {
    try JSONDecoder().decode(Value.self, from: json(of: value, replacing: path, with: replacement))
}

private func replacing(_ path: ArraySlice<String>, in json: Any, with value: Any) -> Any {
    guard let key = path.first else { return value }
    if var list = json as? [Any], let index = Int(key) {
        list[index] = replacing(path.dropFirst(), in: list[index], with: value)
        return list
    }
    guard var object = json as? [String: Any] else { return json }
    object[key] = replacing(path.dropFirst(), in: object[key] ?? NSNull(), with: value)
    return object
}
