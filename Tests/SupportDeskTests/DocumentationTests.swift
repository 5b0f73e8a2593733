import Foundation
import Testing

@testable import SupportDesk

/// What the documentation shows is true of the code beside it.
@Suite("Documentation")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A block of Swift in an article.
    struct Block: CustomTestStringConvertible {
        let file: String
        let line: Int
        let code: String
        var testDescription: String { "\(file):\(line)" }
    }

    /// The README and every article of every module.
    private static func articles() -> [URL] {
        var found = [root.appendingPathComponent("README.md")]
        let files = FileManager.default.enumerator(
            at: root.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "md", file.path.contains(".docc/") { found.append(file) }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The blocks of a language in all articles.
    private static func blocks(_ language: String = "swift") throws -> [Block] {
        try articles().flatMap { article in
            var blocks: [Block] = []
            var open: (line: Int, language: Substring, code: [Substring])?
            let lines = try String(contentsOf: article, encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() {
                if let block = open, line.hasPrefix("```") {
                    if block.language == language {
                        let code = block.code.joined(separator: "\n")
                        blocks.append(Block(file: article.lastPathComponent, line: block.line, code: code))
                    }
                    open = nil
                } else if open != nil {
                    open?.code.append(line)
                } else if line.hasPrefix("```") {
                    open = (number + 1, line.dropFirst(3), [])
                }
            }
            #expect(open == nil, "\(article.lastPathComponent): a block of code has no end")
            return blocks
        }
    }

    @Test("each module has its article, and every block of Swift compiles")
    func compiles() async throws {
        let blocks = try Self.blocks()
        let modules = ["Transport", "Mail", "Redaction", "Triage", "SupportDesk"]
        for module in modules {
            #expect(blocks.contains { $0.code.contains("import \(module)") }, "nothing shows \(module)")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("documented-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, block) in blocks.enumerated() {
            // Each in a function of its own would forbid imports: each is a file of its own, as top-level code.
            let file = folder.appendingPathComponent("block\(number).swift")
            try block.code.write(to: file, atomically: true, encoding: .utf8)
            let (code, output) = try await Self.typeCheck(file)
            #expect(code == 0, "\(block.file):\(block.line): \(output)")
        }
    }

    @Test("every desk.yaml that is shown is one")
    func desks() throws {
        let blocks = try Self.blocks("yaml")
        #expect(!blocks.isEmpty)
        for block in blocks {
            let folder = try ScratchFolder()
            let desk = try DeskConfiguration(file: folder.write("desk.yaml", block.code))
            #expect(desk.channels.count == 1 && desk.policy.mode(for: "get_refund") == .shadow, "\(block)")
        }
    }

    @Test("every command that is shown is there, with its options")
    func commands() async throws {
        let program = try await ProgramHelp.whole()
        var shown = 0
        for article in Self.articles() {
            for span in try Self.commands(in: article) {
                let words = span.split(whereSeparator: \.isWhitespace).dropFirst()
                var command = program
                for word in words {
                    guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { break }
                    command = next
                }
                let isOption = words.first?.hasPrefix("--") == true
                #expect(isOption || command.commandName != "auradesk", "\(article.lastPathComponent): \(span)")
                let options = span.split(whereSeparator: { !$0.isLetter && $0 != "-" }).filter { $0.hasPrefix("--") }
                let unknown = options.filter { !command.options.contains(String($0.dropFirst(2))) }
                #expect(unknown.isEmpty, "\(article.lastPathComponent): \(span)")
                shown += 1
            }
        }
        #expect(shown > 50, "\(shown)")
    }

    /// What an article shows of our program, in the text and in blocks of a shell's language.
    private static func commands(in article: URL) throws -> [Substring] {
        let text = try String(contentsOf: article, encoding: .utf8)
        let lines = try blocks("sh").filter { $0.file == article.lastPathComponent }.flatMap {
            $0.code.split(separator: "\n")
        }
        return text.split(separator: "`").filter { $0.hasPrefix("auradesk ") }
            + lines.compactMap { line in line.firstRange(of: "auradesk ").map { line[$0.lowerBound...] } }
    }

    @Test("every suite that the security page names is there")
    func named() throws {
        let page = try String(
            contentsOf: Self.root.appendingPathComponent("Sources/SupportDesk/SupportDesk.docc/Security.md"),
            encoding: .utf8)
        let names = page.split(separator: "`").map(String.init).filter { word in
            word.hasSuffix("Tests") && word.allSatisfy(\.isLetter)
        }
        #expect(names.count > 25)
        var there: Set<String> = []
        let files = FileManager.default.enumerator(
            at: Self.root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift", !file.path.contains("/.build") else { continue }
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(whereSeparator: { !$0.isLetter })
                if let at = words.firstIndex(where: { $0 == "struct" || $0 == "class" || $0 == "enum" }),
                    words.count > at + 1
                {
                    there.insert(String(words[at + 1]))
                }
            }
        }
        #expect(Set(names).subtracting(there) == [])
    }

    /// Checks the types of a file against the modules that these tests were built with.
    private static func typeCheck(_ file: URL) async throws -> (Int32, String) {
        // The test bundle lies in the folder of the build's products.
        let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let build = Self.products(products)
        var arguments = [
            "swiftc", "-typecheck", "-swift-version", "6", "-I", build.appendingPathComponent("Modules").path,
        ]
        for map in Self.moduleMaps(build) { arguments += ["-Xcc", "-fmodule-map-file=\(map.path)"] }
        for package in ["libcurl", "gmime-3.0", "libxml-2.0", "libpq", "libhs"] {
            for flag in try await run(["pkg-config", "--cflags-only-I", package]).1.split(
                whereSeparator: \.isWhitespace)
            {
                arguments += ["-Xcc", String(flag)]
            }
        }
        return try await run(arguments + [file.path])
    }

    /// Where the C modules are described: ours, those that packages bring along, those that the build wrote.
    private static func moduleMaps(_ build: URL) -> [URL] {
        let checkouts = build.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "checkouts")
        // In the build's folder "include" holds what Objective-C would see of a Swift module.
        let described = (inside(root.appendingPathComponent("Sources")) + inside(build))
            .map { $0.appendingPathComponent("module.modulemap") }
        let brought = inside(checkouts).flatMap { inside($0.appendingPathComponent("Sources")) }.flatMap { folder in
            ["module.modulemap", "include/module.modulemap"].map { folder.appendingPathComponent($0) }
        }
        return (described + brought).filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func inside(_ folder: URL) -> [URL] {
        (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))?
            .sorted { $0.path < $1.path } ?? []
    }

    /// The folder with `Modules`, from the one of the running test program upwards.
    private static func products(_ start: URL) -> URL {
        var folder = start
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        return folder
    }

    private static func run(_ arguments: [String]) async throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
