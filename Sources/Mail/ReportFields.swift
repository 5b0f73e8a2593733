/// The content of a report part: groups of fields, apart by empty lines (RFC 3464 §2.1.1, RFC 5965 §3).
struct ReportFields {
    /// One group.
    struct Group {
        fileprivate(set) var fields: [(name: String, value: String)] = []

        /// The value of the first field of a name in lower case.
        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

        func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

        /// A value without its type: `dns; mx.example` is `mx.example`.
        func typed(_ name: String) -> String? {
            guard let value = self[name] else { return nil }
            guard let mark = value.utf8.firstIndex(of: UInt8(ascii: ";")) else { return value }
            return ASCII.trimmed(String(value[value.index(after: mark)...]))
        }

        /// An address behind its type: `rfc822; <user@host>`.
        func address(_ name: String) -> String? {
            guard let value = typed(name).map(Group.bare), !value.isEmpty else { return nil }
            return Mailbox.normalized(value)
        }

        /// A value without angle brackets.
        static func bare(_ value: String) -> String {
            let text = ASCII.trimmed(Array(value.utf8)[...])
            guard let open = text.firstIndex(of: UInt8(ascii: "<")),
                let close = text[open...].firstIndex(of: UInt8(ascii: ">"))
            else { return String(decoding: text, as: UTF8.self) }
            return String(decoding: text[(open + 1)..<close], as: UTF8.self)
        }
    }

    private(set) var groups: [Group] = []

    /// Reads at most `limits.addresses` groups.
    init(_ bytes: [UInt8], limits: Message.Limits) {
        bytes.withUnsafeBufferPointer { buffer in
            var rest = buffer
            while !rest.isEmpty, groups.count < limits.addresses {
                let block = HeaderBlock(rest, limits: limits)
                guard !block.fields.isEmpty, block.bodyStart > 0 else { break }
                groups.append(
                    Group(
                        fields: block.fields.map { field in
                            (
                                ASCII.lowercased(rest[field.name]),
                                HeaderText.decoded(HeaderBlock.unfolded(rest, field.value))
                            )
                        }))
                rest = UnsafeBufferPointer(rebasing: rest[block.bodyStart...])
            }
        }
    }

    /// The first word of a value, in lower case: behind it comments are allowed.
    static func word(_ value: String) -> String {
        ASCII.lowercased(value.utf8.prefix { !ASCII.isWhitespace($0) && $0 != UInt8(ascii: "(") })
    }
}
