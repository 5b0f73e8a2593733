import Foundation
import Mail
import Testing

@testable import SupportDesk

/// The page that an agent reads first. A template that asks for a value that nobody gives would leave her with two bare
/// lines: so the shipped one is filled with as little, and with as much, as a message can bring.
@Suite("Ticket notes")
struct TicketNoteTests {
    private let builder: PacketBuilder

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        builder = try PacketBuilder(
            templatePath: "\(root)/Templates/tickets/note.mustache", seal: Seal.test())
    }

    private func dossier(_ text: String) -> Dossier {
        Dossier(RawMessage(id: 7, channel: "inbox", source: "1.a", arrival: Date(), bytes: Array(text.utf8)))
    }

    @Test("a message of which nothing is known fills the page")
    func nothingKnown() throws {
        let rule = Rule("unreadable", "It could not be read.")
        let note = builder.packet(for: rule, isQuarantine: true, dossier("")).note
        #expect(note.hasPrefix("WHY THIS NEEDS A PERSON\nIt could not be read.\n"))
        #expect(note.contains("No text of its own could be read; see the attached message."))
        #expect(note.contains("Rule:            unreadable\n"))
        #expect(note.contains("FINDINGS\nNone.\n"))
        #expect(note.hasSuffix("No draft: please answer from scratch.\n"))
    }

    @Test("what the customer wrote and what was repaired stand in it, markup and mustache as they were")
    func messageStandsInIt() throws {
        let text = "From: a@mail.example\r\nSubject: Pots\r\n\r\n1 < 2 & {{rule}}\r\n\r\nSecond paragraph.\r\n"
        var dossier = dossier(text)
        dossier.message = try Message(parsing: Array(text.utf8))
        dossier.findings = [ReviewFinding(check: "slots", detail: "one is empty")]
        let note = builder.packet(for: Rule("angry", "The customer is angry."), isQuarantine: false, dossier).note
        #expect(note.contains("WHAT THE CUSTOMER WROTE\n1 < 2 & {{rule}}\n\nSecond paragraph.\n"))
        #expect(note.contains("FINDINGS\n- slots: one is empty\n"))
        #expect(!note.contains("None.\n"))
    }
}
