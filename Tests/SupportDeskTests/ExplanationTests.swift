import Foundation
import Logging
import Mail
import Testing

@testable import SupportDesk

/// `explain` is what a person reaches for after the fact: it must say of a handled message what was decided, and why.
@Suite("Explanations")
struct ExplanationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test(
        "a message is explained the same before and after it was handled",
        arguments: ["001-track-shipped", "029-angry-late", "006-bounce"])
    func sameAfterwards(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/auradesk-explain-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(
                atPath: "\(Self.root)/Mailboxes/demo/\(file)", toPath: "\(folder)/\(file)")
        }
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        configuration.templates = "\(Self.root)/Templates"
        let now = Date(timeIntervalSince1970: 1_773_133_200)
        var surroundings = DeskSurroundings(logger: Logger(label: "explanations") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { now }
        let desk = try await Desk.build(configuration, surroundings)

        let bytes = [UInt8](
            try #require(FileManager.default.contents(atPath: "\(Self.root)/Mailboxes/demo/mail/\(name).eml")))
        let raw = RawMessage(id: 0, channel: "explain", source: name, arrival: now, bytes: bytes)
        let before = try await desk.explain(raw)
        let maildir = Maildir(path: "\(folder)/mail")
        try maildir.create()
        try maildir.deliver(bytes, uniqueName: "1773133100.\(name)", to: .new, flags: [])
        let report = try await desk.run()
        #expect(report.counts == [before.disposition: 1])

        let after = try await desk.explain(raw)
        #expect(after.disposition == before.disposition)
        #expect(after.rule == before.rule)
        // The reference is the conversation's real one now.
        #expect(
            after.reply?.components(separatedBy: "(reference")[0]
                == before.reply?.components(separatedBy: "(reference")[0])
        #expect(after.stages.map(\.name) == before.stages.map(\.name))
    }

    @Test("safe: no personal data in anything that is shown, wherever the message left the way; plain: as it is")
    func safe() async throws {
        let shop = try await ScratchShop()
        let desk = try await shop.desk()
        var asking = TestMail.whereIsIt()
        asking.text = "Hello,\nthis is Priya Sharma, +91 98220 14477. \(asking.text)"
        var forged = asking
        forged.verdict = .fail
        for mail in [asking, forged] {
            let raw = RawMessage(
                id: 0, channel: "explain", source: "x", arrival: shop.clock.now, bytes: mail.bytes)
            let encoder = JSONEncoder()
            let plain = String(decoding: try encoder.encode(try await desk.explain(raw)), as: UTF8.self)
            let safe = String(decoding: try encoder.encode(try await desk.explain(raw, isSafe: true)), as: UTF8.self)
            for text in ["Priya", "Sharma", "priya.sharma", "98220"] {
                #expect(plain.contains(text), "\(text)")
                #expect(!safe.contains(text), "\(text)")
            }
            #expect(safe.contains("NC-104233") && safe.contains("[PERSON_1"))
        }
    }

    @Test("safe: also where a shop's customers are known by their addresses")
    func safeNumbers() async throws {
        let shop = try await ScratchShop()
        let file = "\(shop.folder.path)/customers.json"
        let customers = try String(contentsOfFile: file, encoding: .utf8)
        let id = try #require(customers.firstMatch(of: /"id": *"([^"]*)"/)).1
        for name in ["customers.json", "orders.json"] {
            let path = "\(shop.folder.path)/\(name)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("\"\(id)\"", with: "\"priya.sharma@mail.example\"")
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        let raw = RawMessage(
            id: 0, channel: "explain", source: "x", arrival: shop.clock.now, bytes: TestMail.whereIsIt().bytes)
        let desk = try await shop.desk()
        func customer(isSafe: Bool) async throws -> String? {
            try await desk.explain(raw, isSafe: isSafe).stages.first { $0.name == "identify" }?.lines
                .first { $0.name == "customer" }?.value
        }
        #expect(try await customer(isSafe: false) == "priya.sharma@mail.example")
        #expect(try await customer(isSafe: true)?.contains("priya") == false)
    }

    @Test("nothing in a mail is a command to the terminal; one longer than the desk reads is not read")
    func program() async throws {
        let folder = try ScratchFolder()
        for file in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(
                atPath: "\(PackageFolder.demo)/\(file)", toPath: "\(folder.path)/\(file)")
        }
        let head = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        let mail = try folder.write("a.eml", head + "Where \u{9B}31mis \u{202E}my order\u{1B}[2J?\n")
        func explain(_ file: String) async throws -> EndToEndProgram.Ending {
            try await EndToEndProgram.run(
                ["explain", "--config", "\(folder.path)/desk.yaml", file],
                environment: ["AURADESK_TEMPLATES": PackageFolder.templates])
        }
        let ending = try await explain(mail)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("31mis my order"), "\(ending.output.prefix(600))")
        for scalar in ["\u{9B}", "\u{202E}", "\u{1B}"] {
            #expect(!ending.output.unicodeScalars.contains(Unicode.Scalar(scalar) ?? "?"), "\(scalar.debugDescription)")
        }
        let large = try folder.write("b.eml", "From: a@b.example\n\n" + String(repeating: "x\n", count: 16 << 20))
        let refused = try await explain(large)
        #expect(refused.code == 65 && refused.errors.contains("message_bytes"), "\(refused.errors)")
    }
}
