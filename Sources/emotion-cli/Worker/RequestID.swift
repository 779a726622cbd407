/// What a request calls itself: any JSON value, which its answer gives back as it is written.
struct RequestID: Sendable, Hashable {
    /// In one line.
    let json: String

    /// That of a request without one.
    static let none = RequestID(json: "null")
}
