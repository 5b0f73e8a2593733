import Foundation
import Transport

/// One request of a batch, as it lies in the ledger: it was made of a `Prompt`, so that it holds nobody's data.
struct BatchEntry: Sendable {
    /// By which the answer is found again: a keyed digest, which tells a provider nothing.
    let name: String
    /// The JSON that would be sent if the model were asked directly.
    let body: [UInt8]
}

/// Where a batch is at the provider.
enum BatchStanding: Sendable, Equatable {
    /// It has to be asked for again later.
    case running
    /// It was not begun; the word is the provider's, without text of anybody.
    case failed(String)
    /// It has ended, whole or not; what came of it lies at these places.
    case ended([String])
}

/// One line of what came of a batch.
struct BatchResult: Sendable {
    let name: String
    /// The same body that a direct request is answered with; nil when there is none, with a word for the reason.
    let body: [UInt8]?
    let reason: String
}

/// What a run that died while it handed a batch over left at the provider.
struct BatchTrace: Sendable, Equatable {
    var file: String?
    var id: String?
    /// Whether it is certainly ours: a provider that takes no name for a batch cannot tell.
    var isCertain = true
}

/// How a provider takes many requests at once, for less money and a later answer. Every call throws `ModelError`.
protocol BatchInterface: Sendable {
    /// Puts down what has to lie at the provider before a batch can be made of it; nil: nothing has to.
    func upload(_ entries: [BatchEntry], as name: String) async throws -> String?
    /// Begins a batch and returns its id. From here on it costs money.
    func create(_ entries: [BatchEntry], file: String?, as name: String) async throws -> String
    /// Looks for what was begun under this name at this time, with so many requests, and is none of those known.
    func trace(_ name: String, since: Date, count: Int, known: Set<String>) async throws -> BatchTrace
    /// Asks where it is.
    func standing(of id: String) async throws -> BatchStanding
    /// Fetches what came of it, in any order.
    func results(at place: String) async throws -> [BatchResult]
    /// Asks the provider not to go on.
    func cancel(_ id: String) async throws
    /// Has the provider forget an ended batch.
    func discard(_ id: String, files: [String]) async throws
    /// Asks for nothing but whether there is such an interface.
    func trial() async throws
}

/// Sends a request and returns the body of an answer that is good.
typealias BatchCall = @Sendable (HTTPRequest) async throws -> [UInt8]

extension BatchInterface {
    /// All results of both providers together are at most this long; an answer has 4,000 tokens if not set otherwise.
    static var maximumResultBytes: Int { 128 << 20 }
    /// A longer line is nobody's answer.
    private static var maximumLineBytes: Int { 1 << 20 }

    /// The objects of a file of JSON lines. What is no object is passed over: its request counts as not answered.
    static func lines(_ bytes: [UInt8]) -> [[String: Any]] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.count <= maximumLineBytes else { return nil }
            return (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
        }
    }

    static func result(_ name: String, _ body: [String: Any]?, _ reason: String?) -> BatchResult {
        let bytes = body.flatMap { try? JSONSerialization.data(withJSONObject: $0) }.map { [UInt8]($0) }
        return BatchResult(name: name, body: bytes, reason: reason.flatMap(word) ?? "errored")
    }

    /// A name of the provider's that may stand in a path.
    static func identifier(_ value: Any?) throws -> String {
        guard let text = value as? String, (1...200).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isWordByte || $0 == UInt8(ascii: "-") })
        else { throw ModelError(.malformed, "an answer without an id") }
        return text
    }

    /// A name of an error, and no text.
    static func word(_ text: String) -> String? { ModelError.isWord(text) ? text : nil }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
