import Foundation
import Logging
import Redaction
import Testing

@testable import SupportDesk

/// The net under the logs: whatever a line quotes, a handler sees placeholders.
@Suite("Redacting log")
struct RedactingLogTests {
    /// What a library's error may look like.
    private struct Quoting: Error, CustomStringConvertible {
        let description: String
    }

    private static let secrets = ["zora.kelm", "98220", "4111", "Kettle", "Velmora"]

    private func lines(_ body: (inout Logger) -> Void) throws -> String {
        let lines = RecordedLines()
        var logger = Logger(label: "test") { _ in
            RecordingLog(lines: lines)
        }
        logger.handler = RedactingLog(logger.handler, redactor: try Redactor(), hosts: ["10.20.30.40"])
        body(&logger)
        return lines.all.joined(separator: "\n")
    }

    @Test("in the message, in metadata of every form, and in an error")
    func everywhere() throws {
        let text = try lines { logger in
            logger[metadataKey: "standing"] = "zora.kelm@letterly.example"
            logger.debug(
                "refused zora.kelm@letterly.example",
                metadata: [
                    "plain": "call +91 98220 14477",
                    "convertible": .stringConvertible(Quoting(description: "4111 1111 1111 1111")),
                    "list": ["4111 1111 1111 1111"], "nested": ["inner": ["password is Kettle-77x!"]], "message": "17",
                ])
            logger.error("failed", error: Quoting(description: "no mailbox zora.kelm@letterly.example"))
        }
        for secret in Self.secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
        #expect(text.contains("[EMAIL_1]") && text.contains("[CREDIT_CARD_1]") && text.contains("message"))
        #expect(text.contains("17"))
    }

    @Test("names of the message in hand are known, those of nobody are not")
    func people() throws {
        let people = PeopleInHand()
        people.add([KnownPerson(names: ["Zora Velmora"])])
        let text = try PeopleInHand.$current.withValue(people) { try lines { $0.info("cannot read Velmora.txt") } }
        #expect(!text.contains("Velmora"))
        #expect(text.contains("cannot read"))
    }

    @Test("a digest stays whole, whatever its digits look like")
    func digests() throws {
        for digest in [
            "14063697603e22d600d336bee6cff12c8be93509ce84a0642918d89b2aef1753",
            "b1ac3a14adbfd6d9c4c4641a18c04de2b5370726980041058edfa926a49a9fb5",
        ] {
            #expect(try lines { $0.notice("sealed", metadata: ["head": "\(digest)"]) }.contains(digest))
        }
    }

    @Test("a server of the configuration stays readable by its number, another address does not")
    func hosts() throws {
        let text = try lines { logger in
            logger.warning("10.20.30.40:587: connect: no connection; client 203.0.113.77")
        }
        #expect(text.contains("10.20.30.40:587"))
        #expect(!text.contains("203.0.113.77"))
    }

    @Test("every desk logs through it, and once only")
    func built() async throws {
        let shop = try await ScratchShop()
        let lines = RecordedLines()
        let desk = try await shop.desk {
            $0.logger = Logger(label: "test") { _ in RecordingLog(lines: lines) }
        }
        desk.logger.notice("zora.kelm@letterly.example")
        let again = try RedactingLog.over(desk.logger, shop.configuration)
        again.notice("zora.kelm@letterly.example")
        #expect(lines.all.count == 2)
        for line in lines.all { #expect(line.hasPrefix("[EMAIL_1]")) }
    }
}
