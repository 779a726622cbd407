// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "emotion-cli", path: ".."),
        // Without its traits, which count allocations and references, and slow them down.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "Measurement", dependencies: [.product(name: "Benchmark", package: "benchmark")]),
        suite("KernelBenchmarks", products: ["BenchmarkSupport"]),
        suite("NetworkBenchmarks", products: ["BenchmarkSupport", "W2V2Engine"]),
    ],
    swiftLanguageModes: [.v6]
)

/// Benchmarks of some of emotion-cli's products, in a folder where `swift package benchmark` looks for them.
func suite(_ name: String, products: [String]) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["Measurement", .product(name: "Benchmark", package: "benchmark")]
            + products.map { .product(name: $0, package: "emotion-cli") },
        path: "Benchmarks/\(name)",
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}
