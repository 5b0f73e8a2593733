/// One datum of an IMAP response (RFC 3501 section 4).
enum IMAPValue: Sendable, Equatable {
    /// An atom, a number or a flag; also `BODY[HEADER.FIELDS (From)]<0>` whole.
    case atom([UInt8])
    /// A quoted string or a literal.
    case string([UInt8])
    case list([IMAPValue])
    case `nil`

    /// The bytes of an atom or string.
    var bytes: [UInt8]? {
        switch self {
        case .atom(let bytes), .string(let bytes): bytes
        case .list, .nil: nil
        }
    }

    /// The text of an atom or string; bytes that are not UTF-8 become U+FFFD.
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The text of an atom in upper case: names of items and responses are not case-sensitive.
    var name: String? {
        if case .atom(let bytes) = self { String(decoding: bytes, as: UTF8.self).uppercased() } else { nil }
    }

    var list: [IMAPValue]? { if case .list(let values) = self { values } else { nil } }

    /// An unsigned number in an atom.
    var number: UInt64? {
        guard case .atom(let bytes) = self, bytes.count <= 20 else { return nil }
        return UInt64(String(decoding: bytes, as: UTF8.self))
    }
}

/// A status response's verdict, RFC 3501 section 7.1.
enum IMAPStatus: String, Sendable {
    case ok = "OK", no = "NO", bad = "BAD", bye = "BYE", preauth = "PREAUTH"
}

/// What an `OK`, `NO`, … says; its text is for people and is not kept.
struct IMAPCondition: Sendable, Equatable {
    var status: IMAPStatus
    /// The response code in brackets, upper-case: `UIDVALIDITY`.
    var code: String?
    /// What follows it inside the brackets: `38505 3955`.
    var arguments: [String] = []
}

/// One complete response of the server.
enum IMAPResponse: Sendable, Equatable {
    /// `x3 OK …`
    case tagged(tag: String, IMAPCondition)
    /// `* OK …`, `* BYE …`
    case condition(IMAPCondition)
    /// `* 12 FETCH (…)`, `* SEARCH 1 2 3`
    case data(number: UInt64?, name: String, values: [IMAPValue])
    /// `+ …`: go on.
    case continuation
}

/// Why a byte stream is not IMAP, or not for us.
enum IMAPParseError: Error, Equatable {
    case malformed
    /// A literal or a line is over its limit. Found out before the bytes are read.
    case tooLarge
}
