import Foundation

extension Trace {
    /// The trace in the format of Chrome's tracing, which Perfetto opens: one JSON object, one lane a thread.
    ///
    /// Every span is a complete event, its times in microseconds.
    public func chromeJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let threads = lanes.indices.map { Event(thread: $0) }
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

        init(thread: Int) {
            self.init(
                name: "thread_name", ph: "M", tid: thread,
                args: ["name": .text(thread == 0 ? "thread 0, the caller's" : "thread \(thread)")])
        }

        init(_ span: Span, thread: Int) {
            name = span.name
            ph = "X"
            tid = thread
            cat = span.stage
            ts = Double(span.start) / 1e3
            dur = Double(span.duration) / 1e3
            args = span.layer.map { ["layer": .number($0)] }
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
