import Benchmark
import Kernels
import Measurement

/// What attention packs for each head, out of the matrix that holds queries, keys and values side by side.
func packing(frames: Int) {
    let (headSize, width) = (64, 3072)
    Benchmark.time("pack: a head's values, \(frames) × \(headSize)") {
        let source = Matrix(FloatBuffer(noise(frames * width)), rows: frames, columns: headSize, rowStride: width)
        let panels = MutablePanels(
            FloatBuffer(count: Panels.floatCount(depth: frames, columns: headSize)), depth: frames, columns: headSize)
        return Work { panels.pack(source) }
    }
    Benchmark.time("pack: a head's keys, transposed, \(headSize) × \(frames)") {
        let source = Matrix(FloatBuffer(noise(frames * width)), rows: frames, columns: headSize, rowStride: width)
        let panels = MutablePanels(
            FloatBuffer(count: Panels.floatCount(depth: headSize, columns: frames)), depth: headSize, columns: frames)
        return Work { panels.packTransposed(source, scale: 0.125) }
    }
}
