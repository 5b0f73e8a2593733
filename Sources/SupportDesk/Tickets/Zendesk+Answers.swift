extension Zendesk {
    struct Ticket: Decodable {
        struct Field: Decodable {
            let id: Int
            let value: String?
            enum CodingKeys: String, CodingKey { case id, value }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                id = try container.decode(Int.self, forKey: .id)
                // Values are texts, numbers, lists or nothing; texts are ours.
                value = try? container.decode(String.self, forKey: .value)
            }
        }
        let id: Int
        let externalID: String?
        let status: String?
        let priority: String?
        let tags: [String]?
        let subject: String?
        let requester: Int?
        let assignee: Int?
        let group: Int?
        let updated: String?
        let fields: [Field]?
        enum CodingKeys: String, CodingKey {
            case id, status, priority, tags, subject, group = "group_id"
            case externalID = "external_id", requester = "requester_id", assignee = "assignee_id"
            case updated = "updated_at", fields = "custom_fields"
        }
    }

    struct TicketAnswer: Decodable { let ticket: Ticket }
    struct Tickets: Decodable { let tickets: [Ticket] }

    struct Export: Decodable {
        let tickets: [Ticket]
        let after: String?
        let isEnd: Bool?
        enum CodingKeys: String, CodingKey { case tickets, after = "after_cursor", isEnd = "end_of_stream" }
    }

    struct Suspended: Decodable {
        struct Item: Decodable { let id: Int }
        let tickets: [Item]
        enum CodingKeys: String, CodingKey { case tickets = "suspended_tickets" }
    }

    struct Upload: Decodable {
        struct Content: Decodable { let token: String }
        let upload: Content
    }

    struct User: Decodable {
        let id: Int
        let name: String?
        let email: String?
        let role: String?
    }

    struct CurrentUser: Decodable { let user: User }
    struct Count: Decodable { let count: Int }

    struct Groups: Decodable {
        struct Group: Decodable {
            let id: Int
            let name: String
        }
        let groups: [Group]
        let meta: Meta?
        let links: Links?
        var next: String? { meta?.hasMore == true ? links?.next : nil }
    }

    struct Meta: Decodable {
        let hasMore: Bool?
        enum CodingKeys: String, CodingKey { case hasMore = "has_more" }
    }

    struct Links: Decodable { let next: String? }

    struct Comment: Decodable {
        struct Via: Decodable {
            struct Source: Decodable { let rel: String? }
            let channel: String?
            let source: Source?
        }
        struct File: Decodable {
            let name: String
            let url: String
            let type: String?
            enum CodingKeys: String, CodingKey { case name = "file_name", url = "content_url", type = "content_type" }
        }
        let id: Int
        let author: Int?
        let isPublic: Bool?
        let body: String?
        let plain: String?
        let created: String?
        let attachments: [File]?
        let via: Via?
        let metadata: Metadata?
        /// Of what a merge left on the closed ticket: `… merged into request #35 …`.
        var mergedInto: Int? {
            guard via?.source?.rel == "merge" || text.contains("merged into"), let mark = text.firstIndex(of: "#")
            else {
                return nil
            }
            return Int(text[text.index(after: mark)...].prefix(while: \.isNumber))
        }
        /// As it was written, where Zendesk gives that.
        var text: String { plain ?? body ?? "" }
        enum CodingKeys: String, CodingKey {
            case id, body, attachments, via, metadata, author = "author_id", isPublic = "public", plain = "plain_body"
            case created = "created_at"
        }
    }

    /// What is on record about how a comment came; of a mail its Message-ID, of one of ours its key.
    struct Metadata: Decodable {
        struct System: Decodable {
            let messageID: String?
            enum CodingKeys: String, CodingKey { case messageID = "message_id" }
        }
        struct Custom: Decodable { let auradesk: String? }
        let system: System?
        let custom: Custom?
        enum CodingKeys: String, CodingKey { case system, custom }
        init(from decoder: any Decoder) throws {
            // Anybody's program may have put anything there.
            let container = try decoder.container(keyedBy: CodingKeys.self)
            system = try? container.decode(System.self, forKey: .system)
            custom = try? container.decode(Custom.self, forKey: .custom)
        }
    }

    /// The history of a ticket.
    struct Audits: Decodable {
        struct Event: Decodable {
            let id: Int?
            let type: String?
            let field: String?
            let value: String?
            enum CodingKeys: String, CodingKey { case id, type, value, field = "field_name" }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                id = try? container.decode(Int.self, forKey: .id)
                type = try? container.decode(String.self, forKey: .type)
                field = try? container.decode(String.self, forKey: .field)
                // QUIRK: numbers stand there as texts, and as numbers.
                value =
                    (try? container.decode(String.self, forKey: .value))
                    ?? (try? container.decode(Int.self, forKey: .value)).map(String.init)
            }

            func hasNewOwner(besides us: Int) -> Bool {
                field == "assignee_id" && value?.isEmpty == false && value != String(us)
            }
        }
        struct Audit: Decodable {
            let author: Int?
            let events: [Event]
            enum CodingKeys: String, CodingKey { case author = "author_id", events }
        }
        let audits: [Audit]
        let meta: Meta?
        let links: Links?
    }

    struct Comments: Decodable {
        var comments: [Comment]
        var users: [User]?
        var meta: Meta?
        var links: Links?
    }

    /// What 422 says: which fields, in words.
    struct Refusal: Decodable {
        struct Detail: Decodable { let description: String? }
        let error: String?
        let description: String?
        let details: [String: [Detail]]?
        enum CodingKeys: String, CodingKey { case error, description, details }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            error = try? container.decode(String.self, forKey: .error)
            description = try? container.decode(String.self, forKey: .description)
            details = try? container.decode([String: [Detail]].self, forKey: .details)
        }

        /// The names of the fields as they stood in the request.
        var fields: [String] {
            (details ?? [:]).keys.sorted().map { ["assignee": "assignee_email", "group": "group_id"][$0] ?? $0 }
        }
        /// Without the words, which may quote what was sent.
        var line: String {
            let names = fields.prefix(20).filter(ModelError.isWord)
            return "HTTP 422 (\(error.flatMap { ModelError.isWord($0) ? $0 : nil } ?? "no reason"))"
                + (names.isEmpty ? "" : ": \(names.joined(separator: ", "))")
        }
    }
}
