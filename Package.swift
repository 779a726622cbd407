// swift-tools-version: 6.3
import PackageDescription

/// The kernels, compiled for an instruction set; always optimised, so that a debug build is fast too and nothing but
/// the entry point leaves the target. Below tools version 6.2, SwiftPM refuses such flags in packages that others depend
/// on by version.
///
/// `feature` is what it has beyond `march`, and `like` the name under which the sources know its registers.
func instructionSet(
    _ name: String, march: String? = nil, with feature: String? = nil, like base: String? = nil
) -> Target {
    .target(
        name: "InstructionSet\(name)", dependencies: ["KernelTable", "CIntrinsics"],
        path: "Sources/InstructionSets/\(name)",
        swiftSettings: [
            .define(name.uppercased()), .define(base ?? name.uppercased()),
            .unsafeFlags(
                ["-O"] + (march.map { ["-Xcc", "-march=\($0)"] } ?? []) + (feature.map { ["-Xcc", "-m\($0)"] } ?? [])),
        ])
}

// A manifest sees only the machine that it runs on; a cross-build names the architecture that it is for.
#if arch(x86_64)
    let host = "x86_64"
#else
    let host = "aarch64"
#endif
let hasInstructionSets = (Context.environment["EMOTION_TARGET_ARCH"] ?? host) == "x86_64"

let instructionSets =
    [instructionSet("Baseline"), instructionSet("BaselineFused", like: "FUSED")]
    + (hasInstructionSets
        ? [
            instructionSet("AVX2", march: "x86-64-v3"),
            instructionSet("AVXVNNI", march: "x86-64-v3", with: "avxvnni", like: "AVX2"),
            instructionSet("AVX512", march: "x86-64-v4"),
            instructionSet("AVX512VNNI", march: "x86-64-v4", with: "avx512vnni", like: "AVX512"),
        ] : [])

let package = Package(
    name: "emotion-cli",
    products: [
        .executable(name: "emotion-cli", targets: ["emotion-cli"]),
        // Models of every form; and packed models alone, without the ONNX and YAML readers.
        .library(name: "W2V2Engine", targets: ["W2V2Engine"]),
        .library(name: "PackedModel", targets: ["PackedModel"]),
        .library(name: "AudioInput", targets: ["AudioInput"]),
        // For the packages in Benchmarks and Fuzz; may change at any time.
        .library(name: "BenchmarkSupport", targets: ["Kernels", "StandInModel"]),
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C libraries, from Debian.

        // Only the header is used at build time: BLAS opens the library when it is first needed, after it has told
        // OpenBLAS which kernels suit the CPU. A pkgConfig entry would link it, and it would choose for itself.
        .systemLibrary(name: "CBLAS", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CMpg123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Headers alone, compiled into their users: compiler built-ins, declarations of glibc's, and xxHash, from Debian.
        .systemLibrary(name: "CCPUFeatures"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CIntrinsics"),
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),

        // Reading, mapping and writing files, for all the others.
        .target(name: "Files"),
        // What the machine gives this process: threads, memory, control groups.
        .target(name: "Machine", dependencies: ["CMalloc", "Files"]),

        // From the file to the numbers, in that order.
        .target(name: "BLAS", dependencies: ["CBLAS", "CCPUFeatures"]),
        .target(name: "ONNXLoader", dependencies: ["Files"]),
        .target(name: "Checkpoints", dependencies: ["Files", "W2V2Network"]),
        .target(name: "ONNXInterpreter", dependencies: ["ONNXLoader", "BLAS"]),
        .target(name: "KernelTable"),
        .target(
            name: "Kernels",
            dependencies: ["BLAS", "CIntrinsics", "KernelTable", "Machine"]
                + instructionSets.map { .target(name: $0.name) },
            swiftSettings: hasInstructionSets ? [.define("ISA_TARGETS")] : []),
        .target(name: "W2V2Network", dependencies: ["BLAS", "Files", "Kernels", "Machine"]),
        .target(name: "W2V2Recognition", dependencies: ["Files", "ONNXLoader", "ONNXInterpreter", "W2V2Network"]),
        .target(
            name: "W2V2Engine",
            dependencies: [
                "BLAS", "Checkpoints", "Kernels", "ONNXLoader", "PackedModel", "W2V2Network", "W2V2Recognition",
                .product(name: "Yams", package: "Yams"),
            ]),

        // What goes in and what comes out.
        .target(name: "PackedModel", dependencies: ["CXXHash", "Files", "Kernels", "W2V2Network"]),
        .target(name: "NumPyFiles", dependencies: ["CZlib", "Files"]),
        .target(
            name: "AudioInput", dependencies: ["CMpg123", "CProcess", "CSndfile", "CSoxr", "Files", "NumPyFiles"]),
        .target(name: "StandInModel", dependencies: ["Files", "Kernels"]),

        // Whole corpora: which recordings, their scores in order, and the table that survives a kill.
        .target(name: "Corpus", dependencies: ["AudioInput", "CZlib", "Files"]),
        .target(name: "WorkerRequests", dependencies: ["AudioInput", "Corpus", "Files"]),
        .target(name: "Scoring", dependencies: ["AudioInput", "Corpus", "Files", "Machine", "W2V2Engine"]),
        .target(name: "ScoreTables", dependencies: ["Corpus", "CXXHash", "CZlib", "Files", "NumPyFiles"]),

        // Pictures: as SVG from plain numbers, and from SVG to PNG.
        .target(name: "Charts", dependencies: ["CZlib"]),

        // Whether the numbers are right.
        .target(
            name: "Verification",
            dependencies: [
                "W2V2Engine", "W2V2Recognition", "ONNXLoader", "ONNXInterpreter", "NumPyFiles", "AudioInput",
                "Checkpoints", "Files",
                "StandInModel",
            ],
            exclude: ["Published/README.md"],
            resources: [
                .embedInCode("Published/published-outputs.json"),
                .embedInCode("Published/this-is-a-notebook.mp3"),
                .embedInCode("Published/this-is-stupid.mp3"),
                .embedInCode("Published/this-is-wonderful.mp3"),
            ]
        ),

        .executableTarget(
            name: "emotion-cli",
            dependencies: [
                "AudioInput", "BLAS", "Charts", "Checkpoints", "Corpus", "Files", "Kernels", "Machine", "NumPyFiles",
                "ONNXLoader", "PackedModel",
                "ScoreTables", "Scoring", "StandInModel", "Verification", "W2V2Engine", "W2V2Recognition",
                "WorkerRequests",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // What the fuzzer in Fuzz gives its inputs to, and the tests those that it found.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AudioInput", "Checkpoints", "Corpus", "CXXHash", "Files", "NumPyFiles", "ONNXLoader", "PackedModel",
                "ScoreTables",
                "W2V2Engine",
                "W2V2Network", "W2V2Recognition", "WorkerRequests",
            ],
            path: "Fuzz/Targets"),
        .target(
            name: "TestSupport", dependencies: ["BLAS", "Kernels", "NumPyFiles", "ONNXLoader", "StandInModel"],
            path: "Tests/TestSupport"),
        .testTarget(name: "BLASTests", dependencies: ["BLAS"]),
        .testTarget(name: "ONNXLoaderTests", dependencies: ["ONNXLoader", "StandInModel", "TestSupport"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "Files", "NumPyFiles", "TestSupport"]),
        .testTarget(name: "ONNXInterpreterTests", dependencies: ["ONNXInterpreter", "TestSupport"]),
        .testTarget(name: "KernelsTests", dependencies: ["BLAS", "Kernels", "StandInModel", "TestSupport"]),
        .testTarget(
            name: "W2V2EngineTests",
            dependencies: [
                "W2V2Engine", "W2V2Network", "W2V2Recognition", "Kernels", "ONNXLoader", "ONNXInterpreter",
                "PackedModel",
                "StandInModel", "TestSupport",
            ]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "TestSupport"]),
        .testTarget(name: "PackedModelTests", dependencies: ["PackedModel", "TestSupport"]),
        .testTarget(name: "NumPyFilesTests", dependencies: ["CZlib", "Files", "NumPyFiles", "TestSupport"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts", "CZlib"]),
        .testTarget(name: "AudioInputTests", dependencies: ["AudioInput", "CSndfile", "NumPyFiles", "TestSupport"]),
        .testTarget(name: "CorpusTests", dependencies: ["AudioInput", "Corpus", "CZlib", "Files", "TestSupport"]),
        .testTarget(
            name: "ScoreTablesTests",
            dependencies: [
                "AudioInput", "Corpus", "ScoreTables", "CZlib", "Files", "NumPyFiles", "TestSupport",
            ]),
        .testTarget(
            name: "StandInModelTests", dependencies: ["StandInModel", "Files", "ONNXLoader", "TestSupport"]),
        .testTarget(
            name: "ScoringTests",
            dependencies: ["AudioInput", "Corpus", "Machine", "NumPyFiles", "Scoring", "TestSupport", "W2V2Engine"]),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "Verification", "W2V2Engine", "W2V2Recognition", "ONNXLoader", "ONNXInterpreter", "NumPyFiles",
                "StandInModel", "TestSupport",
            ]
        ),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "emotion-cli", "AudioInput", "BLAS", "Charts", "Corpus", "Kernels", "NumPyFiles", "ONNXLoader",
                "ScoreTables",
                "Scoring", "StandInModel", "TestSupport", "W2V2Engine", "W2V2Recognition", "WorkerRequests",
            ]),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"]),
    ] + instructionSets,
    swiftLanguageModes: [.v6]
)
