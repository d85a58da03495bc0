// swift-tools-version: 6.2
import PackageDescription

// Arrows point down only: a target lists here all that it may import, and CI builds with
// `--explicit-target-dependency-import-check error`. docs/design/0001-house.md explains the layers.

/// Settings of every Swift target: unsafe constructs are spelled out, and spans may be returned from methods.
let swift: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
  name: "headrace",
  products: [
    .library(name: "Headrace", targets: ["Headrace"]),
    .executable(name: "headrace", targets: ["headrace"]),
    .executable(name: "headrace-bench", targets: ["headrace-bench"]),
  ],
  targets: [
    // C: wrappers and module maps, one Swift importer each. Logic is in C only where C must not let go of control,
    // the longjmp of libpng and libjpeg, and where Swift has no words for it: loops over vectors of the processor at
    // hand.
    .target(name: "CHeadraceLinux"),
    .target(name: "CAllocationCounter"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CHeadracePNG", dependencies: ["CPNG"]),
    .target(name: "CHeadraceJPEG", dependencies: ["CJPEG"]),
    .target(name: "CHeadraceInflate", dependencies: ["CDeflate"]),
    .target(name: "CHeadraceSIMD"),

    // Layer 0: the vocabulary, and the operating system.
    .target(name: "HeadraceCore", swiftSettings: swift),
    .target(name: "HeadraceSystem", dependencies: ["CHeadraceLinux"], swiftSettings: swift),

    /// For benchmarks and tests alone: it puts a malloc that counts in the place of the C library's.
    .target(name: "HeadraceAllocations", dependencies: ["CAllocationCounter"], swiftSettings: swift),

    // Layer 1: the parts, none of which knows another.
    .target(name: "HeadraceRing", dependencies: ["HeadraceCore", "HeadraceSystem"], swiftSettings: swift),
    .target(name: "HeadraceShards", dependencies: ["HeadraceCore", "HeadraceSystem", "CZstd"], swiftSettings: swift),
    .target(
      name: "HeadraceImages",
      dependencies: [
        "HeadraceCore", "HeadraceSystem", "CDeflate", "CWebP", "CHeadraceInflate", "CHeadraceJPEG", "CHeadracePNG",
        "CHeadraceSIMD",
      ],
      swiftSettings: swift),
    .target(name: "HeadracePipeline", dependencies: ["HeadraceCore", "HeadraceSystem"], swiftSettings: swift),

    // Layer 2: the parts put together.
    .target(
      name: "HeadraceWorker",
      dependencies: ["HeadraceCore", "HeadraceSystem", "HeadraceRing", "HeadracePipeline"], swiftSettings: swift),
    .target(
      name: "HeadraceHeadspace",
      dependencies: ["HeadraceCore", "HeadraceSystem", "HeadraceRing", "HeadraceWorker"],
      swiftSettings: swift),

    // Layer 3: what users import.
    .target(
      name: "Headrace",
      dependencies: [
        "HeadraceCore", "HeadraceRing", "HeadraceShards", "HeadraceImages", "HeadracePipeline", "HeadraceWorker",
        "HeadraceHeadspace",
      ], swiftSettings: swift),

    // Layer 4: programs.
    .target(name: "HeadraceCLI", dependencies: ["Headrace", "HeadraceSystem", "CCrypto"], swiftSettings: swift),
    .executableTarget(
      name: "headrace", dependencies: ["HeadraceCLI", "HeadraceSystem"], path: "Sources/headrace-cli",
      swiftSettings: swift),
    .executableTarget(
      name: "headrace-bench", dependencies: ["Headrace", "HeadraceAllocations", "HeadraceImages", "HeadraceSystem"],
      swiftSettings: swift),
    .executableTarget(
      name: "QuickStart", dependencies: ["Headrace"], path: "Examples/QuickStart", swiftSettings: swift),
    .executableTarget(
      name: "TrainDigits", dependencies: ["Headrace"], path: "Examples/TrainDigits", swiftSettings: swift),

    // Tests. Test processes are warm, so whatever forks does so in WorkerFixture.
    .target(
      name: "HeadraceTestSupport", dependencies: ["CDeflate", "HeadraceSystem"], path: "Tests/HeadraceTestSupport",
      swiftSettings: swift),
    .executableTarget(
      name: "WorkerFixture", dependencies: ["Headrace", "HeadraceSystem"], path: "Tests/WorkerFixture",
      swiftSettings: swift),
    .testTarget(name: "HeadraceCoreTests", dependencies: ["HeadraceCore"], swiftSettings: swift),
    .testTarget(
      name: "HeadraceSystemTests", dependencies: ["HeadraceSystem", "HeadraceTestSupport"], swiftSettings: swift),
    .target(name: "CSingleStep", path: "Tests/CSingleStep"),
    .testTarget(
      name: "HeadraceRingTests",
      dependencies: ["CSingleStep", "HeadraceCore", "HeadraceRing", "HeadraceSystem", "HeadraceTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "HeadraceShardsTests",
      dependencies: ["HeadraceCore", "HeadraceSystem", "HeadraceShards", "HeadraceTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "HeadraceImagesTests",
      dependencies: ["HeadraceCore", "HeadraceImages", "HeadraceSystem", "HeadraceTestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: swift),
    .target(
      name: "HeadraceFuzz",
      dependencies: ["HeadraceCore", "HeadraceImages", "HeadraceShards", "HeadraceSystem", "HeadraceTestSupport"],
      path: "Tests/HeadraceFuzz", swiftSettings: swift),
    .testTarget(
      name: "HeadraceFuzzTests",
      dependencies: [
        "HeadraceAllocations", "HeadraceCore", "HeadraceFuzz", "HeadraceImages", "HeadracePipeline", "HeadraceShards",
        "HeadraceTestSupport",
      ],
      resources: [.copy("Corpus")], swiftSettings: swift),
    .testTarget(
      name: "HeadracePipelineTests",
      dependencies: ["HeadraceCore", "HeadracePipeline", "HeadraceSystem", "HeadraceTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "HeadraceWorkerTests",
      dependencies: [
        "Headrace", "HeadraceCore", "HeadracePipeline", "HeadraceSystem", "HeadraceRing", "HeadraceWorker",
        "HeadraceHeadspace", "HeadraceTestSupport", "WorkerFixture",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "HeadraceBenchTests", dependencies: ["HeadraceTestSupport", "headrace-bench"], swiftSettings: swift),
    .testTarget(
      name: "HeadraceProjectTests", dependencies: ["Headrace", "HeadraceTestSupport", "QuickStart", "headrace"],
      exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(
      name: "HeadraceCLITests",
      dependencies: ["HeadraceCLI", "Headrace", "HeadraceTestSupport", "headrace", "TrainDigits"],
      swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6]
)

// A build for ThreadSanitizer takes minutes, and sees the threads of one process only: with this set to anything it has
// the parts that have threads, their tests, and a Mutex that the sanitizer sees.
if Context.environment["HEADRACE_THREAD_SANITIZER"] != nil {
  let tests: Set = ["HeadraceRingTests", "HeadracePipelineTests"]
  let parts: Set = [
    "CDeflate", "CHeadraceLinux", "CSingleStep", "HeadraceCore", "HeadraceSystem", "HeadraceRing", "HeadracePipeline",
    "HeadraceTestSupport",
  ]
  package.products = []
  package.targets.removeAll { !tests.contains($0.name) && !parts.contains($0.name) }
  package.targets.append(.target(name: "CVisibleMutex", path: "Tests/CVisibleMutex"))
  for target in package.targets where tests.contains(target.name) { target.dependencies.append("CVisibleMutex") }
}

// libFuzzer brings main, and the parts are compiled for it: with this set to anything the package has what is fuzzed,
// and the program that does it. scripts/fuzz builds and runs it.
if Context.environment["HEADRACE_FUZZER"] != nil {
  let parts: Set = [
    "CHeadraceLinux", "CZstd", "CPNG", "CDeflate", "CJPEG", "CWebP", "CHeadraceInflate", "CHeadracePNG",
    "CHeadraceJPEG", "CHeadraceSIMD",
    "HeadraceCore", "HeadraceSystem", "HeadraceShards", "HeadraceImages", "HeadraceTestSupport", "HeadraceFuzz",
  ]
  package.products = []
  package.targets.removeAll { !parts.contains($0.name) }
  package.targets.append(
    .executableTarget(name: "headrace-fuzz", dependencies: ["HeadraceFuzz"], path: "Tests/CHeadraceFuzzer"))
}
