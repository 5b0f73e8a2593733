import Foundation

extension ShopAPI {
    /// What is the shop's own: `url`, `auth`, `ca_file`.
    /// - Parameter tokenHeader: `Authorization: Token {token}`, which `auth: {token: …}` fills.
    init(_ reader: ConfigurationReader, tokenHeader: String?) throws {
        let address = try reader.required("url")
        let isLocal = ["127.0.0.1", "localhost", "::1"].contains(URL(string: address)?.host ?? "")
        guard let parts = URL(string: address), parts.scheme == "https" || (parts.scheme == "http" && isLocal),
            parts.host != nil, parts.user == nil, parts.query == nil, parts.fragment == nil
        else { throw reader.error("url", "must be an https address without password, query or fragment") }
        url = address.hasSuffix("/") ? String(address.dropLast()) : address
        credentials = try reader.reader("auth").map { try Credentials($0, tokenHeader: tokenHeader) } ?? .none
        caFile = try reader.file("ca_file")
    }

    /// How its API is asked and answers.
    mutating func describe(_ reader: ConfigurationReader) throws {
        zone = try reader.text("time_zone").map { name in
            guard let zone = TimeZone(identifier: name) else {
                throw reader.error("time_zone", "is no time zone such as UTC or Asia/Kolkata")
            }
            return zone
        }
        paging = try reader.reader("paging").map(Paging.init) ?? .none
        maximumPages = try reader.integer("pages", in: 1...100) ?? maximumPages
        maximumBytes = try reader.bytes("answer_size") ?? maximumBytes
        let list = try reader.requiredReader("look_ups")
        for kind in RecordLookup.Kind.allCases {
            requests[kind] = try list.reader(kind.rawValue).map { try Request($0, kind) }
        }
        products = try list.reader("products").map { try Request(ofProducts: $0) }
        try list.finish()
        if let fields = try reader.reader("product") {
            for field in ProductField.allCases {
                if field.isList {
                    productLists[field] = try fields.path(field.rawValue)
                } else {
                    product[field] = try FieldRule(fields, field.rawValue)
                }
            }
            try fields.finish()
        }
        if products != nil, product[.sku] == nil || product[.name] == nil {
            throw reader.error("product", "must say where sku and name are")
        }
        if let fields = try reader.reader("customer") {
            addresses = try fields.path("addresses")
            tags = try fields.path("tags")
            for field in CustomerField.allCases { customer[field] = try FieldRule(fields, field.rawValue) }
            try fields.finish()
        }
        let fields = try reader.requiredReader("order")
        items = try fields.path("items")
        for field in OrderField.allCases {
            if field.isOfItem {
                item[field] = try FieldRule(fields, field.rawValue)
            } else {
                order[field] = try FieldRule(fields, field.rawValue)
            }
        }
        guard order[.number] != nil else { throw fields.error("number", "is missing") }
        try fields.finish()
    }

    /// Another meaning for one of the shop's words for a state.
    mutating func setState(_ state: String, for word: String) {
        guard var rule = order[.state] else { return }
        for index in rule.sources.indices where rule.sources[index].words != nil {
            rule.sources[index].words?[word] = state
        }
        order[.state] = rule
    }
}

extension ShopAPI.Credentials {
    fileprivate init(_ reader: ConfigurationReader, tokenHeader: String?) throws {
        func secret(_ key: String, in reader: ConfigurationReader) throws -> String {
            guard let secret = try reader.secret(key) else { throw reader.error(key, "is missing") }
            return secret
        }
        if reader.has("bearer") {
            self = .bearer(try secret("bearer", in: reader))
        } else if let basic = try reader.reader("basic") {
            // The first half may be an id or a secret of its own, as a shop likes.
            let user = basic.isMapping("user") ? try secret("user", in: basic) : try basic.required("user")
            self = .basic(user: user, password: try secret("password", in: basic))
            try basic.finish()
        } else if let header = try reader.reader("header") {
            self = .header(name: try header.required("name"), value: try secret("value", in: header))
            try header.finish()
        } else if let query = try reader.reader("query") {
            self = .query(name: try query.required("name"), value: try secret("value", in: query))
            try query.finish()
        } else if let tokenHeader, reader.has("token") {
            let parts = tokenHeader.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let template = URLTemplate(parts[1], parameter: "token"), template.hasValue else {
                throw reader.error("token", "needs a token_header such as \"Authorization: Token {token}\"")
            }
            let value = template.text(try secret("token", in: reader))
            self = .header(name: parts[0], value: String(value.drop { $0 == " " }))
        } else {
            throw reader.error("must be bearer, basic, header, query or, where the kind knows its header, token")
        }
        try reader.finish()
    }
}

extension ShopAPI.Paging {
    fileprivate init(_ reader: ConfigurationReader) throws {
        if let parameter = try reader.text("number") {
            guard let size = try reader.integer("size", in: 1...10_000) else {
                throw reader.error("size", "is missing: how many records a full page has")
            }
            self = .number(parameter: parameter, size: size)
        } else if let path = try reader.path("next") {
            self = .next(path)
        } else if let path = try reader.path("cursor") {
            guard let more = try reader.path("more") else { throw reader.error("more", "is missing") }
            self = .cursor(path, more: more, variable: try reader.required("variable"))
        } else if try reader.text("header") == "link" {
            self = .link
        } else {
            throw reader.error(
                "must be {number: …, size: …}, {header: link}, {next: …} or {cursor: …, more: …, variable: …}")
        }
        try reader.finish()
    }
}

extension ShopAPI.Request {
    /// All products: nothing of a message is in the question.
    fileprivate init(ofProducts reader: ConfigurationReader) throws {
        guard let template = URLTemplate(try reader.required("path"), parameter: ""), !template.hasValue else {
            throw reader.error("path", "may hold no name in braces")
        }
        path = template
        records = try reader.path("records") ?? .elements
        document = try reader.text("graphql")
        try reader.finish()
    }

    fileprivate init(_ reader: ConfigurationReader, _ kind: RecordLookup.Kind) throws {
        func template(_ key: String, in reader: ConfigurationReader) throws -> URLTemplate {
            guard let template = URLTemplate(try reader.required(key), parameter: kind.parameter) else {
                throw reader.error(key, "may hold {\(kind.parameter)} once, and no other name in braces")
            }
            return template
        }
        path = try template("path", in: reader)
        records = try reader.path("records") ?? .elements
        document = try reader.text("graphql")
        if let list = try reader.reader("variables") {
            for key in list.keys { variables[key] = try template(key, in: list) }
        }
        guard path.hasValue || variables.values.contains(where: \.hasValue) else {
            throw reader.error("path", "must hold {\(kind.parameter)}")
        }
        guard document != nil || variables.isEmpty else { throw reader.error("variables", "need a graphql document") }
        try reader.finish()
    }
}

extension FieldRule {
    /// `field: path`, `field: {path: …, words: {…}}`, or a list of them; nil when the field is not there.
    fileprivate init?(_ reader: ConfigurationReader, _ key: String) throws {
        func path(_ text: String, _ reader: ConfigurationReader, _ key: String) throws -> JSONPath {
            guard let path = JSONPath(text) else {
                throw reader.error(key, "is no path such as orders[*].billing.email")
            }
            return path
        }
        let sources = try reader.each(
            key, text: { Source(paths: [try path($0, reader, key)]) },
            mapping: { mapping in
                var source = Source()
                source.constant = try mapping.text("constant")
                source.paths = try mapping.oneOrMore("path").map { try path($0, mapping, "path") }
                if let words = try mapping.reader("words") {
                    source.words = try words.keys.reduce(into: [:]) { $0[$1] = try words.required($1) }
                }
                source.ignored = Set(try mapping.texts("ignore") ?? [])
                guard source.constant != nil || !source.paths.isEmpty else { throw mapping.error("needs a path") }
                try mapping.finish()
                return source
            })
        if sources.isEmpty { return nil }
        self.init(sources)
    }
}

extension ConfigurationReader {
    /// A path into a JSON document.
    fileprivate func path(_ key: String) throws -> JSONPath? {
        guard let text = try text(key) else { return nil }
        guard let path = JSONPath(text) else { throw error(key, "is no path such as orders[*].billing.email") }
        return path
    }
}
