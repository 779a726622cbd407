import Testing

@testable import Files

/// JSON from a text to values.
@Suite("JSON values") struct JSONValueTests {
    private func parse(_ text: String, depth: Int = 8, values: Int = 100) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), .init(depth: depth, values: values))
    }

    private func failure(_ bytes: [UInt8], depth: Int = 8, values: Int = 100) -> JSONScanner.Failure? {
        do throws(JSONScanner.Failure) {
            _ = try JSONValue(parsing: bytes, .init(depth: depth, values: values))
            return nil
        } catch { return error }
    }

    private func failure(_ text: String, depth: Int = 8, values: Int = 100) -> JSONScanner.Failure? {
        failure(Array(text.utf8), depth: depth, values: values)
    }

    @Test func valuesKeepTheirOrderAndDigits() throws {
        let value = try parse(#" {"b": [1.50, -0, 1e5, true, false, null], "a": {"": "x"}, "c": []} "#)
        #expect(
            value["b"]
                == .list([.number("1.50"), .number("-0"), .number("1e5"), .bool(true), .bool(false), .null]))
        #expect(value["a"]?[""] == .string("x"))
        #expect(value["c"] == .list([]))
        #expect(value["d"] == nil)
        #expect(value["b"]?["b"] == nil)
        guard case .object(let members) = value else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.name) == ["b", "a", "c"])
    }

    @Test func escapesStandForCharacters() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(try parse(#""\u0041\u00e9\u20AC\ud83d\ude00é""#) == .string("Aé€😀é"))
        #expect(try parse(#""\u0000""#) == .string("\0"))
    }

    @Test func halfPairsAreRefused() {
        for text in [#""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#]
        {
            #expect(failure(text)?.reason == .halfPair, "\(text)")
        }
    }

    @Test func whatIsNotJSONIsRefused() {
        for text in [
            "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{,}", "01", "+1", "1.", ".5", "1e", "tru", "\"\n\"", "[1]2",
            "NaN", #""\x""#,
        ] {
            #expect(failure(text)?.reason == .notJSON, "\(text)")
        }
        #expect(failure([0x22, 0x61, 0xC3, 0x22]) == .init(offset: 2, reason: .notUTF8))
        #expect(failure([0xFF]) == .init(offset: 0, reason: .notUTF8))
    }

    @Test func namesOccurOnce() {
        #expect(failure(#"{"a":1,"b":{"a":1},"a":2}"#) == .init(offset: 19, reason: .duplicateName("a")))
        #expect(failure(#"{"a":1,"\u0061":2}"#) == .init(offset: 7, reason: .duplicateName("a")))
    }

    @Test func depthAndNumberAreLimited() {
        #expect(failure("[[[]]]", depth: 3) == nil)
        #expect(failure("[[[[]]]]", depth: 3)?.reason == .tooDeep(limit: 3))
        #expect(failure(#"{"a":{"a":{"a":{}}}}"#, depth: 3)?.reason == .tooDeep(limit: 3))
        #expect(failure("[0,0,0]", values: 4) == nil)
        #expect(failure("[0,0,0]", values: 3)?.reason == .tooManyValues(limit: 3))
    }
}
