import Checkpoints
import Files
import Foundation
import Kernels
import ONNXLoader
import Synchronization
import W2V2Engine
import W2V2Recognition

/// The tensors a file holds: what they are like, and what they are in the architecture.
struct TensorTable {
    struct Row: Encodable {
        /// The file's name for the tensor.
        let name: String
        /// Its name in the architecture; nil if it is not a parameter as stored.
        let parameter: String?
        let type: String
        /// As it is in the file.
        let shape: [Int]
        let nonFinite: Int
        let mean: Double?
        let deviation: Double?
        let minimum: Double?
        let maximum: Double?
        /// How many elements there are in each of as many intervals of one width, from the minimum to the maximum.
        let histogram: [Int]?
    }

    static let histogramBins = 20

    let rows: [Row]

    /// Reads every tensor once, and once more for histograms, on all cores; releases the file's pages.
    init(_ file: ONNXModel, parameters: [NamedParameter] = [], hasHistograms: Bool = false) throws {
        let tensors = file.graph.initializers.values.sorted { $0.name < $1.name }
        var names: [String: String] = [:]
        for parameter in parameters where file.holds(parameter) {
            // A tensor may hold several side by side.
            let others = names[parameter.tensor.name].map { "\($0), " } ?? ""
            names[parameter.tensor.name] = others + parameter.name
        }

        rows = try Self.rows(sizes: tensors.map(\.elementCount)) { [names] index in
            let tensor = tensors[index]
            defer { tensor.releasePages() }
            return try Row(tensor, parameter: names[tensor.name], hasHistogram: hasHistograms)
        }
        file.releasePages()
    }

    /// The tensors of a checkpoint, read likewise.
    init(_ checkpoint: CheckpointModel, hasHistograms: Bool = false) throws {
        let tensors = checkpoint.weights.tensors.sorted { $0.name < $1.name }
        let names = Dictionary(
            checkpoint.parameters.compactMap { parameter in parameter.tensor.map { ($0.name, parameter.name) } }
        ) { first, _ in first }
        rows = try Self.rows(sizes: tensors.map(\.elementCount)) { index in
            let tensor = tensors[index]
            defer { tensor.releasePages() }
            let numbers = try Tensor(name: tensor.name, shape: tensor.shape, floats: tensor.floats())
            return try Row(
                numbers, type: tensor.elementType.name, parameter: names[tensor.name], hasHistogram: hasHistograms)
        }
    }

    /// A row for each tensor, on all cores.
    private static func rows(sizes: [Int], row: @Sendable (Int) throws -> Row) throws -> [Row] {
        // The largest first: the last ones to be read are short.
        let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
        let results = Mutex([Result<Row, any Error>?](repeating: nil, count: sizes.count))
        ThreadTeam(count: Processor.physicalCores).forEach(sizes.count) { task, _ in
            let result = Result { try row(order[task]) }
            results.withLock { $0[order[task]] = result }
        }
        return try results.withLock { try $0.compactMap { try $0?.get() } }
    }

    func lines() -> [String] {
        let hasHistograms = rows.contains { $0.histogram != nil }
        var table = TextColumns(
            [.left, .left, .right, .right, .right, .right] + (hasHistograms ? [.left] : []) + [.left])
        table.add(
            ["type", "shape", "mean", "deviation", "minimum", "maximum"] + (hasHistograms ? ["histogram"] : [])
                + ["tensor"])
        for row in rows {
            let figures = [row.mean, row.deviation, row.minimum, row.maximum].map { figure in
                figure.map { String(format: "%.4g", $0) } ?? "–"
            }
            let shape = "[\(row.shape.map(String.init).joined(separator: ", "))]"
            table.add(
                [row.type, shape] + figures + (hasHistograms ? [row.histogram.map(Self.bars) ?? ""] : []) + [row.title])
        }
        return table.lines
    }

    /// A bar for each count, the largest eight eighths high; what is not zero shows.
    static func bars(_ counts: [Int]) -> String {
        let blocks = Array("▁▂▃▄▅▆▇█")
        let largest = Double(max(counts.max() ?? 0, 1))
        return String(
            counts.map { count -> Character in
                count == 0 ? " " : blocks[min(Int(Double(count) / largest * Double(blocks.count)), blocks.count - 1)]
            })
    }
}

extension TensorTable.Row {
    fileprivate init(_ tensor: Tensor, type: String? = nil, parameter: String?, hasHistogram: Bool) throws {
        let statistics = try tensor.statistics()
        name = tensor.name
        self.parameter = parameter
        self.type = type ?? "\(tensor.elementType)"
        shape = tensor.shape
        nonFinite = statistics.nonFiniteCount
        mean = statistics.mean
        deviation = statistics.deviation
        minimum = statistics.minimum
        maximum = statistics.maximum
        histogram = hasHistogram ? try tensor.histogram(bins: TensorTable.histogramBins, statistics) : nil
    }

    /// The file's name, and the architecture's if that is another.
    fileprivate var title: String {
        let place = parameter.map { name.hasSuffix($0) ? "" : " = \($0)" } ?? ""
        return printable(name + place) + (nonFinite > 0 ? " (\(nonFinite) not finite)" : "")
    }
}

extension ONNXModel {
    /// Whether a parameter is a tensor of the file, and not computed from some.
    func holds(_ parameter: NamedParameter) -> Bool {
        graph.initializers[parameter.tensor.name]?.shape == parameter.tensor.shape
    }
}
