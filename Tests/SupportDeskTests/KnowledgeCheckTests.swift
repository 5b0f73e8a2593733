import Foundation
import TestServers
import Testing
import Transport
import Triage

@testable import SupportDesk

@Suite("Knowledge check")
struct KnowledgeCheckTests {
    private static let day = LocalDate(2026, 3, 10) ?? LocalDate(dayNumber: 0)
    private static let bad = "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/bad-templates"

    @Test("nothing is wrong with the shipped articles")
    func shipped() throws {
        let check = try KnowledgeCheck(
            templates: PackageFolder.templates, domains: ["neemandclay.example"], on: Self.day)
        #expect(check.count >= 123)
        #expect(check.findings() == [])
    }

    @Test(
        "each kind of fault is found where it stands",
        arguments: [
            ("knowledge/en/broken.md", 5, "unreadable"), ("knowledge/en/twin.md", 2, "duplicate"),
            ("knowledge/en/misplaced.md", 4, "misplaced"), ("knowledge/en/old.md", 6, "expired"),
            ("knowledge/en/ending.md", 6, "expiring"), ("knowledge/en/returns.md", 9, "contradiction"),
            ("knowledge/hi/returns.md", 9, "contradiction"), ("knowledge/en/list.md", 9, "lead"),
            ("knowledge/en/endless.md", 9, "lead"), ("knowledge/en/pointing.md", 9, "lead"),
            ("knowledge/en/links.md", 11, "foreign-link"), ("knowledge/en/links.md", 13, "foreign-link"),
            ("knowledge/en/links.md", 15, "citation"), ("replies/en/get_refund.mustache", 3, "citation"),
            ("knowledge/en", 1, "no-article"), ("knowledge/hi", 1, "no-article"),
            ("knowledge/en/links.md", 2, "no-language"),
            ("knowledge/en/links.md", 5, "unknown-intent"), ("knowledge/en/secret.md", 6, "audience"),
            ("knowledge/hi/synonyms.txt", 2, "unreadable"),
        ])
    func faults(file: String, line: Int, kind: String) throws {
        let found = try KnowledgeCheck(templates: Self.bad, domains: ["shop.example"], on: Self.day).findings()
        let lines = found.map { "\($0.file.dropFirst(Self.bad.count + 1)):\($0.line): \($0.kind.rawValue)" }
        #expect(lines.contains("\(file):\(line): \(kind)"), "\(found.map(\.description).joined(separator: "\n"))")
    }

    @Test("the same files give the same lines; what is only good to know is no fault")
    func steadiness() throws {
        let check = try KnowledgeCheck(templates: Self.bad, domains: ["shop.example"], on: Self.day)
        #expect(check.findings() == check.findings())
        let known = Set(check.findings().filter { !$0.isFault }.map(\.kind))
        #expect(known == [.expiring, .noLanguage, .audience])
    }

    @Test("a contradiction names both places and both values")
    func contradiction() throws {
        let found = try KnowledgeCheck(templates: Self.bad, domains: [], on: Self.day).findings()
            .first { $0.kind == .contradiction && $0.file.hasSuffix("en/returns.md") }
        let words = try #require(found).words
        #expect(words.contains("refunds.md:9") && words.contains("14") && words.contains("30"))
    }

    @Test("the index refuses two articles of one id, naming both")
    func twins() throws {
        let folder = try KnowledgeFolder([
            "en/a.md": KnowledgeFolder.article("same", "A", "One lead."),
            "en/b.md": KnowledgeFolder.article("same", "B", "Another lead."),
        ])
        let error = #expect(throws: DeskError.self) { try folder.open() }
        #expect(error?.message.contains("en/b.md:2: ") == true && error?.message.contains("en/a.md") == true)
    }

    @Test("links are tried once each; only what is gone for good is a fault")
    func deadLinks() async throws {
        let server = try ScriptedHTTPServer { request in
            switch (request.method, request.target) {
            case (_, "/fine"): .text("")
            case ("HEAD", "/no-head"): .response(status: 404)
            case ("GET", "/no-head"): .text("here")
            case (_, "/busy"): .response(status: 503)
            default: .response(status: 404)
            }
        }
        let scratch = try ScratchFolder()
        let links = ["/fine", "/fine#part", "/no-head", "/busy", "/gone"].map { "See \(server.baseURL)\($0) for it." }
        let text = KnowledgeFolder.article("a", "A", "A lead.", body: links.joined(separator: "\n"))
        let folder = "\(scratch.path)/knowledge/en"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.replacing("A lead.\n\n", with: "A lead.\n\n## B\n\n").utf8).write(
            to: URL(fileURLWithPath: "\(folder)/a.md"))
        let agent = TransferAgent(configuration: .init())
        let found = try await KnowledgeCheck(templates: scratch.path, domains: [], on: Self.day).deadLinks(agent)
        await agent.shutdown()
        await server.stop()
        #expect(
            found.map { "\($0.line) \($0.kind.rawValue) \($0.isFault)" } == [
                "16 unreachable false", "17 dead-link true",
            ])
        #expect(server.requests.filter { $0.target == "/fine" }.count == 1)
    }

    @Test(
        "quantities are read in three languages",
        arguments: [
            ("within 30 days of delivery", "days 30"), ("5–7 business days", "working days 5-7"),
            ("3 to 5 days", "days 3-5"),
            ("डिलीवरी के 30 दिनों के भीतर", "days 30"), ("5–7 कार्यदिवसों में", "working days 5-7"),
            ("delivery ke 30 dinon ke andar", "days 30"),
            ("for ₹1,499", "money ₹1499"), ("Rs. 1499", "money ₹1499"), ("10 per cent", "percent 10"),
            ("24 घंटे", "hours 24"),
        ])
    func quantities(text: String, expected: String) {
        let found = Quantity.statements(in: text, language: "en").map {
            "\($0.quantity.kind.rawValue) \($0.quantity.value)"
        }
        #expect(found == [expected])
    }
}
