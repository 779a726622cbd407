import Corpus
import Testing

@Suite("Times as text")
struct TimeTextTests {
    @Test(
        "are seconds, or as pandas prints them",
        arguments: [
            ("0", 0), ("1.5", 1.5), (".5", 0.5), ("2.", 2), ("+3", 3), ("1e-05", 1e-5), ("1.5E2", 150), (" 7 ", 7),
            ("\t1.25", 1.25), ("0 days", 0), ("1 day", 86_400), ("400 days", 34_560_000),
            ("0 days 00:00:00", 0), ("0 days 00:00:01.898250", 1.89825), ("0 days 00:00:00.000000001", 1e-9),
            ("1 days 02:03:04.5", 93_784.5), ("1 day 00:00:00", 86_400), ("00:00:01.5", 1.5), ("26:00:00", 93_600),
            ("0:0:7", 7), ("123:59:59.999999999", 446_399.999999999), ("1.5s", 1.5), ("1.5 sec", 1.5), ("1500ms", 1.5),
            ("0.1 ms", 0.0001), ("2 seconds", 2), ("00:01.5", 1.5), ("75:02.25", 4502.25), ("PT1.5S", 1.5),
            ("PT1M2S", 62),
            ("P0DT0H0M1.89825S", 1.89825), ("P1D", 86_400), ("PT2H", 7200),
        ])
    func seconds(text: String, seconds: Double) {
        #expect(TimeText.seconds(text) == seconds)
    }

    @Test(
        "are refused where they are anything else",
        arguments: [
            "", " ", "NaT", "nan", "inf", "infinity", "-1", "-0.5", "-1 days +23:59:59", "0x10", "1,5", "1.5m", "1.5ss",
            "s", "1 2",
            "1e400", "1e", "e5", ".", "+", "--1", "1-2", "days", "1 days 1", "1days", "1 hours",
            "0 days -1:00:00",
            "00:60:00", "00:00:60", "00:00", "00:00:01.", "00:00:01.5.5", "00:00:", ":00:00", "1:2:3:4", "00:00:1e3",
            "99999999999999999999 days", "9223372036854775807 days", "9223372036854775807:00:00",
            "PT", "P", "PT1.5M", "PT1S2", "P1", "PTS", "P99999999999999999999D", "1:75.5", "00:01.", "1 days 00:01.5",
            "1e400s",
            "106751991167300 days 9999999999999999:00:00", "0  days", "one", "٣",
        ])
    func refused(text: String) {
        #expect(TimeText.seconds(text) == nil)
    }

    @Test(
        "are missing where a table says so",
        arguments: [
            "", " ", "\t", "NaT", "NaN", "nan", " NaT ", "NA", "<NA>", "N/A", "n/a", "#N/A", "null", "NULL", "None",
        ])
    func missing(text: String) {
        #expect(TimeText.isMissing(text))
        #expect(TimeText.seconds(text) == nil)
    }

    @Test("are not missing where they are merely wrong", arguments: ["0", "x", "nat", "Nobody", "-", "0NA"])
    func present(text: String) {
        #expect(!TimeText.isMissing(text))
    }

    @Test("are numbers of a unit that the column gives, and nothing else then")
    func units() {
        #expect(TimeText.seconds("1898.25", unit: .milliseconds) == 1.89825)
        #expect(TimeText.seconds("100", unit: .milliseconds) == 0.1)
        #expect(TimeText.seconds("3", unit: .microseconds) == 3e-6)
        #expect(TimeText.seconds("1e9", unit: .nanoseconds) == 1)
        for text in ["00:00:01", "1s", "PT1S", "0 days", "-1", "x"] {
            #expect(TimeText.seconds(text, unit: .milliseconds) == nil, "\(text)")
        }
    }

    /// Where seconds and fraction were added as doubles, the sum would be rounded twice.
    @Test("give the double nearest to their decimal number", arguments: [1, 61, 3_601, 86_401, 8_640_001])
    func nearest(whole: Int) throws {
        for fraction in ["1", "898250", "3", "700001", "123456789"] {
            let clock = "\(whole / 3600):\(whole / 60 % 60):\(whole % 60).\(fraction)"
            let decimal = try #require(Double("\(whole).\(fraction)"))
            #expect(TimeText.seconds(clock) == decimal, "\(clock)")
            #expect(TimeText.seconds("0 days \(clock)") == decimal, "\(clock)")
        }
    }
}
