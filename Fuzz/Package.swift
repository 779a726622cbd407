// swift-tools-version: 6.3
import PackageDescription

// Built by Scripts/fuzz, which instruments the packages that this one depends on too.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "emotion-cli", path: "..")],
    targets: [
        .executableTarget(name: "Fuzz", dependencies: [.product(name: "FuzzTargets", package: "emotion-cli")])
    ],
    swiftLanguageModes: [.v6]
)
