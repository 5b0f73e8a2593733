import Foundation

/// How a shop's HTTP API is asked, and where in its answers the fields stand. A shop can write its own; those that are ready
/// lie in `Templates/records`.
package struct ShopAPI: Sendable {
    /// How we show who we are.
    package enum Credentials: Sendable {
        case none
        case bearer(String)
        case basic(user: String, password: String)
        case header(name: String, value: String)
        case query(name: String, value: String)
    }

    /// How a list goes on.
    enum Paging: Sendable, Hashable {
        /// It does not.
        case none
        /// A number in the query, from 1, until a page has fewer records than it could.
        case number(parameter: String, size: Int)
        /// The `Link` field of the header (RFC 8288).
        case link
        /// An address in the body.
        case next(JSONPath)
        /// A cursor in the body, as a variable of the next request, as long as there is more.
        case cursor(JSONPath, more: JSONPath, variable: String)
    }

    /// How one kind of question is asked.
    struct Request: Sendable {
        /// Path and query behind the address, with one of `{address}`, `{id}` and `{number}`.
        var path: URLTemplate
        /// A GraphQL document; nil asks by GET.
        var document: String?
        /// Its variables, with the same names in braces.
        var variables: [String: URLTemplate] = [:]
        /// Where the records stand in the answer.
        var records: JSONPath
    }

    /// `https://shop.example`, perhaps with a path, without a slash at its end.
    let url: String
    let credentials: Credentials
    var caFile: String?
    var requests: [RecordLookup.Kind: Request] = [:]
    var paging = Paging.none
    /// A list with more pages is not read to its end, and so tells nothing.
    var maximumPages = 10
    /// A larger answer is none.
    var maximumBytes = 8 << 20
    /// What an instant without a zone means; nil: the shop's own.
    var zone: TimeZone?
    var customer: [CustomerField: FieldRule] = [:]
    var addresses: JSONPath?
    var tags: JSONPath?
    var order: [OrderField: FieldRule] = [:]
    var items: JSONPath?
    var item: [OrderField: FieldRule] = [:]
    /// How all products are asked for; nil: they are not there.
    var products: Request?
    var product: [ProductField: FieldRule] = [:]
    /// Where a product's record names others.
    var productLists: [ProductField: JSONPath] = [:]

    /// The host and its port, in lower case.
    var authority: String {
        let rest = url[(url.range(of: "://")?.upperBound ?? url.startIndex)...]
        return rest.prefix { $0 != "/" }.lowercased()
    }

    /// Scheme, host and port.
    var origin: String { "\(url.prefix { $0 != ":" })://\(authority)" }
}

/// A text with one value of a question in it, which is escaped by code.
struct URLTemplate: Sendable, Hashable {
    private let before: String
    private let after: String?
    private let isQuoted: Bool

    /// Reads `…{parameter}…` or `…{parameter:quoted}…`, whose value stands inside quotation marks of a search language.
    /// - Returns: nil when there is another name in braces, or more than one.
    init?(_ text: String, parameter: String) {
        guard let open = text.firstIndex(of: "{") else {
            guard !text.contains("}") else { return nil }
            (before, after, isQuoted) = (text, nil, false)
            return
        }
        guard let close = text.firstIndex(of: "}"), open < close else { return nil }
        let name = text[text.index(after: open)..<close]
        guard name == parameter || name == "\(parameter):quoted" else { return nil }
        before = String(text[..<open])
        let rest = String(text[text.index(after: close)...])
        guard !rest.contains("{"), !rest.contains("}") else { return nil }
        after = rest
        isQuoted = name != parameter
    }

    /// Whether it holds the value.
    var hasValue: Bool { after != nil }
    /// Whether the value stands in the path of a URL, so that "not found" speaks of it.
    var isInPath: Bool { hasValue && !before.contains("?") }

    /// As a part of a URL: everything but unreserved characters is percent-encoded (RFC 3986 §2.3).
    /// - Returns: nil for a value that would be taken as a step through the path.
    func url(_ value: String) -> String? {
        guard let after else { return before }
        if value.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return nil }
        return before + Self.encoded(quoted(value)) + after
    }

    /// As a text, for a variable.
    func text(_ value: String) -> String { after.map { before + quoted(value) + $0 } ?? before }

    private func quoted(_ value: String) -> String {
        isQuoted ? value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") : value
    }

    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
