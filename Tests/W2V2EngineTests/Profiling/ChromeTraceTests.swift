import Foundation
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

/// The trace against the document "Trace Event Format", and against what Perfetto's importer makes of times.
@Suite("Trace in Chrome's format")
struct ChromeTraceTests {
    /// The keys that an event of a kind has: those that it must have, and those that it may.
    static let keys: [String: (needed: Set<String>, allowed: Set<String>)] = [
        "X": (["name", "cat", "ph", "ts", "dur", "pid", "tid"], ["args"]),
        "M": (["name", "ph", "pid", "args"], ["tid"]),
    ]

    /// A span in whole nanoseconds, as a reader sees it.
    struct Span {
        let start, end: Int
    }

    /// How readers make whole nanoseconds of microseconds: Perfetto rounds, and earlier cut off.
    enum Reader: CaseIterable {
        case rounding, cutting

        func nanoseconds(_ microseconds: Double) -> Int {
            let nanoseconds = microseconds * 1000
            return Int(self == .rounding ? nanoseconds.rounded(.toNearestOrAwayFromZero) : nanoseconds)
        }
    }

    /// The times of the complete events of a lane, all lanes if nil, each read as the nearest Double;
    /// JSONSerialization's numbers are Decimal, and may be one off in the last place.
    static func times(of trace: Trace, lane: Int?) throws -> [Event] {
        struct File: Decodable { let traceEvents: [Event] }
        let file = try JSONDecoder().decode(File.self, from: Data(try trace.chromeJSON().utf8))
        return file.traceEvents.filter { $0.dur != nil && (lane == nil || $0.tid == lane) }
    }

    struct Event: Decodable {
        let name: String
        let tid: Int?
        let ts, dur: Double?
    }

    static func events(of trace: Trace) throws -> [[String: Any]] {
        let file = try JSONSerialization.jsonObject(with: Data(try trace.chromeJSON().utf8))
        let object = try #require(file as? [String: Any])
        #expect(Set(object.keys) == ["displayTimeUnit", "traceEvents"])
        #expect(["ms", "ns"].contains(try #require(object["displayTimeUnit"] as? String)))
        return try #require(object["traceEvents"] as? [[String: Any]])
    }

    @Test("every event has the keys of its kind, with values of their types", arguments: [1, 3])
    func events(threads: Int) throws {
        let trace = try TraceTests.trace(threads: threads)
        let events = try Self.events(of: trace)
        for event in events {
            let kind = try #require(event["ph"] as? String)
            let (needed, allowed) = try #require(Self.keys[kind], "no event is of the kind \(kind)")
            let keys = Set(event.keys)
            #expect(keys.isSuperset(of: needed) && keys.isSubset(of: needed.union(allowed)), "\(keys)")
            #expect(try #require(event["name"] as? String).isEmpty == false)
            #expect(event["pid"] as? Int == 1)
            if let thread = event["tid"] { #expect((1...threads).contains(try #require(thread as? Int))) }
            if let arguments = event["args"] { #expect(arguments is [String: Any]) }
            guard kind == "X" else { continue }
            #expect(try #require(event["cat"] as? String).isEmpty == false)
            for key in ["ts", "dur"] {
                let time = try #require(event[key] as? Double)
                #expect(time >= 0 && time.isFinite)
            }
        }
        #expect(events.count { $0["ph"] as? String == "X" } == trace.lanes.reduce(0) { $0 + $1.count })
    }

    @Test("the process and each thread have a name, and lanes a place", arguments: [1, 3])
    func metadata(threads: Int) throws {
        let events = try Self.events(of: try TraceTests.trace(threads: threads)).filter { $0["ph"] as? String == "M" }
        #expect(events.count == 1 + 2 * threads)
        func arguments(_ name: String, _ key: String, _ thread: Int? = nil) -> [Any] {
            events.filter { $0["name"] as? String == name && $0["tid"] as? Int == thread }
                .compactMap { ($0["args"] as? [String: Any])?[key] }
        }
        #expect(arguments("process_name", "name").map { $0 as? String } == ["emotion-cli"])
        for thread in 1...threads {
            let names = arguments("thread_name", "name", thread).map { $0 as? String }
            #expect(names == [thread == 1 ? "caller's thread" : "thread \(thread)"])
            #expect(arguments("thread_sort_index", "sort_index", thread).map { $0 as? Int } == [thread - 1])
        }
    }

    @Test("in a lane spans come by start, an outer one first, and none overlaps another in part", arguments: [1, 2, 3])
    func nesting(threads: Int) throws {
        let trace = try TraceTests.trace(threads: threads)
        for (index, lane) in trace.lanes.enumerated() {
            let events = try Self.times(of: trace, lane: index + 1)
            #expect(events.map(\.name) == lane.map(\.name))
            for reader in Reader.allCases {
                let seen = try events.map { event in
                    let start = reader.nanoseconds(try #require(event.ts))
                    return Span(start: start, end: start + reader.nanoseconds(try #require(event.dur)))
                }
                #expect(seen.map(\.start) == lane.map(\.start) && seen.map(\.end) == lane.map(\.end))
                Self.expectNested(seen)
            }
        }
    }

    /// What Perfetto's slice tracker demands of the spans of a track.
    static func expectNested(_ spans: [Span]) {
        var open: [Span] = []
        for span in spans {
            while let last = open.last, last.end <= span.start { open.removeLast() }
            if let outer = open.last { #expect(outer.start <= span.start && span.end <= outer.end) }
            open.append(span)
        }
    }

    @Test("times keep their nanoseconds however a reader takes them", arguments: Reader.allCases)
    func nanoseconds(reader: Reader) throws {
        // Also times that are no short binary fraction, up to an hour.
        let times = Array(0..<20_000) + (0..<20_000).map { $0 * 179_999_983 + 7 }
        let spans = times.map { Trace.Span(name: "a", stage: "b", layer: nil, start: $0, duration: $0) }
        let events = try Self.times(of: Trace(lanes: [spans], dropped: 0), lane: nil)
        #expect(try events.map { reader.nanoseconds(try #require($0.ts)) } == times)
        #expect(try events.map { reader.nanoseconds(try #require($0.dur)) } == times)
    }

    @Test("a span says which layer it is of")
    func layers() throws {
        let events = try Self.events(of: try TraceTests.trace(threads: 2))
        let scores = events.filter { $0["name"] as? String == "scores" }
        #expect(Set(scores.map { ($0["args"] as? [String: Int])?["layer"] }) == [0, 1])
    }
}
