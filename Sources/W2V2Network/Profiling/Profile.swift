/// Where a model's time goes: the network as a tree in forward order, with what each part took and cost.
///
/// The time of an operation is its share of a call's. Threads take up the operations of a region each in its own order;
/// the time that the caller saw the region take is divided by how long the threads were busy with each. So waiting is in
/// the times, and ``idleShare(of:)`` says how much. Of several calls the medians are taken, and brought to one scale, so
/// that the times of all parts add up to ``wallSeconds``.
public struct Profile: Sendable, Hashable {
    /// What computed, as ``EmotionModel/backend``.
    public let backend: String
    /// In which numbers products were computed, as ``EmotionModel/precision``.
    public internal(set) var precision = Precision.float32
    /// What the processor calls itself; nil if the system doesn't say.
    public let processor: String?
    /// Where the model came from, if the caller has set it.
    public package(set) var model: String?
    /// What was scored, likewise.
    public package(set) var input: String?
    /// Threads that worked on a call.
    public let threads: Int
    /// Of the signal, at 16 kHz.
    public let samples: Int
    /// That the encoder saw.
    public let frames: Int
    /// Calls that were timed.
    public let repeats: Int
    /// A whole call, in seconds: the median.
    public let wallSeconds: Double
    /// What the machine can do at most.
    public let roofline: Roofline
    /// The tree's root: the network, its stages, their layers, and their operations.
    public let network: Node

    /// A part of the network, or an operation.
    public struct Node: Sendable, Hashable {
        /// What it is called within its parent.
        public internal(set) var name: String
        /// Its share of a call's time, in seconds; of what consists of others, their sum.
        public internal(set) var seconds: Double
        /// How long each thread was busy with it, in seconds, likewise.
        public internal(set) var busySeconds: [Double]
        /// Multiplications and additions of its matrix products; those of the whole tree are
        /// ``Architecture/floatingPointOperations(samples:)``.
        public internal(set) var floatingPointOperations: Int
        /// Those of them that are of whole numbers.
        public internal(set) var integerOperations: [Precision: Int] = [:]
        /// What it reads and writes: weights once, its input and its output.
        public internal(set) var bytes: Int
        /// What it consists of, in forward order.
        public internal(set) var children: [Node]

        /// An operation.
        package init(name: String, seconds: Double, busySeconds: [Double], floatingPointOperations: Int, bytes: Int) {
            self.name = name
            self.seconds = seconds
            self.busySeconds = busySeconds
            self.floatingPointOperations = floatingPointOperations
            self.bytes = bytes
            children = []
        }

        /// What consists of others, at least one: the sum of them.
        package init(name: String, _ children: [Node]) {
            self.name = name
            seconds = children.reduce(0) { $0 + $1.seconds }
            busySeconds = (children.first?.busySeconds.indices ?? 0..<0).map { thread in
                children.reduce(0) { $0 + $1.busySeconds[thread] }
            }
            floatingPointOperations = children.reduce(0) { $0 + $1.floatingPointOperations }
            integerOperations = children.reduce(into: [:]) { $0.merge($1.integerOperations, uniquingKeysWith: +) }
            bytes = children.reduce(0) { $0 + $1.bytes }
            self.children = children
        }

        /// ``floatingPointOperations`` of each precision.
        var operations: [Precision: Int] {
            let rest = integerOperations.values.reduce(floatingPointOperations, -)
            return integerOperations.merging([.float32: rest]) { integers, _ in integers }
        }

        /// Floating-point operations a second; nil if it has none, or took no time.
        public var speed: Double? {
            floatingPointOperations > 0 && seconds > 0 ? Double(floatingPointOperations) / seconds : nil
        }

        /// Arithmetic intensity: floating-point operations a byte; nil if nothing is moved.
        public var intensity: Double? { bytes > 0 ? Double(floatingPointOperations) / Double(bytes) : nil }

        /// The children's children, those of one name added up: a stage's operations over all its layers.
        public var operationsOverLayers: [Node] {
            let all = children.flatMap(\.children)
            var seen: Set<String> = []
            return all.map(\.name).filter { seen.insert($0).inserted }.map { name in
                var sum = Node(name: name, all.filter { $0.name == name })
                sum.children = []
                return sum
            }
        }
    }

    /// The most that the machine can do, measured beside the calls with as many threads.
    public struct Roofline: Sendable, Hashable {
        /// Operations a second on registers alone, in float32 and in the whole numbers that products are computed in.
        public let peaks: [Precision: Double]
        /// Bytes a second that are read from memory, from one end of a large buffer to the other.
        public let bandwidth: Double

        package init(peaks: [Precision: Double], bandwidth: Double) {
            self.peaks = peaks
            self.bandwidth = bandwidth
        }

        package init(peak: Double, bandwidth: Double) {
            self.init(peaks: [.float32: peak], bandwidth: bandwidth)
        }

        /// Floating-point operations a second, in float32.
        public var peak: Double { peaks[.float32] ?? 0 }

        /// The intensity at which memory and float32 arithmetic would take the same time, in floating-point operations a
        /// byte.
        public var ridge: Double { peak / bandwidth }
    }

    /// What limits an operation.
    public enum Bound: String, Sendable, Hashable, Codable {
        case arithmetic, memory
    }

    /// The part of the tree's time that a node takes.
    public func share(of node: Node) -> Double { network.seconds > 0 ? node.seconds / network.seconds : 0 }

    /// A node's speed as a part of the machine's peak, which is that of the numbers it multiplies; nil if it has no matrix
    /// products.
    public func shareOfPeak(of node: Node) -> Double? { node.speed.map { $0 / peak(of: node) } }

    /// The most operations a second that the machine does of a node's mixture of float32 and whole numbers.
    private func peak(of node: Node) -> Double {
        guard !node.integerOperations.isEmpty else { return roofline.peak }
        return Double(node.floatingPointOperations) / secondsAtPeak(node.operations, roofline.peaks)
    }

    /// The part of the threads' time that they were not busy with the node while it took its time: they waited for
    /// each other, or there was nothing for them to do.
    public func idleShare(of node: Node) -> Double {
        guard node.seconds > 0 else { return 0 }
        return max(0, 1 - node.busySeconds.reduce(0, +) / (node.seconds * Double(threads)))
    }

    /// What limits a node if all that it moves comes from memory: memory below the roofline's ridge, else arithmetic;
    /// nil if nothing is moved.
    public func bound(of node: Node) -> Bound? {
        node.intensity.map { $0 < peak(of: node) / roofline.bandwidth ? .memory : .arithmetic }
    }
}
