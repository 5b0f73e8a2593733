// swift-tools-version: 6.1
import Foundation
import PackageDescription

let package = Package(
    name: "AuraDesk",
    products: [
        .executable(name: "auradesk", targets: ["auradesk"]),
        .library(name: "SupportDesk", targets: ["SupportDesk"]),
        .library(name: "Transport", targets: ["Transport"]),
        .library(name: "Mail", targets: ["Mail"]),
        .library(name: "Redaction", targets: ["Redaction"]),
        .library(name: "Triage", targets: ["Triage"]),
        .library(name: "Postgres", targets: ["Postgres"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries: a module map and a shim each, nothing else.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CLibXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CHyperscan", pkgConfig: "libhs", providers: [.apt(["libvectorscan-dev"])]),
        // C faces on two C++ libraries.
        .target(name: "CLanguageDetector", linkerSettings: [.linkedLibrary("cld2")]),
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),
        // Boundary targets: each the only importer of its C library; they do not import each other.
        .target(name: "Transport", dependencies: ["CCurl"]),
        .target(name: "Mail", dependencies: ["CGMime", "CLibXML"]),
        .target(name: "Redaction", dependencies: ["CHyperscan", "CPhoneNumber"]),
        .target(name: "Triage", dependencies: ["CLanguageDetector"]),
        .target(name: "Postgres", dependencies: ["CPostgres"]),
        // What a shop edits, and the demo shop: resources beside the binary.
        .target(
            name: "Templates", path: "Templates",
            resources: [
                .copy("desk.yaml"), .copy("intents"), .copy("knowledge"), .copy("packaging"), .copy("prompts"),
                .copy("records"), .copy("report"),
                .copy("replies"), .copy("tickets"), .copy("voice"),
            ]
        ),
        .target(name: "Mailboxes", path: "Mailboxes", resources: [.copy("demo")]),
        // The desk, and its command line.
        .target(
            name: "SupportDesk",
            dependencies: [
                "Transport", "Mail", "Redaction", "Triage", "Postgres",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .executableTarget(
            name: "auradesk",
            dependencies: [
                "SupportDesk", "Transport", "Mail", "Redaction", "Triage", "Templates", "Mailboxes", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(name: "TransportTests", dependencies: ["Transport", "TestServers"]),
        .testTarget(name: "MailTests", dependencies: ["Mail", "Seeded"], resources: [.copy("Fixtures")]),
        .testTarget(name: "RedactionTests", dependencies: ["Redaction", "Seeded"], exclude: ["Fixtures"]),
        .testTarget(name: "TriageTests", dependencies: ["Triage"], exclude: ["Fixtures"]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestServers"]),
        .testTarget(
            name: "SupportDeskTests",
            dependencies: [
                "SupportDesk", "Templates", "Mailboxes", "TestServers", "RetailMail", "FuzzTargets", "Seeded",
            ],
            resources: [.copy("Fixtures")]
        ),
        // Starts real servers for tests on free loopback ports, and stops them by pid.
        .target(name: "TestServers", path: "Tests/Servers", exclude: ["scripts"]),
        // Numbers by seed.
        .target(name: "Seeded", path: "Tests/Seeded"),
        // A shop's mail by seed, with what a right answer to each holds: for a figure and for a test.
        .target(
            name: "RetailMail", dependencies: ["SupportDesk", "Mail", "Triage", "Seeded"], path: "Tests/Retail",
            exclude: ["HeldOut", "Phrases"]),
        // What must be true of any bytes that come in: for the fuzzers, and for a short test of each.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "SupportDesk", "Transport", "Mail", "Redaction", "Seeded",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Fuzzing/Targets"),
        // What the figures are measured with; `Tests/Benchmarks/run` names them.
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "SupportDesk", "Transport", "Mail", "Redaction", "Triage", "Postgres", "RetailMail", "Seeded",
                "TestServers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Benchmarks",
            exclude: [
                "bare-gmime.c", "common.sh", "crashes", "hostile", "imap", "inbox", "intents", "intents-peers.py",
                "language", "make-mails.py", "model-contracts", "parse", "parse-email.py", "postgres", "records",
                "redact",
                "redact.py", "roundup", "run", "slow-shop.py", "smtp", "smtplib-peer.py", "start", "table.py",
                "tickets",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Tests run against what is shipped, optimised (Tests/run). They themselves are compiled as for debugging, which takes a
// third of the time.
for target in package.targets where target.type == .test {
    target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}

// The fuzzer has no main function of its own: it is built only with `swift build --sanitize fuzzer` (Tests/Fuzzing/run).
if ProcessInfo.processInfo.environment["AURADESK_FUZZERS"] != nil {
    // Unoptimised, to train the classifier takes minutes, and a text is redacted ten times slower.
    for target in package.targets where ["Mail", "Redaction", "Transport", "Triage"].contains(target.name) {
        target.swiftSettings = [.unsafeFlags(["-O"])]
    }
    package.targets.append(
        .executableTarget(
            name: "Fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/Main",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
