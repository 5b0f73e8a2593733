import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What only this desk can make, and everybody may hand back.
@Suite("Reply tokens")
struct ReplyTokenTests {
    private let seal = Seal.test()
    private let name = "AD-ABCDEFGHIJKLMNOP"

    @Test("a token names its conversation, in letters of either case; the same reply has the same token")
    func roundTrip() throws {
        let token = seal.token(conversation: name, reply: "message 1 to her")
        #expect(token == seal.token(conversation: name, reply: "message 1 to her"))
        #expect(token != seal.token(conversation: name, reply: "message 1 to him"))
        #expect(token.text.count == ReplyToken.length && token.text == token.text.lowercased())
        #expect(seal.token(token.text) == token && seal.token(token.text.uppercased()) == token)
        #expect(token.conversation == name)
    }

    @Test("one other character, another length or another key make none")
    func forged() throws {
        let token = seal.token(conversation: name, reply: "x").text
        for place in token.indices {
            let other = token.replacingCharacters(in: place...place, with: token[place] == "a" ? "b" : "a")
            #expect(seal.token(other) == nil)
        }
        for text in [
            "", String(token.dropLast()), token + "a", String(token.dropLast()) + "1",
            String(repeating: "é", count: 24),
        ] {
            #expect(seal.token(text) == nil)
        }
        #expect(Seal.test(8).token(token) == nil)
    }

    @Test("a token is found in a Message-ID, and in what a report returns")
    func inMessageIDs() throws {
        let token = seal.token(conversation: name, reply: "x")
        let identifier = token.messageID(domain: "shop.example")
        #expect(ReplyToken.candidate(in: identifier).map(String.init) == token.text)
        #expect(ReplyToken.candidate(in: "ad-x") == nil && ReplyToken.candidate(in: "CAF=x@mail.example") == nil)
        let report = Array("Returned:\nMessage-ID: <\(identifier)>\nbad-\(token.text)\nad-".utf8)
        #expect(ReplyToken.candidates(in: report) == [token.text])
        #expect(ReplyToken.candidates(in: Array("ad-".utf8)).isEmpty && ReplyToken.candidates(in: []).isEmpty)
    }

    @Test(
        "a bounce address has room for a token within 64 octets (RFC 5321 §4.5.3.1.1), or there is none",
        arguments: [
            ("bounces+{token}@shop.example", true), ("{token}@b.shop.example", true),
            ("b-{token}-x@shop.example", true),
            ("sixteen-letters+{token}@shop.example", true), ("seventeen-letters+{token}@shop.example", false),
            ("bounces@shop.example", false), ("{token}", false), ("{token}@", false), ("a@b.example+{token}", false),
            ("{token}{token}@shop.example", false), ("a b{token}@shop.example", false),
            ("a>{token}@shop.example\r\n", false),
        ])
    func forms(form: String, isOne: Bool) throws {
        let address = TokenAddress(form)
        #expect((address != nil) == isOne)
        guard let address else { return }
        let token = seal.token(conversation: name, reply: "x")
        let text = address.address(token)
        #expect(text.split(separator: "@")[0].utf8.count <= 64)
        #expect(address.candidate(in: text.uppercased()).map(String.init) == token.text)
        #expect(address.candidate(in: "x" + text) == nil && address.candidate(in: text + ".example") == nil)
    }

    @Test("the shop's own address gives one by a tag where its local part leaves room")
    func own() {
        #expect(TokenAddress(of: "support@shop.example") == TokenAddress("support+b{token}@shop.example"))
        #expect(TokenAddress(of: "customer-service-team@shop.example") == nil)
    }
}
