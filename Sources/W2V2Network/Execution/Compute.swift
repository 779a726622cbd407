import Kernels

/// What layers compute with: the kernels and the threads of one call. Each verb notes its time while a call is profiled;
/// otherwise that is a branch and nothing more.
struct Compute {
    let kernels: KernelSet
    let team: ThreadTeam
    /// Room for the first factor of a product of whole numbers.
    let quantized: FloatBuffer
    /// Whether the pages of mapped weights are released after their use.
    let releasesWeights: Bool
    /// Where times are noted; nil unless the call is profiled.
    var recorder: SpanRecorder?
    /// Whose times are noted: which layer's, or head's.
    private var layer = 0
    /// Which thread of the team this is for; the caller's is 0.
    private(set) var lane = 0

    init(
        kernels: KernelSet, team: ThreadTeam, quantized: FloatBuffer, releasesWeights: Bool,
        recorder: SpanRecorder? = nil
    ) {
        self.kernels = kernels
        self.team = team
        self.quantized = quantized
        self.releasesWeights = releasesWeights
        self.recorder = recorder
    }

    /// The same, noting times for a layer or a head.
    func `in`(layer: Int) -> Compute {
        var compute = self
        compute.layer = layer
        return compute
    }

    /// Called when weights were used for the last time in a call.
    func finished(with weights: [ConstantPanels]) {
        guard releasesWeights else { return }
        for weight in weights { weight.bytes.releasePages() }
    }
}

// MARK: What the threads do together

extension Compute {
    /// Runs `body` once for each task on the threads of the team, each with a `Compute` of its own.
    func forEach(_ tasks: Int, as region: ParallelRegion, _ body: (_ task: Int, _ compute: Compute) -> Void) {
        self.region(region) { team.forEach(tasks) { task, lane in body(task, on(lane)) } }
    }

    /// c = a · b with its epilogue, shared by the threads; the columns of c are those of the region's operations, side by
    /// side.
    func multiplyTogether(
        _ a: Matrix, _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue, as region: ParallelRegion
    ) {
        self.region(region) {
            let observe = observer(of: region, columns: c.columns)
            guard b.format != .float32 else {
                return kernels.multiply(a, b, into: c, epilogue, team: team, observe: observe)
            }
            let frames = QuantizedFrames(quantized, b.format, frames: a.rows, columns: a.columns)
            team.split(a.rows) { rows, lane in
                on(lane).piece(as: region.operations.lowerBound) {
                    kernels.quantize(a[rows: rows], into: frames, from: rows.lowerBound)
                }
            }
            kernels.multiply(frames.rows, b, into: c, epilogue, team: team, observe: observe)
        }
    }

    /// Normalises the rows of `source` into `destination`, which may be the same, shared by the threads.
    func normalize(
        _ source: MutableMatrix, into destination: MutableMatrix, _ norm: LayerNorm, as kind: NetworkOperation.Kind
    ) {
        region(.only(kind)) {
            team.split(source.rows) { rows, lane in
                on(lane).piece(as: kind) {
                    kernels.normalize(Matrix(source[rows: rows]), into: destination[rows: rows], norm)
                }
            }
        }
    }

    /// sum += scale · x, shared by the threads; where `isFirst`, what the sum was doesn't count. Both are
    /// `[frames, hidden]`.
    func add(
        _ x: MutableMatrix, times scale: Float, to sum: MutableMatrix, isFirst: Bool, as kind: NetworkOperation.Kind
    ) {
        region(.only(kind)) {
            team.split(x.rows) { rows, lane in
                on(lane).piece(as: kind) {
                    let sum = sum[rows: rows]
                    if isFirst { sum.fill(0) }
                    kernels.add(Matrix(x[rows: rows]), times: scale, to: sum)
                }
            }
        }
    }

    /// What `operation` makes of `input` on the caller's thread alone.
    func apply<Input, Output>(
        _ operation: (Input) -> Output, to input: Input, as kind: NetworkOperation.Kind
    ) -> Output {
        region(.only(kind)) { piece(as: kind) { operation(input) } }
    }

    /// Notes how long the caller's thread sees the threads' work take.
    @inline(__always)
    private func region<Result>(_ region: ParallelRegion, _ work: () -> Result) -> Result {
        let start = recorder?.beginRegion() ?? 0
        let result = work()
        recorder?.note(region, layer: layer, since: start)
        return result
    }

    private func on(_ lane: Int) -> Compute {
        var compute = self
        compute.lane = lane
        return compute
    }

    private func observer(of region: ParallelRegion, columns all: Int) -> ProductObserver? {
        guard let recorder else { return nil }
        return { columns, lane, task in
            let start = recorder.beginPiece(lane: lane)
            task()
            recorder.lanes[lane].note(region, layer: layer, columns: columns, of: all, start, SpanRecorder.now)
        }
    }
}

// MARK: What one thread does

extension Compute {
    /// c = a · b with its epilogue.
    @inline(__always)
    func multiply(
        _ a: Matrix, _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue = Epilogue(),
        as kind: NetworkOperation.Kind
    ) {
        piece(as: kind) { kernels.multiply(a, b, into: c, epilogue) }
    }

    /// c = a · b with its epilogue, for whole numbers.
    func multiply(
        _ a: QuantizedRows, _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue = Epilogue(),
        as kind: NetworkOperation.Kind
    ) {
        piece(as: kind) { kernels.multiply(a, b, into: c, epilogue) }
    }

    /// The rows of x as whole numbers in `buffer`.
    func quantized(
        _ x: Matrix, _ format: PanelFormat, in buffer: FloatBuffer, as kind: NetworkOperation.Kind
    ) -> QuantizedFrames {
        piece(as: kind) {
            let frames = QuantizedFrames(buffer, format, frames: x.rows, columns: x.columns)
            kernels.quantize(x, into: frames)
            return frames
        }
    }

    /// x = GELU(norm(x + bias)), row by row.
    func normalize(_ x: MutableMatrix, adding bias: ConstantVector, _ norm: LayerNorm, as kind: NetworkOperation.Kind) {
        piece(as: kind) { kernels.normalize(Matrix(x), into: x, norm, inputBias: bias, gelu: true) }
    }

    /// Takes x into the middle of `padded`, with `before` rows of zeros before it, and zeros after it.
    func pad(_ x: Matrix, into padded: MutableMatrix, before: Int, as kind: NetworkOperation.Kind) {
        piece(as: kind) {
            padded[rows: 0..<before].fill(0)
            padded[rows: before..<before + x.rows].copy(x)
            padded[rows: before + x.rows..<padded.rows].fill(0)
        }
    }

    /// Lays keys and values, both `[frames, headSize]`, out in panels, the keys transposed and scaled.
    func pack(_ key: Matrix, scale: Float, into keys: MutablePanels, _ value: Matrix, into values: MutablePanels) {
        piece(as: .packing) {
            keys.packTransposed(key, scale: scale)
            values.pack(value)
        }
    }

    /// The same in whole numbers; `frames` is room for the keys' on the way.
    func pack(
        _ key: Matrix, scale: Float, by frames: QuantizedFrames, into keys: QuantizedPanels, _ value: Matrix,
        into values: QuantizedPanels
    ) {
        piece(as: .packing) {
            kernels.quantize(key, into: frames)
            keys.packTransposed(frames, scale: scale)
            values.pack(value, kernels)
        }
    }

    /// Turns a block of scores into their weights in a running softmax, in whole numbers.
    func weigh(_ scores: MutableMatrix, into weights: QuantizedFrames, _ softmax: RunningSoftmax) {
        piece(as: .softmax) { softmax.weigh(scores, into: weights, kernels) }
    }

    /// Adds weighted values to `sums`.
    func add(_ weights: QuantizedFrames, _ values: Panels, to sums: MutableMatrix, _ softmax: inout RunningSoftmax) {
        piece(as: .context) { softmax.add(weights, values, to: sums, kernels) }
    }

    /// Turns a block of scores into their weights in a running softmax, in place.
    @inline(__always)
    func weigh(_ scores: MutableMatrix, _ softmax: RunningSoftmax) {
        piece(as: .softmax) { softmax.weigh(scores, kernels) }
    }

    /// Adds weighted values to `sums`.
    @inline(__always)
    func add(_ weights: MutableMatrix, _ values: Panels, to sums: MutableMatrix, _ softmax: inout RunningSoftmax) {
        piece(as: .context) { softmax.add(Matrix(weights), values, to: sums, kernels) }
    }

    /// Divides the sums by those of their weights.
    @inline(__always)
    func finish(_ sums: MutableMatrix, _ softmax: RunningSoftmax) {
        piece(as: .context) { softmax.finish(sums) }
    }

    @inline(__always)
    private func piece<Result>(as kind: NetworkOperation.Kind, _ work: () -> Result) -> Result {
        let start = recorder?.beginPiece(lane: lane) ?? 0
        let result = work()
        recorder?.lanes[lane].note(kind, layer: layer, start, SpanRecorder.now)
        return result
    }
}

extension Range<Int> {
    /// The range in consecutive blocks of `size`, the last of which may be shorter.
    func blocks(of size: Int) -> [Range<Int>] {
        stride(from: lowerBound, to: upperBound, by: size).map { $0..<Swift.min(upperBound, $0 + size) }
    }
}
