import Foundation

@testable import Transport

/// A small SMTP server that refuses the same local parts as the Postfix of the tests.
final class ScriptedMailbox: Sendable {
    private let box = LockedBox<[[UInt8]]>([])
    var messages: [[UInt8]] { box.withLock { $0 } }

    func server(hasExtensions: Bool) throws -> ScriptedServer {
        try ScriptedServer { [self] peer, _ in serve(peer, hasExtensions) }
    }

    private func serve(_ peer: Peer, _ hasExtensions: Bool) {
        var recipients: [String] = []
        var isInside = false
        peer.write("220 scripted\r\n")
        while let line = peer.line() {
            let verb = line.prefix { $0 != " " && $0 != ":" }.uppercased()
            switch verb {
            case "EHLO" where !hasExtensions: peer.write("502 5.5.1 what?\r\n")
            case "EHLO": peer.write("250-scripted\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            case "HELO": peer.write("250 scripted\r\n")
            case "RSET":
                isInside = false
                recipients = []
                peer.write("250 ok\r\n")
            case "MAIL" where isInside: peer.write("503 5.5.1 nested MAIL\r\n")
            case "MAIL":
                isInside = true
                peer.write("250 ok\r\n")
            case "RCPT":
                let local = line.drop { $0 != "<" }.dropFirst().prefix { $0 != "@" }
                let refused = ["permfail": "550 no\r\n", "tempfail": "450 later\r\n"][String(local)]
                if refused == nil { recipients.append(String(local)) }
                peer.write(refused ?? "250 ok\r\n")
            case "DATA" where recipients.isEmpty: peer.write("554 5.5.1 no recipients\r\n")
            case "DATA":
                peer.write("354 go on\r\n")
                guard let message = text(peer) else { return }
                switch recipients {
                case ["late-permfail"]: peer.write("554 no\r\n")
                case ["late-tempfail"]: peer.write("451 later\r\n")
                default:
                    box.withLock { $0.append(message) }
                    peer.write("250 queued\r\n")
                    isInside = false
                }
                recipients = []
            case "QUIT": return peer.write("221 bye\r\n")
            default: peer.write("500 what?\r\n")
            }
        }
    }

    /// Lines up to the lone dot, unstuffed; `nil` if the connection ends before.
    private func text(_ peer: Peer) -> [UInt8]? {
        var message: [UInt8] = []
        while let line = peer.line() {
            if line == "." { return message }
            message += Array((line.hasPrefix(".") ? String(line.dropFirst()) : line).utf8) + [0x0D, 0x0A]
        }
        return nil
    }
}
