import Foundation

/// The signed answer to the question at the end of a reply: which reply, which answer, and that it was made for its one recipient.
///
/// 50 letters and digits: 14 bytes that name conversation and reply as the reply's own token does, one for the answer, and a MAC
/// of 128 bits over them and whom the reply went to. Nobody else's token can be made of it: not another answer's, not another
/// reply's, not another person's.
struct FeedbackToken: Sendable, Hashable {
    /// What it says.
    enum Answer: Sendable, Hashable {
        /// Nothing yet: it opens a page on which the customer chooses.
        case page
        case vote(Feedback.Vote)
        /// From 1 to 5.
        case score(Int)

        fileprivate init?(code: UInt8) {
            switch code {
            case 0: self = .page
            case 1: self = .vote(.yes)
            case 2: self = .vote(.no)
            case 11...15: self = .score(Int(code) - 10)
            default: return nil
            }
        }

        fileprivate var code: UInt8 {
            switch self {
            case .page, .vote(.neither): 0
            case .vote(.yes): 1
            case .vote(.no): 2
            case .score(let score): UInt8(10 + score)
            }
        }

        /// What a page says that the customer chose: `yes`, `no`, or a number from 1 to 5.
        init?(word: String) {
            switch word {
            case "yes": self = .vote(.yes)
            case "no": self = .vote(.no)
            case "1", "2", "3", "4", "5": self = .score(Int(word) ?? 0)
            default: return nil
            }
        }

        /// Content from 4 on, not content up to 2.
        var vote: Feedback.Vote {
            switch self {
            case .page: .neither
            case .vote(let vote): vote
            case .score(let score): score >= 4 ? .yes : score <= 2 ? .no : .neither
            }
        }

        var score: Int? {
            if case .score(let score) = self { return score }
            return nil
        }
    }

    let answer: Answer
    /// In capitals.
    let text: String
    /// Of conversation and reply.
    fileprivate let head: [UInt8]
    fileprivate let mac: [UInt8]

    /// The number of its characters.
    static let length = 50
    /// Bytes that name conversation and reply.
    private static let headBytes = 14

    /// Reads what would be a token, in letters of either case. Whether it is genuine is the `Seal`'s to say.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, let bytes = Base32.decode(text), bytes.count == Self.headBytes + 17,
            let answer = Answer(code: bytes[Self.headBytes])
        else { return nil }
        self.answer = answer
        self.text = text.uppercased()
        head = Array(bytes.prefix(Self.headBytes))
        mac = Array(bytes.suffix(16))
    }

    fileprivate init(_ answer: Answer, head: [UInt8], mac: [UInt8]) {
        (self.answer, self.head, self.mac) = (answer, head, mac)
        text = (head + [answer.code] + mac).base32
    }

    /// As it stands in a subject: the conversation's public name, and the rest.
    var reference: String { "AD-\(text.prefix(16))-\(text.dropFirst(16))" }

    /// The token at the end of a subject such as `Yes AD-…-…`; nil for any other, such as the `Re:` of one.
    static func candidate(inSubject subject: String) -> String? {
        let words = subject.split(whereSeparator: \.isWhitespace)
        guard let last = words.last, words.count <= 16, last.uppercased().hasPrefix("AD-"),
            !words.dropLast().contains(where: { $0.contains(where: \.isColon) || $0.uppercased().hasPrefix("AD-") })
        else { return nil }
        let parts = last.dropFirst(3).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 16, parts[1].utf8.count == length - 16 else { return nil }
        return String(parts[0] + parts[1])
    }
}

extension Character {
    fileprivate var isColon: Bool { self == ":" || self == "：" }
}

extension Seal {
    /// Makes the token by which the recipient of a reply gives an answer.
    /// - Parameter recipient: the digest of her address.
    func feedbackToken(_ answer: FeedbackToken.Answer, to reply: ReplyToken, for recipient: [UInt8]) -> FeedbackToken? {
        guard let bytes = Base32.decode(reply.text), bytes.count > 14 else { return nil }
        let head = Array(bytes.prefix(14))
        return FeedbackToken(answer, head: head, mac: mac(answer, head, recipient))
    }

    /// Whether this desk made it for that recipient. Compared as a whole, so that the time tells nothing about how much of it is
    /// right.
    func isGenuine(_ token: FeedbackToken, for recipient: [UInt8]) -> Bool {
        zip(mac(token.answer, token.head, recipient), token.mac).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The Message-ID of the reply that a token is about.
    func messageID(of token: FeedbackToken, domain: String) -> String {
        self.token(head: token.head).messageID(domain: domain)
    }

    private func mac(_ answer: FeedbackToken.Answer, _ head: [UInt8], _ recipient: [UInt8]) -> [UInt8] {
        digest("\((head + [answer.code]).base32)\n\(recipient.base32)", for: "feedback token")
    }
}
