import Foundation
import Mail
import Redaction
import Testing

@testable import SupportDesk

/// The page that an agent reads first. A template that asks for a value that nobody gives would leave her with two bare
/// lines: so the shipped one is filled with as little, and with as much, as a message can bring.
@Suite("Ticket notes")
struct TicketNoteTests {
    private let path: String

    private func packet(
        _ rule: Rule, _ dossier: Dossier, isQuarantine: Bool = false, policy: PersonalDataPolicy = .placeholders,
        language: String = "en"
    ) async throws -> Packet {
        var dossier = dossier
        let redactor = try Redactor(configuration: Redactor.Configuration(orderPatterns: ["NC-\\d{6}"]))
        let ledger = try await Ledger.test()
        let redacting = Redacting(redactor: { redactor }, ledger: ledger, ownAddresses: [])
        return try await PacketBuilder(
            templates: try NoteTemplates(folder: path, language: language), ledger: ledger, redacting: redacting,
            policy: policy, routing: Routing()
        )
        .packet(for: rule, isQuarantine: isQuarantine, &dossier)
    }

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        path = "\(root)/Templates/tickets"
    }

    private func dossier(_ text: String) -> Dossier {
        Dossier(RawMessage(id: 7, channel: "inbox", source: "1.a", arrival: Date(), bytes: Array(text.utf8)))
    }

    @Test("a message of which nothing is known fills the page")
    func nothingKnown() async throws {
        let rule = Rule("unreadable", "It could not be read.")
        let note = try await packet(rule, dossier(""), isQuarantine: true).note
        #expect(
            note.hasPrefix("WHY THIS NEEDS A PERSON\nIt could not be read.\n\nWHAT THE CUSTOMER WANTS\nIt could not"))
        #expect(note.contains("No text of its own could be read; see the attached message."))
        #expect(note.contains("Rule:            unreadable\n"))
        #expect(note.contains("FINDINGS\nNone.\n"))
        #expect(note.hasSuffix("No draft: please answer from scratch.\n"))
    }

    @Test("what the customer wrote and what was repaired stand in it, markup and mustache as they were")
    func messageStandsInIt() async throws {
        let text = "From: a@mail.example\r\nSubject: Pots\r\n\r\n1 < 2 & {{rule}}\r\n\r\nSecond paragraph.\r\n"
        var dossier = dossier(text)
        dossier.message = try Message(parsing: Array(text.utf8))
        dossier.findings = [ReviewFinding(check: "slots", detail: "one is empty")]
        let note = try await packet(Rule("angry", "The customer is angry."), dossier).note
        #expect(note.contains("WHAT THE CUSTOMER WROTE\n1 < 2 & {{rule}}\n\nSecond paragraph.\n"))
        #expect(note.contains("FINDINGS\n- slots: one is empty\n"))
        #expect(!note.contains("None.\n"))
    }

    private static let personal = """
        From: Meera Kulkarni <meera.k@mail.example>
        Subject: Card 4111 1111 1111 1111
        Message-ID: <pots.17@mail.example>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        Please call me at +91 98220 14477. I paid for NC-104233 with 4111 1111 1111 1111, CVV 842.
        My password is Kettle-77x!
        Regards,
        Meera
        --b
        Content-Type: text/plain
        Content-Disposition: attachment; filename="Meera Kulkarni 4111111111111111.txt"

        x
        --b--
        """.replacing("\n", with: "\r\n")

    @Test("the draft in a note is the text that a person would send")
    func draftOfAPerson() async throws {
        let shop = try await ScratchShop { $0.policy.defaultCap = MoneyCap("1 INR") }
        try shop.receive(TestMail.whereIsIt())
        #expect(try await shop.run().outcome == "escalated cap")
        let ticket = try #require(shop.tickets().first)
        let note = String(decoding: shop.file("note-1.txt", of: ticket) ?? [], as: UTF8.self)
        #expect(note.contains("Kind regards") && !note.contains("automatic message"), "\(note)")
    }

    private func personalPacket(_ policy: PersonalDataPolicy) async throws -> Packet {
        var dossier = dossier(Self.personal)
        dossier.message = try Message(parsing: Array(Self.personal.utf8))
        return try await packet(Rule("angry", "The customer is angry."), dossier, policy: policy)
    }

    @Test("placeholders: they stand instead of people, in note, subject and file names; the order number stays")
    func placeholders() async throws {
        let packet = try await personalPacket(.placeholders)
        for text in ["Meera", "Kulkarni", "meera.k", "98220", "4111", "842", "Kettle"] {
            #expect(!packet.note.contains(text) && !packet.subject.contains(text), "\(text)")
        }
        #expect(packet.note.contains("NC-104233"))
        #expect(packet.note.contains("File: [PERSON_"))
        #expect(packet.requestor == "meera.k@mail.example", "whom the agent answers")
    }

    @Test("full: people are shown, card numbers, their codes and passwords never")
    func full() async throws {
        let packet = try await personalPacket(.full)
        for text in ["4111", "842", "Kettle"] {
            #expect(!packet.note.contains(text) && !packet.subject.contains(text), "\(text)")
        }
        for text in ["From:            meera.k@mail.example", "+91 98220 14477", "File: Meera Kulkarni ["] {
            #expect(packet.note.contains(text), "\(text)")
        }
        #expect(packet.subject == "Card [CREDIT_CARD_1]")
        #expect(!packet.isMinimal)
    }

    @Test("minimal: nothing of the mail but where to find it")
    func minimal() async throws {
        let packet = try await personalPacket(.minimal)
        for text in ["Meera", "Kulkarni", "meera.k", "98220", "4111", "842", "Kettle", "paid", "NC-104233"] {
            #expect(!packet.note.contains(text) && !packet.subject.contains(text), "\(text)")
        }
        #expect(packet.requestor == nil && packet.isMinimal && packet.subject == "(no subject)")
        #expect(packet.note.contains("Original:        mailbox inbox, Message-ID <pots.17@mail.example>\n"))
    }

    @Test("every rule that hands a message over has words in Hindi, and no words are left of a rule that is gone")
    func reasons() throws {
        let sources = "\(PackageFolder.root)/Sources/SupportDesk"
        var text = ""
        for case let name as String in FileManager.default.enumerator(atPath: sources) ?? .init()
        where name.hasSuffix(".swift") {
            text += String(
                decoding: FileManager.default.contents(atPath: "\(sources)/\(name)") ?? Data(), as: UTF8.self)
        }
        let bare = text.filter { !$0.isWhitespace }
        var handing = Set(Screening.rules.filter { $0.outcome == .escalate }.map(\.name)).subtracting(["automatic"])
        for verb in ["escalate(Rule(\"", "quarantine(Rule(\""] {
            for part in bare.components(separatedBy: verb).dropFirst() {
                let name = part.prefix { $0 != "\"" }
                if !name.contains("\\") { handing.insert(String(name)) }
            }
        }
        #expect(handing.count > 30)
        let words = try NoteTemplates(folder: path, language: "hi").ruleNames
        #expect(handing.subtracting(words).isEmpty, "without words: \(handing.subtracting(words).sorted())")
        let known = Set(Screening.ruleNames)
        let gone = words.filter { !$0.hasSuffix("*") && !known.contains($0) && !bare.contains("\"\($0)\"") }
        #expect(gone.isEmpty, "\(gone)")
    }

    @Test("a reason with a value keeps it, one without words is said in English")
    func reasonWords() throws {
        let templates = try NoteTemplates(folder: path, language: "hi")
        #expect(templates.reason(of: Rule("angry", "The customer is angry.")) == "ग्राहक नाराज़ हैं।")
        let language = templates.reason(of: Rule("language", "The shop does not answer in this language (de)."))
        #expect(language == "दुकान इस भाषा में उत्तर नहीं देती। (The shop does not answer in this language (de).)")
        #expect(
            templates.reason(of: Rule("review-slots", "The draft did not pass.")).contains("The draft did not pass."))
        #expect(templates.reason(of: Rule("brand-new", "Something new.")) == "Something new.")
    }

    @Test("the page is whole in every language that ships, and knows every intent", arguments: ["en", "hi"])
    func languages(language: String) async throws {
        let templates = try NoteTemplates(folder: path, language: language)
        let intents = try FileManager.default.contentsOfDirectory(atPath: "\(PackageFolder.templates)/intents/en")
            .map { String($0.dropLast(4)) }.filter { $0 != "out_of_scope" }
        #expect(Set(templates.wants.keys) == Set(intents))
        let rule = Rule("unreadable", "It could not be read.")
        let note = try await packet(rule, dossier(""), isQuarantine: true, language: language).note
        #expect(note.contains("unreadable") && note.split(separator: "\n").count > 15)
        #expect(throws: DeskError.self) { try NoteTemplates(folder: path, language: "xx") }
    }
}
