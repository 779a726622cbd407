import Testing

@testable import ScoreTables

@Suite("Times")
struct TimeStyleTests {
    /// What pandas 3.1 prints for `pd.to_timedelta(seconds, unit="s")`.
    static let printed: [(Double, String)] = [
        (0, "0 days 00:00:00"),
        (1, "0 days 00:00:01"),
        (1.5, "0 days 00:00:01.500000"),
        (1.89825, "0 days 00:00:01.898250"),
        (8.1215625, "0 days 00:00:08.121562500"),
        (0.1, "0 days 00:00:00.100000"),
        (1.0 / 3, "0 days 00:00:00.333333333"),
        (59.9999999996, "0 days 00:01:00"),
        (59.9999999994, "0 days 00:00:59.999999999"),
        (86399.999999999, "0 days 23:59:59.999999999"),
        (86400, "1 days 00:00:00"),
        (86400.5, "1 days 00:00:00.500000"),
        (90061.000000001, "1 days 01:01:01.000000001"),
        (123456789.123456789, "1428 days 21:33:09.123456791"),
        (1e-9, "0 days 00:00:00.000000001"),
        (4e-10, "0 days 00:00:00"),
        (1e-6, "0 days 00:00:00.000001"),
        (0.0000625, "0 days 00:00:00.000062500"),
        (3600, "0 days 01:00:00"),
        (35999.99, "0 days 09:59:59.990000"),
        (8640003.25, "100 days 00:00:03.250000"),
        (9e9, "104166 days 16:00:00"),
        (-1.5, "-1 days +23:59:58.500000"),
        (-86400, "-1 days +00:00:00"),
        (-0.25, "-1 days +23:59:59.750000"),
    ]

    @Test("are printed as pandas prints them", arguments: printed)
    func timedelta(seconds: Double, text: String) { #expect(TimeStyle.timedelta.text(seconds) == text) }

    @Test("that pandas has none for are NaT", arguments: [Double.nan, .infinity, -.infinity, 1e300, 9.3e9, -9.3e9])
    func noTime(seconds: Double) { #expect(TimeStyle.timedelta.text(seconds) == "NaT") }

    @Test("in seconds are the shortest decimal", arguments: [(0.1, "0.1"), (3, "3.0"), (1e-5, "1e-05")])
    func seconds(seconds: Double, text: String) { #expect(TimeStyle.seconds.text(seconds) == text) }
}
