import Foundation
import Mail
import Testing

/// What a fixture must read as; a value that is absent is not looked at.
struct Expectation: Decodable, Sendable {
    var name: String?
    var address: String?
    var fromCount: Int?
    var to: [String]?
    var cc: [String]?
    var subject: String?
    var messageID: String?
    var inReplyTo: [String]?
    var references: [String]?
    var seconds: Double?
    var text: String?
    var newText: String?
    var signature: String?
    var quotedContains: String?
    var isFromHTML: Bool?
    var attachments: [[Value]]?
    var forwarded: [String]?
    var calendarMethod: String?
    var returnPath: String?
    var verdict: String?
    var suppress: [String]?
    var rule: String?
    var encrypted: Bool?
    var signed: Bool?
    var problems: [String]?
    var problemContains: String?
    /// The class, `.some(nil)` for a person's mail.
    var automatic: String??
    var expectsNoForward = false

    private enum Keys: String, CodingKey, CaseIterable {
        case name, address, fromCount, to, cc, subject, messageID, inReplyTo, references, seconds, text, newText
        case signature, quotedContains, isFromHTML, attachments, forwarded, calendarMethod, returnPath, verdict,
            suppress
        case rule, encrypted, signed, problems, problemContains, automatic
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        address = try values.decodeIfPresent(String.self, forKey: .address)
        fromCount = try values.decodeIfPresent(Int.self, forKey: .fromCount)
        to = try values.decodeIfPresent([String].self, forKey: .to)
        cc = try values.decodeIfPresent([String].self, forKey: .cc)
        subject = try values.decodeIfPresent(String.self, forKey: .subject)
        messageID = try values.decodeIfPresent(String.self, forKey: .messageID)
        inReplyTo = try values.decodeIfPresent([String].self, forKey: .inReplyTo)
        references = try values.decodeIfPresent([String].self, forKey: .references)
        seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
        text = try values.decodeIfPresent(String.self, forKey: .text)
        newText = try values.decodeIfPresent(String.self, forKey: .newText)
        signature = try values.decodeIfPresent(String.self, forKey: .signature)
        quotedContains = try values.decodeIfPresent(String.self, forKey: .quotedContains)
        isFromHTML = try values.decodeIfPresent(Bool.self, forKey: .isFromHTML)
        attachments = try values.decodeIfPresent([[Value]].self, forKey: .attachments)
        forwarded = try values.decodeIfPresent([String].self, forKey: .forwarded)
        expectsNoForward = values.contains(.forwarded) && forwarded == nil
        calendarMethod = try values.decodeIfPresent(String.self, forKey: .calendarMethod)
        returnPath = try values.decodeIfPresent(String.self, forKey: .returnPath)
        verdict = try values.decodeIfPresent(String.self, forKey: .verdict)
        suppress = try values.decodeIfPresent([String].self, forKey: .suppress)
        rule = try values.decodeIfPresent(String.self, forKey: .rule)
        encrypted = try values.decodeIfPresent(Bool.self, forKey: .encrypted)
        signed = try values.decodeIfPresent(Bool.self, forKey: .signed)
        problems = try values.decodeIfPresent([String].self, forKey: .problems)
        problemContains = try values.decodeIfPresent(String.self, forKey: .problemContains)
        if values.contains(.automatic) {
            automatic = .some(try values.decodeIfPresent(String.self, forKey: .automatic))
        }
    }

    /// A name, a type or a size of an attachment.
    enum Value: Decodable, Sendable {
        case text(String), number(Int), any

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .any
            } else if let number = try? value.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }

        func matches(_ actual: Mail.Attachment, at index: Int) -> Bool {
            switch self {
            case .any: true
            case .number(let number): actual.size == number
            case .text(let text): (index == 0 ? actual.name : actual.type) == text
            }
        }
    }
}

/// The files beside these tests.
enum Fixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
    }

    static func expectations() throws -> [String: Expectation] {
        try JSONDecoder().decode([String: Expectation].self, from: Data(try bytes("expected.json")))
    }
}

@Suite("Mails as programs write them, beside what they must read as")
struct FixtureTests {
    static let names: [String] = ((try? Fixture.expectations()) ?? [:]).keys.sorted()

    @Test func everyFixtureIsExpected() throws {
        #expect(Self.names.count >= 30)
    }

    @Test(arguments: names)
    func header(_ name: String) throws {
        let expected = try #require(try Fixture.expectations()[name])
        let message = try Message(parsing: Fixture.bytes(name + ".eml"))
        if let value = expected.name { #expect(message.from.first?.name == value) }
        if let value = expected.address { #expect(message.from.first?.address == value) }
        #expect(message.from.count == expected.fromCount ?? 1)
        if let value = expected.to { #expect(message.to.map(\.address) == value) }
        if let value = expected.cc { #expect(message.cc.map(\.address) == value) }
        if let value = expected.subject { #expect(message.subject == value) }
        if let value = expected.messageID { #expect(message.messageID == value) }
        if let value = expected.inReplyTo { #expect(message.inReplyTo == value) }
        if let value = expected.references { #expect(message.references == value) }
        if let value = expected.seconds { #expect(message.date?.timeIntervalSince1970 == value) }
        if let value = expected.suppress { #expect(message.autoResponseSuppress == value) }
        switch expected.returnPath {
        case "null": #expect(message.returnPath == .null)
        case "missing": #expect(message.returnPath == .missing)
        default: break
        }
        if let value = expected.verdict {
            #expect(message.authentication(trusting: "MX.neemandclay.example").verdict.rawValue == value)
        }
        #expect(message.authentication(trusting: "mx.other.example").verdict == .unknown)
        #expect(message.authentication(trusting: nil).verdict == .unknown)
    }

    @Test(arguments: names)
    func body(_ name: String) throws {
        let expected = try #require(try Fixture.expectations()[name])
        let message = try Message(parsing: Fixture.bytes(name + ".eml"))
        if let value = expected.text { #expect(message.text == value) }
        if let value = expected.newText { #expect(message.newText == value) }
        if let value = expected.signature { #expect(message.signature == value) }
        if let value = expected.quotedContains {
            #expect(message.quoted.contains(value))
            #expect(!message.newText.contains(value))
        }
        if let value = expected.isFromHTML { #expect(message.isFromHTML == value) }
        if let value = expected.attachments {
            try #require(message.attachments.count == value.count)
            for (attachment, values) in zip(message.attachments, value) {
                for (index, value) in values.enumerated() { #expect(value.matches(attachment, at: index)) }
            }
        }
        if let value = expected.forwarded {
            let forwarded = try #require(message.forwarded)
            #expect([forwarded.from?.address, forwarded.from?.name, forwarded.subject, forwarded.text] == value)
        }
        if expected.expectsNoForward { #expect(message.forwarded == nil) }
        if let value = expected.calendarMethod { #expect(message.calendarMethod == value && message.hasCalendar) }
        #expect(message.isEncrypted == expected.encrypted ?? false)
        #expect(message.isSigned == expected.signed ?? false)
        if let value = expected.problems { #expect(message.problems == value) }
        if let value = expected.problemContains { #expect(message.problems.contains { $0.contains(value) }) }
        for address in message.from.map(\.address) {
            #expect(!message.problems.contains { $0.contains(address) })
        }
    }

    @Test(arguments: names)
    func automatic(_ name: String) throws {
        let expected = try #require(try Fixture.expectations()[name])
        let message = try Message(parsing: Fixture.bytes(name + ".eml"))
        if let value = expected.automatic { #expect(message.automatic?.class.rawValue == value) }
        if let value = expected.rule {
            #expect(message.automatic?.rule == value)
            #expect(AutomaticMail.ruleNames.contains(value))
            #expect(message.automatic?.reference.isEmpty == false)
        }
        // Line ends must make no difference: a maildir has LF, the wire has CRLF.
        let bare = try Fixture.bytes(name + ".eml").filter { $0 != 13 }
        let again = try Message(parsing: bare)
        #expect(again.newText == message.newText)
        #expect(again.automatic == message.automatic)
    }
}
