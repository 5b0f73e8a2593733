extension RawOrder {
    /// An order of a file: in the desk's own JSON form, or a row whose columns have the names of the fields.
    init(_ record: RecordFile.Record) {
        switch record {
        case .json(let node):
            self.init(node, FileForm.order, items: FileForm.items, each: FileForm.item)
            parcels =
                FileForm.parcels?.values(in: node).map { parcel in
                    FileForm.parcel.compactMapValues { $0.read(parcel).text }
                } ?? []
        case .row(let row, let isWhole):
            self.init(row: isWhole ? row : row.filter { $0.key == OrderField.number.rawValue })
            if !isWhole { problems = [RecordProblem("row", .unreadable)] }
        }
    }

    /// One row of a table.
    init(row: [String: String]) {
        self.init()
        var item: [OrderField: String] = [:]
        for field in OrderField.allCases {
            guard let text = row[field.rawValue], !text.isEmpty else { continue }
            if field.isOfItem { item[field] = text } else { texts[field] = text }
        }
        if !item.isEmpty { items = [item] }
    }

    init(
        _ node: JSONNode, _ fields: [OrderField: FieldRule], items: JSONPath?, each itemFields: [OrderField: FieldRule]
    ) {
        self.init()
        for (field, rule) in fields {
            switch rule.read(node) {
            case .value(let text): texts[field] = text
            case .absent: continue
            case .problem(let reason): problems.append(RecordProblem(field.rawValue, reason))
            }
        }
        problems.sort { $0.field < $1.field }
        self.items = (items?.values(in: node) ?? []).map { item in
            itemFields.compactMapValues { $0.read(item).text }
        }
    }
}

extension RawCustomer {
    /// A customer of a file.
    init(_ record: RecordFile.Record) {
        switch record {
        case .json(let node):
            self.init(
                node, FileForm.customer, addresses: FileForm.addresses, lines: FileForm.lines, tags: FileForm.tags)
        case .row(let row, let isWhole): self.init(row: isWhole ? row : [:])
        }
    }

    /// The column of a table that holds her tags, with commas between them.
    static let tagsColumn = "tags"

    /// One row of a table; several addresses stand in one cell, with spaces between them.
    init(row: [String: String]) {
        self.init()
        for field in CustomerField.allCases {
            if let text = row[field.rawValue], !text.isEmpty { texts[field] = text }
        }
        addresses = (texts[.email] ?? "").split(separator: " ").map(String.init)
        tags = [row[Self.tagsColumn]].compactMap(\.self)
    }

    init(
        _ node: JSONNode, _ fields: [CustomerField: FieldRule], addresses: JSONPath?, lines: JSONPath?, tags: JSONPath?
    ) {
        self.init()
        texts = fields.compactMapValues { $0.read(node).text }
        self.addresses = (addresses?.values(in: node) ?? []).compactMap(\.text) + [texts[.email]].compactMap(\.self)
        self.lines = (lines?.values(in: node) ?? []).compactMap(\.text)
        self.tags = (tags?.values(in: node) ?? []).compactMap(\.text)
    }
}

extension RecordFile.Keys {
    init(order record: RecordFile.Record) {
        // Not by the rules: this is done for every record of the file.
        func text(_ field: OrderField) -> String? {
            switch record {
            case .json(let node): node[field.rawValue]?.text
            case .row(let row, _): row[field.rawValue]
            }
        }
        name = text(.number).map(RecordText.numberKey)
        addresses = [text(.email).map(RecordText.key)].compactMap(\.self)
        owner = text(.customer).map { Array($0.utf8) }
    }

    init(customer record: RecordFile.Record) {
        let raw = RawCustomer(record)
        name = raw.texts[.id].map { Array($0.utf8) }
        addresses = raw.addresses.map(RecordText.key)
    }
}

/// The desk's own JSON form, by field.
private enum FileForm {
    static let order = rules([
        OrderField.number: "number", .email: "email", .customer: "customer", .customerName: "customerName",
        .placedOn: "placedOn", .state: "state", .currency: "currency", .total: "total",
        .paymentMethod: "payment.method", .paymentState: "payment.state", .carrier: "shipment.carrier",
        .trackingNumber: "shipment.trackingNumber", .trackingURL: "shipment.trackingURL",
        .shippedOn: "shipment.shippedOn", .expectedOn: "shipment.expectedOn", .deliveredOn: "shipment.deliveredOn",
        .refundState: "refund.state", .refundAmount: "refund.amount", .refundRequestedOn: "refund.requestedOn",
        .refundPaidOn: "refund.paidOn", .refundMethod: "refund.method", .refundApprovedOn: "refund.approvedOn",
        .returnArrivedOn: "refund.arrivedOn", .cancelledOn: "cancelledOn", .deliveryMethod: "shipment.method",
        .deliveryAttempts: "shipment.attempts", .dispatchDueOn: "shipment.dispatchDueOn",
        .invoiceNumber: "invoice.number", .invoiceURL: "invoice.url",
    ])
    static let items = JSONPath("items[*]")
    static let item = rules([
        OrderField.itemSKU: "sku", .itemName: "name", .itemQuantity: "quantity", .itemPrice: "price",
        .itemReturnable: "returnable",
    ])
    static let parcels = JSONPath("parcels[*]")
    static let parcel = rules([
        OrderField.carrier: "carrier", .trackingNumber: "trackingNumber", .trackingURL: "trackingURL",
    ])
    static let customer = rules([
        CustomerField.id: "id", .name: "name", .email: "email", .phone: "phone", .language: "language",
        .since: "since", .voice: "voice", .city: "postalAddress.city", .state: "postalAddress.state",
        .postcode: "postalAddress.postcode", .country: "postalAddress.country",
    ])
    static let addresses = JSONPath("addresses[*]")
    static let lines = JSONPath("postalAddress.lines[*]")
    static let tags = JSONPath("tags[*]")

    private static func rules<Field: Hashable>(_ paths: [Field: String]) -> [Field: FieldRule] {
        paths.compactMapValues { JSONPath($0).map(FieldRule.init) }
    }
}
