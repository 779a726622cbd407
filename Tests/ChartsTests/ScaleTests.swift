import Testing

@testable import Charts

@Suite struct ScaleTests {
    @Test func `ticks are round and inside`() {
        let scale = LinearScale(domain: 0...31.2, range: (0, 400))
        #expect(scale.ticks(5) == [0, 10, 20, 30])
        #expect(scale.ticks(5).map { scale.label($0, count: 5) } == ["0", "10", "20", "30"])
        let share = LinearScale(domain: 0...1, range: (100, 0))
        #expect(share.ticks(5).map { share.label($0, count: 5) } == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(share(0) == 100 && share(1) == 0)
    }

    @Test(arguments: [0...0, 1e300...1e300, 0...Double.leastNonzeroMagnitude, -1e308...1e308])
    func `a domain without width, or too wide, has a tick`(domain: ClosedRange<Double>) {
        let scale = LinearScale(domain: domain, range: (0, 100))
        #expect(!scale.ticks(5).isEmpty)
        #expect(scale.ticks(5).allSatisfy { !scale.label($0, count: 5).isEmpty })
    }

    @Test func `logarithms start and end at round numbers`() {
        let scale = LogScale([0.7, 300, 0, -1, .nan], range: (0, 100))
        #expect(scale.domain == 0.2...500)
        #expect(scale(0.2) == 0 && scale(500) == 100)
        #expect(scale.ticks == [1, 10, 100])
        #expect(LogScale([], range: (0, 1)).ticks.count > 1)
    }

    @Test(arguments: [
        (0, "0"), (0.01234, "0.0123"), (4.567, "4.57"), (78.94, "78.9"), (789.4, "789"), (12345, "12345"),
        (.nan, "–"), (.infinity, "–"),
    ])
    func `three digits`(value: Double, text: String) {
        #expect(NumberText.short(value) == text)
    }

    @Test(arguments: [(42, "42"), (12.38, "12.4"), (520, "520"), (0.5, "0.5"), (100, "100"), (0, "0")])
    func `no trailing zeros`(value: Double, text: String) {
        #expect(NumberText.plain(value) == text)
    }

    @Test func `thousands and millions`() {
        #expect(NumberText.grouped(80000) == "80,000" && NumberText.grouped(-1_234_567) == "−1,234,567")
        #expect(NumberText.grouped(.min) == "−9,223,372,036,854,775,808" && NumberText.grouped(0) == "0")
        #expect(NumberText.counted(165_336_707) == "165 M" && NumberText.counted(12) == "12.0")
    }
}
