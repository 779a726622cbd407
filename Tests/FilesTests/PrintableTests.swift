import Files
import Testing

@Suite("Text from a file in a message")
struct PrintableTests {
    @Test("what would break the line or move the cursor is escaped")
    func escaped() {
        #expect(printable("Grüße, 世界") == "Grüße, 世界")
        #expect(printable("a\nb\u{1B}[31m\u{202E}c\0") == "a\\nb\\u{1B}[31m\\u{202E}c\\0")
    }

    @Test("what is too long gives way to an ellipsis")
    func cut() {
        #expect(printable("abc", longest: 3) == "abc")
        #expect(printable("abcd", longest: 3) == "abc…")
        #expect(printable("\n\n\n", longest: 2) == "\\n\\n…")
        #expect(quoted("name") == "'name'")
        #expect(quoted(String(repeating: "n", count: 1000)) == "'\(String(repeating: "n", count: 120))…'")
    }

    @Test("text that was made safe stays as it is")
    func idempotent() {
        let safe = printable("a\r\u{7F}b")
        #expect(printable(safe) == safe)
    }
}
