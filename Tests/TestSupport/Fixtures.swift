import Foundation

/// The files that tests read: tiny model exports with float64 goldens, and speech.
package enum Fixtures {
    /// The names of the tiny model exports, one for each way such a model gets exported.
    package static let modelNames = [
        "torch1.10-opset11",
        "torch1.10-opset11-spiky",
        "torch1.10-opset11-unfolded",
        "torch1.10-opset12-agegender",
        "torch1.10-opset13-inputnorm",
        "torch2.13-opset14-dynamicbatch",
        "torch2.13-opset17",
        "torch2.13-opset18-dynamo",
    ]

    /// The path of a tiny model export.
    package static func model(_ name: String) -> String { path("Tests/Fixtures/models/\(name).onnx") }

    /// The path of an export's golden: `SIGNAL/signal`, `SIGNAL/<output>` and `layers/*` (see the README beside it).
    package static func golden(_ name: String) -> String { path("Tests/Fixtures/models/\(name).golden.npz") }

    /// The path of a file among the small exports and their processed copies, such as `dynamo.onnxsim.onnx`.
    package static func processed(_ name: String) -> String { path("Tests/Fixtures/processed/\(name)") }

    /// The path of a folder as the Hugging Face hub holds a model, such as `emotion` (see the README beside it).
    package static func checkpoint(_ name: String) -> String { path("Tests/Fixtures/checkpoints/\(name)") }

    /// The path of a file that NumPy wrote, such as `float32.npy` (see `make.py` beside it).
    package static func numPy(_ name: String) -> String { path("Tests/Fixtures/numpy/\(name)") }

    /// The path of a bundled speech file, such as `jfk.wav`.
    package static func speech(_ name: String) -> String { path("Examples/speech/\(name)") }

    /// The path of a damaged file, such as `alias-bomb.yaml`.
    package static func damaged(_ name: String) -> String { path("Tests/Fixtures/damaged/\(name)") }

    /// The path of a folder of the fuzzer's, such as `Findings/onnx`.
    package static func fuzz(_ name: String) -> String { path("Fuzz/\(name)") }

    private static func path(_ relative: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: relative).path(percentEncoded: false)
    }
}
