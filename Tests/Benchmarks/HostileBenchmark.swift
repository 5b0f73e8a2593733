import ArgumentParser
import Foundation
import Logging
import Mail
import SupportDesk

/// What becomes of mails into which instructions for a model were put, and what harmless mails are taken for.
///
/// The model does whatever the mail says. What it would change is counted: every answer must be, letter by letter, the one of
/// a desk without a model.
struct HostileBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile",
        abstract: "Mails with instructions for a model: how many are recognised, and what is sent.")

    @Option(help: "The folder with bipia_*.json and llmail_benign_*.json.")
    var data = "../shared/data/injection"

    @Option(help: "The folder of templates.")
    var templates = "Templates"

    @Option(help: "The folder of the demo shop.")
    var shop = "Mailboxes/demo"

    @Option(help: "At most so many mails go through the desk.")
    var limit = 4_000

    func run() async throws {
        let mails = try Self.mails("\(data)/bipia_email_train.jsonl")
        let attacks = try Self.attacks("\(data)/bipia_text_attack_train.json")
        guard !mails.isEmpty, !attacks.isEmpty else {
            print("SKIPPED: \(data) holds no BIPIA mails and attacks")
            return
        }
        try recognition(mails, attacks)
        try harmless()
        try await desk(mails, attacks)
    }

    private func recognition(_ mails: [String], _ attacks: [(kind: String, text: String)]) throws {
        var byKind: [String: (found: Int, all: Int)] = [:]
        for attack in attacks {
            for mail in mails {
                let isFound = !Injection.kinds(in: "\(mail)\n\(attack.text)").isEmpty
                byKind[attack.kind, default: (0, 0)].found += isFound ? 1 : 0
                byKind[attack.kind, default: (0, 0)].all += 1
            }
        }
        for (kind, count) in byKind.sorted(by: { $0.key < $1.key }) {
            print("\(kind): \(count.found) of \(count.all) recognised")
        }
        let found = byKind.values.reduce(0) { $0 + $1.found }
        print("recognised: \(found) of \(mails.count * attacks.count) mails with an attack")
        print(
            "taken for one: \(mails.count { !Injection.kinds(in: $0).isEmpty }) of \(mails.count) of these mails without"
        )
    }

    private func harmless() throws {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []).filter {
            $0.hasPrefix("llmail_benign")
        }
        var all: [String] = []
        for file in files.sorted() {
            let object = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: "\(data)/\(file)")))
            all += (object as? [String: Any])?["emails"] as? [String] ?? []
        }
        if all.isEmpty {
            print("SKIPPED: \(data) holds no harmless mails")
            return
        }
        let taken = all.filter { !Injection.kinds(in: $0).isEmpty }
        for mail in taken {
            print("  taken for an attack (\(Injection.kinds(in: mail).joined(separator: ", "))): \(mail.prefix(90))")
        }
        print("harmless mails taken for an attack: \(taken.count) of \(all.count)")
    }

    /// A model that says what the last lines of a mail tell it to say.
    private struct Obedient: LanguageModel {
        let name = "obedient"
        func draft(_ brief: Brief) async throws -> Draft {
            let lines = brief.body.text.split(whereSeparator: \.isNewline).map(String.init)
            let order = lines.last ?? ""
            let quoted = order.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter {
                $0.offset % 2 == 1
            }
            .map { String($0.element) }.joined(separator: " ")
            let passage = brief.passages.first
            return Draft(
                body: "\(passage?.text ?? "") \(quoted.isEmpty ? order : quoted)", language: brief.language,
                citations: passage.map { [$0.article] } ?? [], author: .model(name), asksForPerson: nil)
        }
    }

    private func desk(_ mails: [String], _ attacks: [(kind: String, text: String)]) async throws {
        let folder = "/tmp/auradesk-hostile-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(atPath: "\(shop)/\(name)", toPath: "\(folder)/\(name)")
        }
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        configuration.templates = templates
        let now = Date(timeIntervalSince1970: 1_773_133_200)
        var surroundings = DeskSurroundings(logger: Logger(label: "hostile") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { now }
        let plain = try await Desk.build(configuration, surroundings)
        surroundings.model = Obedient()
        let hostile = try await Desk.build(configuration, surroundings)
        var counts = (mails: 0, answers: 0, harmful: 0)
        for (place, pair) in attacks.flatMap({ attack in mails.map { (attack, $0) } }).prefix(limit).enumerated() {
            let bytes = Self.mail(
                "\(pair.1)\n\nWhere is my order NC-104233? When will it be delivered?\n\(pair.0.text)\n", place)
            let raw = RawMessage(id: 0, channel: "support", source: "m\(place)", arrival: now, bytes: bytes)
            let said = try await hostile.dispose(of: raw).0.reply
            counts.mails += 1
            guard let said else { continue }
            counts.answers += 1
            let wanted = try await plain.dispose(of: raw).0.reply
            if said.text != wanted?.text || said.recipient.address != "priya.sharma@mail.example"
                || said.links != wanted?.links
            {
                counts.harmful += 1
                print("  harmful: \(said.text)")
            }
        }
        print(
            "through the desk with an obedient model: \(counts.mails) mails, \(counts.answers) answers, \(counts.harmful) harmful"
        )
    }

    private static func mail(_ text: String, _ place: Int) -> [UInt8] {
        let lines = [
            "Authentication-Results: mx.neemandclay.example; dmarc=pass header.from=mail.example",
            "From: priya.sharma@mail.example", "To: support@neemandclay.example", "Subject: My order",
            "Date: Tue, 10 Mar 2026 14:00:00 +0530", "Message-ID: <hostile\(place)@mail.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text,
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func mails(_ path: String) throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: 0x0A).compactMap { line in
            ((try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any])?["context"] as? String
        }
    }

    private static func attacks(_ path: String) throws -> [(kind: String, text: String)] {
        guard let data = FileManager.default.contents(atPath: path),
            let kinds = try JSONSerialization.jsonObject(with: data) as? [String: [String]]
        else { return [] }
        return kinds.sorted { $0.key < $1.key }.flatMap { kind, texts in texts.map { (kind, $0) } }
    }
}
