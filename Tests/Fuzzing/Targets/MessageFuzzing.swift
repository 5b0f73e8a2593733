import Foundation
import Mail

/// Bytes to a message with its new text and the rules about automatic mail, then to the line of `auradesk parse`; and the
/// same bytes as an HTML document, as HTML is the other language that strangers write to us.
enum MessageFuzzing {
    private static let perspective = MessageReading.Perspective(
        authservID: "mx.shop.example", ownAddresses: ["support@shop.example"])

    static func check(_ bytes: [UInt8]) throws {
        let reading = MessageReading(of: { bytes }, file: "input", perspective: perspective)
        let json = reading.json
        try demand(!json.contains(0x0A) && !json.contains(0x0D), "the line of a reading is more than one")
        try demand(
            (try? JSONSerialization.jsonObject(with: Data(json))) is [String: Any], "a reading is no JSON object")
        if case .success(let message) = reading.message {
            // What goes into the header of a reply.
            try demand(message.subject.isOneLine, "a subject of more than one line")
            for id in message.references + message.inReplyTo + [message.messageID].compactMap(\.self) {
                try demand(!id.unicodeScalars.contains(where: \.isLineEnd), "an identifier has a line end")
            }
            for mailbox in message.from + message.to + message.cc + message.replyTo {
                try demand(!mailbox.address.unicodeScalars.contains(where: \.isLineEnd), "an address has a line end")
                try demand(mailbox.name?.isOneLine ?? true, "a name of more than one line")
            }
            try demand(
                reading.isAnswerable == (message.automatic == nil && reading.class != "own"),
                "automatic or own mail may be answered")
        }
        // The first byte is as good as any other to choose by.
        if bytes.first.map({ $0 & 1 == 1 }) ?? false {
            let text = HTMLText.text(fromHTML: bytes).text
            try demand(!text.utf8.contains(0), "the text of HTML holds a NUL")
        }
    }
}

extension Unicode.Scalar {
    /// CR or LF: what ends a line of a mail (RFC 5322 §2.1).
    var isLineEnd: Bool { self == "\r" || self == "\n" }
}
