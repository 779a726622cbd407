import Foundation
import Testing

@testable import Verification

@Suite struct ReportTests {
    private func report(_ found: [Double]) -> VerificationReport {
        let stage = Comparison(
            "encoder layer 0", found: Values(shape: [2, 3], [1, 2, 3, 4, 5, 6]),
            expected: Values(shape: [2, 3], [1, 2, 3, 4, 5, 6]), tolerance: .encoder)
        let output = Comparison("logits", found: Values(found), expected: Values([0.5, 0.25]), tolerance: .head)
        let signal = TestSignal(name: "noise", samples: [0, 0, 0])
        return VerificationReport(
            oracle: [SignalReport(signal: signal, source: "the graph", stages: [stage], outputs: [output])])
    }

    @Test func `a table for the reader`() {
        #expect(
            report([0.5, 0.25]).text == """
                noise (3 samples) against the graph: PASS
                                   shape  largest difference  mean  largest value          allowed
                  encoder layer 0  2 x 3                   0     0              6     mean 6.0e-05  PASS
                  logits               2                   0     0            0.5  largest 2.0e-05  PASS

                PASS: all 1 checks

                """)
        #expect(
            report([0.5, 0.75]).text == """
                noise (3 samples) against the graph: FAIL
                                   shape  largest difference     mean  largest value          allowed
                  encoder layer 0  2 x 3                   0        0              6     mean 6.0e-05  PASS
                  logits               2             5.0e-01  2.5e-01            0.5  largest 2.0e-05  FAIL
                    found      0.50000000   0.75000000
                    expected   0.50000000   0.25000000

                FAIL: 1 of 1 checks

                """)
    }

    @Test func `JSON that reads back, also with numbers that are none`() throws {
        for report in [report([0.5, 0.25]), report([0.5, .nan]), report([-.infinity])] {
            let json = try report.json()
            #expect(json.last == UInt8(ascii: "\n"))
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
            let read = try decoder.decode(VerificationReport.self, from: json)
            #expect(read.passed == report.passed)
            #expect(read.oracle[0].outputs[0].difference == report.oracle[0].outputs[0].difference)
            let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
            #expect(object["passed"] as? Bool == report.passed)
        }
        #expect(!report([0.5, .nan]).passed && !report([-.infinity]).passed)
    }

    @Test func `nothing checked is not passed off as a success`() {
        #expect(VerificationReport().summary == "Nothing was checked.\n")
    }
}
