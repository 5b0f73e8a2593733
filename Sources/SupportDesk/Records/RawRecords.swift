import Triage

/// One order as a source gave it: texts by field, of which nothing is believed yet.
struct RawOrder: Sendable, Hashable {
    /// What each field holds; an empty text counts as none.
    var texts: [OrderField: String] = [:]
    /// What each parcel holds, where there are several.
    var parcels: [[OrderField: String]] = []
    /// What each line of the order holds.
    var items: [[OrderField: String]] = []
    /// What could not be read.
    var problems: [RecordProblem] = []

    /// The order; nil when it has no number, by which alone it could be spoken of.
    func order(_ days: RecordDays) -> Order? {
        var problems = problems
        func text(_ field: OrderField) -> String? { texts[field].flatMap { $0.isEmpty ? nil : $0 } }
        func day(_ field: OrderField) -> LocalDate? {
            guard let text = text(field) else { return nil }
            if let day = days.day(text) { return day }
            problems.append(RecordProblem(field.rawValue, .unreadable))
            return nil
        }
        guard let number = text(.number).flatMap(RecordText.word) else { return nil }
        let state = text(.state)?.lowercased()
        let known = state.flatMap(Order.State.init)
        if state != nil, known == nil { problems.append(RecordProblem(OrderField.state.rawValue, .unreadable)) }
        let lines = items.map { item in
            Order.Item(
                sku: item[.itemSKU], name: item[.itemName] ?? "", quantity: item[.itemQuantity].flatMap(Int.init) ?? 0,
                price: item[.itemPrice], isReturnable: item[.itemReturnable].flatMap { Bool($0.lowercased()) })
        }
        // What is there and cannot be read is there.
        func has(_ fields: OrderField...) -> Bool {
            fields.contains { field in text(field) != nil || problems.contains { $0.field == field.rawValue } }
        }
        let shipment = Order.Shipment(
            carrier: text(.carrier), trackingNumber: text(.trackingNumber), trackingURL: text(.trackingURL),
            shippedOn: day(.shippedOn), expectedOn: day(.expectedOn), deliveredOn: day(.deliveredOn),
            dispatchDueOn: day(.dispatchDueOn), method: text(.deliveryMethod)?.lowercased(),
            attempts: text(.deliveryAttempts).flatMap(Int.init))
        let hasShipment = has(
            .carrier, .trackingNumber, .trackingURL, .shippedOn, .expectedOn, .deliveredOn, .dispatchDueOn)
        let refund = Order.Refund(
            state: text(.refundState)?.lowercased(), amount: text(.refundAmount),
            requestedOn: day(.refundRequestedOn), paidOn: day(.refundPaidOn), method: text(.refundMethod),
            approvedOn: day(.refundApprovedOn), arrivedOn: day(.returnArrivedOn))
        let hasRefund = has(.refundState, .refundAmount, .refundRequestedOn, .refundPaidOn, .refundMethod)
        let payment = Order.Payment(method: text(.paymentMethod), state: text(.paymentState)?.lowercased())
        let placedOn = day(.placedOn)
        var order = Order(
            number: number, email: text(.email), customer: text(.customer), placedOn: placedOn, state: known,
            currency: text(.currency)?.uppercased(), total: text(.total), items: lines,
            payment: has(.paymentMethod, .paymentState) ? payment : nil, shipment: hasShipment ? shipment : nil,
            refund: hasRefund ? refund : nil,
            invoice: text(.invoiceNumber).map { Order.Invoice(number: $0, url: text(.invoiceURL)) },
            problems: problems)
        order.parcels = parcels.map { parcel in
            Order.Shipment(
                carrier: parcel[.carrier].flatMap(RecordText.line),
                trackingNumber: parcel[.trackingNumber].flatMap(RecordText.word),
                trackingURL: parcel[.trackingURL].flatMap(RecordText.word))
        }
        order.cancelledOn = order.state == .cancelled ? day(.cancelledOn) : nil
        return order
    }

    /// The guest who ordered, where the record names one.
    var guest: Customer? {
        guard let email = texts[.email], let name = texts[.customerName] else { return nil }
        return Customer(id: "", name: name, addresses: [email])
    }
}

extension [RawOrder] {
    /// The rows of one order: their lines together, and what they all say alike. Fields that differ count as contradictory.
    var joined: RawOrder {
        guard var all = first else { return RawOrder() }
        for row in dropFirst() {
            // Some tables leave out in further rows what the first has said.
            all.texts.merge(row.texts) { known, _ in known }
            all.items += row.items
            all.problems += row.problems
        }
        for (field, text) in all.texts where contains(where: { $0.texts[field] ?? text != text }) {
            all.texts[field] = nil
            all.problems.append(RecordProblem(field.rawValue, .contradictory))
        }
        all.problems.sort { $0.field < $1.field }
        return all
    }
}

/// One customer as a source gave her.
struct RawCustomer: Sendable, Hashable {
    /// What each field holds; an empty text counts as none.
    var texts: [CustomerField: String] = [:]
    /// All her addresses.
    var addresses: [String] = []
    /// House and street.
    var lines: [String] = []
    /// What the shop calls her, as it writes it: several may stand in one text, with commas between them.
    var tags: [String] = []

    /// How files, shops and databases write that something is so.
    private static let yes: Set<String> = ["true", "t", "yes", "y", "1", "on"]

    /// The customer; nil when she has no id, by which her orders are found.
    func customer(_ days: RecordDays) -> Customer? {
        func text(_ field: CustomerField) -> String? { texts[field].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = text(.id).flatMap(RecordText.word) else { return nil }
        var problems: [RecordProblem] = []
        let since = text(.since).flatMap(days.day)
        if text(.since) != nil, since == nil { problems.append(RecordProblem("since", .unreadable)) }
        let parts = [text(.firstName), text(.lastName)].compactMap(\.self)
        let name = text(.name) ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
        if name == nil { problems.append(RecordProblem("name", .missing)) }
        if addresses.isEmpty { problems.append(RecordProblem("email", .missing)) }
        let street = lines + [text(.street)].compactMap(\.self)
        let place = [text(.city), text(.state), text(.postcode), text(.country)]
        return Customer(
            id: id, name: name, addresses: addresses, phone: text(.phone), language: text(.language),
            postalAddress: street.isEmpty && place.allSatisfy { $0 == nil }
                ? nil
                : PostalAddress(lines: street, city: place[0], state: place[1], postcode: place[2], country: place[3]),
            since: since, tags: tags.flatMap { $0.split(separator: ",").map(String.init) },
            wantsVoice: text(.voice).map { Self.yes.contains($0.lowercased()) } ?? false, problems: problems)
    }
}
