import Foundation
import Mail
import Transport
import Triage

extension Shop {
    init(_ reader: ConfigurationReader) throws {
        name = try reader.required("name")
        address = try reader.required("address")
        guard Mailbox(address: address).isWritable else { throw reader.error("address", "must be an e-mail address") }
        // It stands in the header of every reply.
        guard Mailbox(name: name, address: address).isWritable else { throw reader.error("name", "must be one line") }
        aliases = try reader.texts("aliases") ?? []
        var links: [String: String] = [:]
        if let reader = try reader.reader("links") {
            for key in reader.keys {
                let link = try reader.required(key)
                guard link.hasPrefix("https://") else { throw reader.error(key, "must be an https link") }
                links[key] = link
            }
        }
        self.links = links
        orderPatterns = try reader.texts("order_numbers") ?? []
        region = try reader.text("region") ?? "IN"
        let zone = try reader.text("time_zone") ?? "Asia/Kolkata"
        guard let timeZone = TimeZone(identifier: zone) else {
            throw reader.error("time_zone", "is not a time zone such as Asia/Kolkata")
        }
        self.timeZone = timeZone
        languages = try reader.texts("languages") ?? ["en", "hi", "hi-Latn"]
        authservID = try reader.text("authserv_id")
        authservHops = try reader.integer("authserv_hops", in: 0...20)
        contactForms = try reader.readers("contact_forms").map(ContactForm.init)
        lists = try (reader.texts("lists") ?? []).map { $0.lowercased() }
        try reader.finish()
    }
}

extension ContactForm {
    init(_ reader: ConfigurationReader) throws {
        let from = try reader.required("from")
        guard from.contains("@") else { throw reader.error("from", "must be an e-mail address") }
        self.init(from: from, subjectPrefix: try reader.text("subject_prefix"))
        try reader.finish()
    }
}

extension TokenAddress {
    /// `bounces: off`, a form of an address, or nothing: the shop's own address with a tag, where there is room for it.
    init?(_ reader: ConfigurationReader, of shop: Shop) throws {
        switch try reader.text("bounces") {
        case nil: self.init(of: shop.address)
        case "off": return nil
        case let form?:
            guard let address = TokenAddress(form) else {
                throw reader.error(
                    "bounces",
                    "must be off, or an address such as bounces+{token}@shop.example with at most 16 characters besides"
                        + " {token} before the @")
            }
            self = address
        }
    }
}

extension DeskConfiguration.ChannelEntry {
    init(_ reader: ConfigurationReader) throws {
        name = try reader.text("name") ?? "inbox"
        switch try reader.text("adopt_from") ?? "now" {
        case "now": adoptFrom = nil
        case let text:
            guard let day = LocalDate(text) else {
                throw reader.error("adopt_from", "must be now or a date such as 2026-03-01")
            }
            adoptFrom = Date(timeIntervalSince1970: Double(day.dayNumber) * 86_400)
        }
        if let kind = try reader.text("kind") {
            guard kind == "ticket" else { throw reader.error("kind", "must be ticket; a mailbox needs none") }
            let queues = try reader.texts("queues") ?? []
            let isOwn = ["rt", "zendesk", "folder"].contains(where: reader.has)
            source = .ticket(
                isOwn ? try DeskConfiguration.Tickets(reader, queue: queues.first) : nil, queues: queues)
        } else if let path = try reader.file("maildir") {
            people = try PeopleFolders(reader, isLocal: true)
            switch try reader.text("after") ?? "flag" {
            case "flag": source = .maildir(path, after: .flag)
            case "leave": source = .maildir(path, after: .leave)
            default: throw reader.error("after", "must be flag or leave for a maildir")
            }
        } else if reader.has("imap") {
            people = try PeopleFolders(reader, isLocal: false)
            let endpoint = try MailEndpoint(reader, url: "imap")
            let folder = try reader.text("folder") ?? "INBOX"
            switch try reader.text("after") ?? "flag" {
            case "flag": source = .imap(endpoint, folder: folder, after: .flag)
            case "leave": source = .imap(endpoint, folder: folder, after: .leave)
            case "move":
                let target = try reader.requiredReader("move_to")
                var folders: [Status: String] = [:]
                for status in Status.allCases where status.isFinal {
                    if let folder = try target.text(status.rawValue) { folders[status] = folder }
                }
                try target.finish()
                source = .imap(endpoint, folder: folder, after: .move(folders))
            default: throw reader.error("after", "must be flag, move or leave")
            }
        } else {
            throw reader.error("maildir", "or imap or kind: ticket is missing")
        }
        try reader.finish()
    }
}

/// A switch.
enum OnOff: String, CaseIterable {
    case on, off
}

extension DeskLimits {
    init(_ reader: ConfigurationReader) throws {
        self.init()
        messageBytes = try reader.bytes("message_bytes") ?? messageBytes
        parsing.textBytes = try reader.bytes("text_bytes") ?? parsing.textBytes
        parsing.headerBytes = try reader.bytes("header_bytes") ?? parsing.headerBytes
        parsing.headerFieldBytes = try reader.bytes("header_field_bytes") ?? parsing.headerFieldBytes
        parsing.depth = try reader.integer("depth", in: 1...200) ?? parsing.depth
        parsing.parts = try reader.integer("parts", in: 1...100_000) ?? parsing.parts
        parsing.addresses = try reader.integer("addresses", in: 1...100_000) ?? parsing.addresses
        concurrency = try reader.integer("concurrency", in: 1...256) ?? concurrency
        if let seconds = try reader.seconds("lease") {
            guard seconds >= 1 else { throw reader.error("lease", "must be a second or more") }
            lease = .seconds(seconds)
        }
        attempts = try reader.integer("attempts", in: 1...20) ?? attempts
        outbox = try reader.integer("outbox", in: 1...1_000_000) ?? outbox
        channelTime = try reader.seconds("channel_time").map { .seconds($0) } ?? channelTime
        func replies(_ key: String, _ limit: inout Int) throws {
            limit = try reader.integer(key, in: 1...1_000_000) ?? limit
        }
        try replies("on_file_per_order", &onFile.perOrder)
        try replies("on_file_per_address", &onFile.perAddress)
        try replies("on_file_per_hour", &onFile.perHour)
        try replies("replies_per_sender", &backstops.perSender)
        try replies("replies_per_domain", &backstops.perDomain)
        try replies("replies_per_conversation", &backstops.perConversation)
        try replies("replies_per_hour", &backstops.overall)
        try replies("replies_per_text", &backstops.perText)
        try replies("answers_per_matter", &backstops.perMatter)
        anger = try reader.number("anger", in: 0...1) ?? anger
        outOfScope = try reader.number("out_of_scope", in: 0...1) ?? outOfScope
        try reader.finish()
    }
}
