import Benchmark
import Kernels
import Measurement

/// LayerNorm of an encoder's state and of features, and attention's softmax.
func rowKernels(frames: Int) {
    normalize("encoder", frames, columns: 1024, gelu: false)
    normalize("features, with GELU", frames, columns: 512, gelu: true)
    softmax(frames)
}

private func normalize(_ name: String, _ frames: Int, columns: Int, gelu: Bool) {
    Benchmark.time("normalize: \(name), \(frames) × \(columns)") {
        let kernels = try KernelSet()
        let source = Matrix(FloatBuffer(noise(frames * columns)), rows: frames, columns: columns)
        let destination = MutableMatrix(FloatBuffer(count: frames * columns), rows: frames, columns: columns)
        let norm = LayerNorm(
            weight: ConstantVector(noise(columns)), bias: ConstantVector(noise(columns)), epsilon: 1e-5)
        return Work { kernels.normalize(source, into: destination, norm, gelu: gelu) }
    }
}

/// A head's scores for some of its queries, and the sum of the values that they weigh: the sum is a small product, and
/// is always part of it.
private func softmax(_ frames: Int) {
    let (queries, headSize) = (48, 64)
    Benchmark.time("softmax: \(queries) × \(frames), and the sum of \(headSize) values") {
        let kernels = try KernelSet()
        let source = Matrix(FloatBuffer(noise(queries * frames)), rows: queries, columns: frames)
        let scores = MutableMatrix(FloatBuffer(count: queries * frames), rows: queries, columns: frames)
        let values = MutablePanels(
            FloatBuffer(count: Panels.floatCount(depth: frames, columns: headSize)), depth: frames, columns: headSize)
        values.pack(noise(frames * headSize), rows: 0..<frames, columns: headSize)
        let sums = MutableMatrix(FloatBuffer(count: queries * headSize), rows: queries, columns: headSize)
        let state = FloatBuffer(count: RunningSoftmax.floatCount(rows: queries))
        return Work(prepare: { scores.copy(source) }) {
            var softmax = RunningSoftmax(state, rows: queries)
            softmax.add(Matrix(scores), values.panels, to: sums, kernels)
            softmax.finish(sums)
        }
    }
}
