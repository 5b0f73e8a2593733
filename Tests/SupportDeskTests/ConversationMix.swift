import Foundation

/// Conversations of every kind that a desk meets, as mails in rounds: what a round holds arrives when the one before is on its way
/// or done. Every conversation has a sender of its own, so that what she got can be counted.
struct ConversationMix {
    /// A mail, and the conversation that it belongs to.
    struct Item {
        let name: String
        let bytes: [UInt8]
        let conversation: Int
    }

    /// By round.
    let rounds: [[Item]]

    /// - Parameter first: the number of the first conversation.
    init(count: Int, first: Int = 0) {
        var rounds: [[Item]] = [[], [], []]
        for number in first..<(first + count) {
            for round in 0..<(number % 9 == 0 ? 3 : number % 3 == 0 ? 2 : 1) {
                rounds[round].append(
                    Item(
                        name: "c\(number)-\(round).eml", bytes: Self.mail(number, round),
                        conversation: number))
            }
        }
        self.rounds = rounds
    }

    /// All mails.
    var all: [Item] { rounds.flatMap(\.self) }

    private static func mail(_ number: Int, _ round: Int) -> [UInt8] {
        let domain = "shop\(number).example"
        var mail = TestMail(
            name: "Customer", from: "customer\(number)@\(domain)", subject: "Matter \(number)", text: "")
        mail.id = "c\(number)-\(round)@\(domain)"
        if round > 0 {
            mail.inReplyTo = "c\(number)-\(round - 1)@\(domain)"
            mail.subject = "Re: Matter \(number)"
            mail.text = "Is there any news for me? This is message \(round + 1) about it.\r\n"
            return mail.bytes
        }
        switch number % 12 {
        case 0: mail.text = "\(number): I want to speak to a human being, please. Get me a real person.\r\n"
        case 1: mail.text = "Hello,\r\n\r\nwhat is your return policy? How long do I have?\r\n\r\nThanks\r\n"
        case 2: mail.text = "My lawyer will take you to court over this and I will do a chargeback.\r\n"
        case 3:
            mail.text = Self.multipart(
                "This is the third time! You are cheats and liars, I am furious. <b>Terrible</b> service!!!",
                file: (0..<3_000 + number * 17).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ number) })
            mail.contentType = "multipart/mixed; boundary=\"edge\""
        case 4: mail.text = "नमस्ते, मुझे किसी व्यक्ति से बात करनी है। कृपया किसी इंसान से बात कराइए।\r\n"
        case 5:
            mail.verdict = .none
            mail.text = "Please let me talk to a real person about my matter.\r\n"
        case 6:
            mail.verdict = .fail
            mail.text = "Where is my order NC-104233?\r\n"
        case 7:
            mail.text = Self.multipart("", file: Array("%PDF-1.4 not really".utf8))
            mail.contentType = "multipart/mixed; boundary=\"edge\""
        case 8:
            // Bare line feeds, octets of Latin-1, no line end at the end.
            mail.contentType = "text/plain; charset=iso-8859-1"
            mail.text = "I want to speak to a person, not a robot.\nThe caf"
            return mail.bytes + [0xE9, 0x0A, 0x2E, 0x0A] + Array("end".utf8)
        case 9: mail.text = "Which payment methods do you take? Can I pay by UPI?\r\n"
        case 10: mail.text = "Guten Tag, mein Paket ist beschädigt angekommen und ich möchte mein Geld zurück.\r\n"
        default:
            mail.headers = ["Precedence: bulk"]
            mail.text = "Our newsletter: everything must go.\r\n"
        }
        return mail.bytes
    }

    private static func multipart(_ text: String, file: [UInt8]) -> String {
        let content = Data(file).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
        return """
            --edge\r
            Content-Type: text/plain; charset=utf-8\r
            \r
            \(text)\r
            --edge\r
            Content-Type: application/octet-stream; name="proof.bin"\r
            Content-Disposition: attachment; filename="proof.bin"\r
            Content-Transfer-Encoding: base64\r
            \r
            \(content)\r
            --edge--\r

            """
    }
}
