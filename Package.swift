// swift-tools-version: 6.1
import PackageDescription

// SwiftPM refuses flags for the compiler in a package that another one depends on by version; such a package gets the
// products of OpenBLAS and the kernels that every processor can run.
let isDependency = Context.packageDirectory.contains("/checkouts/")

/// The kernels, compiled for instructions that not every processor has; always optimised, so that nothing but the entry
/// point leaves the target.
func instructionSet(_ name: String, march: String, define: String) -> Target {
    .target(
        name: "InstructionSet\(name)", dependencies: ["KernelTable", "CIntrinsics"],
        path: "Sources/InstructionSets/\(name)",
        swiftSettings: [
            .define(define),
            .unsafeFlags(["-O", "-Xcc", "-march=\(march)"]),
        ])
}

#if arch(x86_64)
    let hasInstructionSets = !isDependency
#else
    let hasInstructionSets = false
#endif

let instructionSets: [Target] =
    hasInstructionSets
    ? [
        instructionSet("AVX2", march: "x86-64-v3", define: "AVX2"),
        instructionSet("AVX512", march: "x86-64-v4", define: "AVX512"),
    ] : []

let package = Package(
    name: "emotion-cli",
    products: [
        .executable(name: "emotion-cli", targets: ["emotion-cli"]),
        .library(name: "W2V2Engine", targets: ["W2V2Engine"]),
        .library(name: "ONNXOracle", targets: ["ONNXOracle"]),
        .library(name: "AudioInput", targets: ["AudioInput"]),
        .library(name: "Scoring", targets: ["Scoring"]),
        .library(name: "ScoreTables", targets: ["ScoreTables"]),
        .library(name: "Corpus", targets: ["Corpus"]),
        .library(name: "Kernels", targets: ["Kernels"]),
        .library(name: "StandInModel", targets: ["StandInModel"]),
        .library(name: "Charts", targets: ["Charts", "SVGRendering"]),
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
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Headers alone, compiled into their users: compiler built-ins, and xxHash, from Debian.
        .systemLibrary(name: "CCPUFeatures"),
        .systemLibrary(name: "CIntrinsics"),
        .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),

        // Reading, mapping and writing files, for all the others.
        .target(name: "Files"),

        // From the file to the numbers, in that order.
        .target(name: "BLAS", dependencies: ["CBLAS", "CCPUFeatures"]),
        .target(name: "ONNXLoader", dependencies: ["Files"]),
        .target(name: "ONNXOracle", dependencies: ["ONNXLoader", "BLAS"]),
        .target(name: "KernelTable"),
        .target(
            name: "InstructionSetBaseline", dependencies: ["KernelTable", "CIntrinsics"],
            path: "Sources/InstructionSets/Baseline"),
        .target(
            name: "Kernels",
            dependencies: ["BLAS", "CIntrinsics", "KernelTable", "InstructionSetBaseline"]
                + instructionSets.map { .target(name: $0.name) },
            swiftSettings: hasInstructionSets ? [.define("ISA_TARGETS")] : []),
        .target(
            name: "W2V2Engine",
            dependencies: [
                "BLAS", "ONNXLoader", "ONNXOracle", "Kernels", "PackedModel", .product(name: "Yams", package: "Yams"),
            ]
        ),

        // What goes in and what comes out.
        .target(name: "PackedModel", dependencies: ["CXXHash", "Files"]),
        .target(name: "NumPyFiles", dependencies: ["CZlib", "Files"]),
        .target(name: "AudioInput", dependencies: ["CSndfile", "CSoxr", "Files", "NumPyFiles"]),
        .target(name: "StandInModel", dependencies: ["Files"]),

        // Whole corpora: which recordings, their scores in order, and the table that survives a kill.
        .target(name: "Corpus", dependencies: ["AudioInput", "Files"]),
        .target(name: "Scoring", dependencies: ["AudioInput", "Corpus", "W2V2Engine"]),
        .target(name: "ScoreTables", dependencies: ["CXXHash", "CZlib", "Files", "NumPyFiles"]),

        // Pictures: as SVG from plain numbers, and from SVG to PNG.
        .target(name: "Charts", dependencies: ["CZlib"]),
        .target(name: "SVGRendering"),

        // Whether the numbers are right.
        .target(
            name: "Verification",
            dependencies: ["W2V2Engine", "ONNXLoader", "ONNXOracle", "NumPyFiles", "AudioInput", "StandInModel"],
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
                "BLAS", "W2V2Engine", "Kernels", "Files", "ONNXLoader", "PackedModel", "AudioInput", "Corpus",
                "NumPyFiles", "ScoreTables", "Scoring", "StandInModel", "Verification", "Charts", "SVGRendering",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        .target(
            name: "TestSupport", dependencies: ["BLAS", "Kernels", "NumPyFiles", "ONNXLoader"],
            path: "Tests/TestSupport"),
        .testTarget(name: "BLASTests", dependencies: ["BLAS"]),
        .testTarget(name: "ONNXLoaderTests", dependencies: ["ONNXLoader", "TestSupport"]),
        .testTarget(name: "ONNXOracleTests", dependencies: ["ONNXOracle", "TestSupport"]),
        .testTarget(name: "KernelsTests", dependencies: ["BLAS", "Kernels", "TestSupport"]),
        .testTarget(
            name: "W2V2EngineTests",
            dependencies: [
                "W2V2Engine", "Kernels", "ONNXLoader", "ONNXOracle", "PackedModel", "StandInModel", "TestSupport",
            ]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "PackedModelTests", dependencies: ["PackedModel", "TestSupport"]),
        .testTarget(name: "NumPyFilesTests", dependencies: ["NumPyFiles", "TestSupport"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts", "CZlib", "SVGRendering"]),
        .testTarget(name: "AudioInputTests", dependencies: ["AudioInput", "CSndfile", "NumPyFiles", "TestSupport"]),
        .testTarget(name: "CorpusTests", dependencies: ["AudioInput", "Corpus", "TestSupport"]),
        .testTarget(
            name: "ScoreTablesTests", dependencies: ["ScoreTables", "CZlib", "Files", "NumPyFiles", "TestSupport"]),
        .testTarget(
            name: "StandInModelTests", dependencies: ["StandInModel", "Files", "ONNXLoader", "TestSupport"]),
        .testTarget(
            name: "ScoringTests",
            dependencies: ["AudioInput", "Corpus", "NumPyFiles", "Scoring", "TestSupport", "W2V2Engine"]),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "Verification", "W2V2Engine", "ONNXLoader", "ONNXOracle", "NumPyFiles", "StandInModel", "TestSupport",
            ]
        ),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "emotion-cli", "AudioInput", "BLAS", "Corpus", "Kernels", "NumPyFiles", "ONNXLoader", "ScoreTables",
                "StandInModel", "TestSupport", "W2V2Engine",
            ]),
    ] + instructionSets,
    swiftLanguageModes: [.v6]
)
