/// A copy that another program made of a small export, in `Tests/Fixtures/processed` (see the README there).
package struct ProcessedExport: Sendable, CustomStringConvertible {
    /// The exporter of the file that the copy was made from: `dynamo` or `torchscript`.
    package let base: String
    /// What made the copy, such as `onnxsim`.
    package let tool: String

    package static let bases = ["dynamo", "torchscript"]
    package static let tools = [
        "ort-basic", "ort-extended", "ort-all", "onnxsim", "onnxsim-1s", "onnxslim", "fp16", "fp16-io", "opset21",
        "external", "q8", "q8-matmul", "q8-channel", "qu8-matmul",
    ]
    package static let all = bases.flatMap { base in tools.map { ProcessedExport(base: base, tool: $0) } }

    package var description: String { "\(base).\(tool)" }
    package var path: String { Fixtures.processed("\(description).onnx") }
    /// The path of the file that the copy was made from.
    package var basePath: String { Fixtures.processed("\(base).onnx") }

    package var isFloat16: Bool { tool.hasPrefix("fp16") }
    package var isQuantized: Bool { tool.hasPrefix("q") }
    /// Whether the weights are the base's, so that its golden is the copy's too.
    package var keepsWeights: Bool { !isFloat16 && !isQuantized }
    /// The one length of signals that the copy takes; nil if it takes any.
    package var fixedSamples: Int? { tool == "onnxsim-1s" ? 16_000 : nil }
}
