import Benchmark
import Kernels
import Measurement

/// Matrix products with the epilogues that they have in the network; 49, 249 and 999 frames are 1, 5 and 20 seconds.
func products(frames: Int) {
    product("queries, keys and values", frames, depth: 1024, columns: 3072)
    product("attention's output", frames, depth: 1024, columns: 1024, adds: true)
    product("feed-forward, without GELU", frames, depth: 1024, columns: 4096)
    product("feed-forward, with GELU", frames, depth: 1024, columns: 4096, gelu: true)
    product("feed-forward's output", frames, depth: 4096, columns: 1024, adds: true)
    product("positional convolution of a group", frames, depth: 8192, columns: 64, stride: 64, gelu: true, adds: true)
    product("convolution of 3 taps", frames, depth: 1536, columns: 512, stride: 1024)
}

/// Rows are `stride` floats apart, or `depth` unless given; they may overlap.
private func product(
    _ name: String, _ frames: Int, depth: Int, columns: Int, stride: Int? = nil, gelu: Bool = false,
    adds: Bool = false
) {
    Benchmark.time("product: \(name), \(frames) × \(depth) × \(columns)") {
        let kernels = try KernelSet()
        let stride = stride ?? depth
        let input = FloatBuffer(noise((frames - 1) * stride + depth))
        let a = Matrix(input, rows: frames, columns: depth, rowStride: stride)
        let b = ConstantPanels(depth: depth, columns: columns) {
            $0.pack(noise(depth * columns), rows: 0..<depth, columns: columns)
        }
        let c = MutableMatrix(FloatBuffer(count: frames * columns), rows: frames, columns: columns)
        let residual = adds ? Matrix(FloatBuffer(noise(frames * columns)), rows: frames, columns: columns) : nil
        let epilogue = Epilogue(bias: ConstantVector(noise(columns)), gelu: gelu, adding: residual)
        return Work(operations: 2 * frames * depth * columns) { kernels.multiply(a, b.panels, into: c, epilogue) }
    }
}
