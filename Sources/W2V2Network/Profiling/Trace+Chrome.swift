import Foundation

extension Trace {
    /// The trace in the format of Chrome's tracing, which Perfetto opens: one JSON object, one lane a thread.
    ///
    /// Every span is a complete event, its times in microseconds. Threads are numbered from 1: there is no thread 0 on
    /// Linux, and some readers take it for the idle one.
    public func chromeJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let threads = lanes.indices.flatMap { [Event(nameOfThread: $0), Event(placeOfThread: $0)] }
        let spans = lanes.enumerated().flatMap { thread, spans in spans.map { Event($0, thread: thread) } }
        let file = File(displayTimeUnit: "ms", traceEvents: [Event.process] + threads + spans)
        return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
    }

    private struct File: Encodable {
        let displayTimeUnit: String
        let traceEvents: [Event]
    }

    private struct Event: Encodable {
        let name: String
        /// The kind of event: `X` a span, `M` a fact about the process or a thread.
        let ph: String
        let pid = 1
        var tid: Int?
        var cat: String?
        /// Start and duration, in microseconds.
        var ts, dur: Double?
        var args: [String: Argument]?

        static let process = Event(name: "process_name", ph: "M", args: ["name": .text("emotion-cli")])

        private init(name: String, ph: String, tid: Int? = nil, args: [String: Argument]) {
            self.name = name
            self.ph = ph
            self.tid = tid
            self.args = args
        }

        init(nameOfThread thread: Int) {
            self.init(
                name: "thread_name", ph: "M", tid: thread + 1,
                args: ["name": .text(thread == 0 ? "caller's thread" : "thread \(thread + 1)")])
        }

        /// Where its lane stands, from the top.
        init(placeOfThread thread: Int) {
            self.init(name: "thread_sort_index", ph: "M", tid: thread + 1, args: ["sort_index": .number(thread)])
        }

        init(_ span: Span, thread: Int) {
            name = span.name
            ph = "X"
            tid = thread + 1
            cat = span.stage
            ts = Self.microseconds(span.start)
            dur = Self.microseconds(span.duration)
            args = span.layer.map { ["layer": .number($0)] }
        }

        /// Nanoseconds in microseconds: a number from which a reader gets the same nanoseconds whether it rounds or cuts
        /// off. With one less, spans that meet would overlap, and Perfetto leaves out spans that overlap.
        private static func microseconds(_ nanoseconds: Int) -> Double {
            let microseconds = Double(nanoseconds) / 1e3
            return Int(microseconds * 1e3) < nanoseconds ? microseconds.nextUp : microseconds
        }
    }

    private enum Argument: Encodable {
        case text(String)
        case number(Int)

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .text(let text): try value.encode(text)
            case .number(let number): try value.encode(number)
            }
        }
    }
}
