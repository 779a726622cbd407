import Kernels
import Synchronization

/// An ONNX file laid out byte for byte, except for the weights, which are made as they are written.
struct EncodedModel: Sendable {
    /// Protobuf counts a message's bytes in 31 bits, and readers of ONNX refuse more.
    static let largestFile = Int(Int32.max)

    private enum Piece: Sendable {
        case bytes([UInt8])
        case weights(WeightStream, count: Int)
    }

    private var pieces: [Piece] = []
    private(set) var byteCount = 0
    private(set) var parameterCount = 0

    private mutating func append(_ bytes: [UInt8]) {
        pieces.append(.bytes(bytes))
        byteCount += bytes.count
    }

    private mutating func append(_ tensor: WeightTensor, from stream: WeightStream) {
        pieces.append(.weights(stream, count: tensor.elementCount))
        byteCount += tensor.byteCount
        parameterCount += tensor.elementCount
    }
}

// The layout. Field numbers are onnx.proto's; fields come in rising order.
extension EncodedModel {
    init(graph: GraphDescription, seed: UInt64) {
        let body = EncodedModel(fieldsOf: graph, seed: seed)
        var head = WireWriter()
        head.int(1, 7)  // ir_version
        head.string(2, "emotion-cli standin")  // producer_name
        head.string(6, StandIn.notice)  // doc_string
        head.lengthDelimited(7, byteCount: body.byteCount)  // graph
        append(head.bytes)
        pieces += body.pieces
        byteCount += body.byteCount
        parameterCount = body.parameterCount
        var tail = WireWriter()
        tail.message(8) { opset in  // opset_import
            opset.string(1, "")  // domain
            opset.int(2, 11)  // version
        }
        tail.message(14) { entry in  // metadata_props
            entry.string(1, StandIn.metadataKey)  // key
            entry.string(2, String(seed))  // value
        }
        append(tail.bytes)
    }

    /// The fields of `GraphProto`.
    private init(fieldsOf graph: GraphDescription, seed: UInt64) {
        var head = WireWriter()
        for (index, node) in graph.nodes.enumerated() {
            head.message(1) { $0.node(node, index: index, in: graph) }  // node
        }
        head.string(2, "torch-jit-export")  // name
        append(head.bytes)

        for (index, parameter) in graph.parameters.enumerated() {
            append(parameter.tensor, name: parameter.name, seed: seed, index: index)
        }
        for (index, constant) in graph.foldedConstants.enumerated() {
            let name = graph.name(of: .folded(constant.number))
            switch constant.contents {
            case .weights(let tensor):
                append(tensor, name: name, seed: seed, index: graph.parameters.count + index)
            case .small(let tensor):
                var writer = WireWriter()
                writer.message(5) { $0.tensor(tensor, name: name) }  // initializer
                append(writer.bytes)
            }
        }

        var tail = WireWriter()
        tail.message(11) { $0.valueInfo("signal", [.fixed(1), .symbolic("time")]) }  // input
        let batch = WireWriter.Dimension.symbolic("ReduceMeanhidden_states_dim_0")
        tail.message(12) {  // output
            $0.valueInfo("hidden_states", [batch, .symbolic("ReduceMeanhidden_states_dim_1")])
        }
        tail.message(12) { $0.valueInfo("logits", [batch, .fixed(graph.outputs)]) }
        append(tail.bytes)
    }

    /// Appends one `initializer` field.
    private mutating func append(_ tensor: WeightTensor, name: String, seed: UInt64, index: Int) {
        var fields = WireWriter()
        fields.tensorHeader(shape: tensor.shape, elementType: .float32, name: name)
        fields.lengthDelimited(9, byteCount: tensor.byteCount)  // raw_data
        var writer = WireWriter()
        writer.lengthDelimited(5, byteCount: fields.bytes.count + tensor.byteCount)  // initializer
        append(writer.bytes + fields.bytes)
        append(tensor, from: WeightStream(seed: seed, tensor: index, distribution: tensor.distribution))
    }
}

// The writing.
extension EncodedModel {
    /// Weights made at a time by one thread: 1 MiB.
    private static let chunkElements = 1 << 18
    /// Chunks made side by side before they are written.
    private static let chunksAtOnce = 8

    /// Hands all bytes to `write`, in order.
    func write<Failure>(_ write: (RawSpan) throws(Failure) -> Void) throws(Failure) {
        let team = ThreadTeam(count: Processor.physicalCores)
        for piece in pieces {
            switch piece {
            case .bytes(let bytes):
                try write(bytes.span.bytes)
            case .weights(let stream, let count):
                for start in stride(from: 0, to: count, by: Self.chunkElements * Self.chunksAtOnce) {
                    let end = min(count, start + Self.chunkElements * Self.chunksAtOnce)
                    for chunk in Self.chunks(of: stream, start..<end, team) {
                        try write(chunk.span.bytes)
                    }
                }
            }
        }
    }

    /// Makes a range of elements, split among the threads.
    private static func chunks(of stream: WeightStream, _ range: Range<Int>, _ team: ThreadTeam) -> [[UInt32]] {
        let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: chunkElements))
        let chunks = Mutex([[UInt32]](repeating: [], count: starts.count))
        team.forEach(starts.count) { index, _ in
            let end = min(range.upperBound, starts[index] + chunkElements)
            let chunk = stream.littleEndianBits(starts[index]..<end)
            chunks.withLock { $0[index] = chunk }
        }
        return chunks.withLock { $0 }
    }
}
