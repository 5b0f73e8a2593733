/// What a record source can tell of an order. The raw values are the names in `desk.yaml`, the columns of a CSV file and
/// those of a query.
enum OrderField: String, CaseIterable, Sendable {
    case number, email, customer, state, currency, total, carrier
    case customerName = "customer_name"
    case placedOn = "placed_on"
    case paymentMethod = "payment_method"
    case paymentState = "payment_state"
    case trackingNumber = "tracking_number"
    case trackingURL = "tracking_url"
    case cancelledOn = "cancelled_on"
    case deliveryMethod = "delivery_method"
    case deliveryAttempts = "delivery_attempts"
    case dispatchDueOn = "dispatch_due_on"
    case shippedOn = "shipped_on"
    case expectedOn = "expected_on"
    case deliveredOn = "delivered_on"
    case refundState = "refund_state"
    case refundAmount = "refund_amount"
    case refundRequestedOn = "refund_requested_on"
    case refundApprovedOn = "refund_approved_on"
    case returnArrivedOn = "return_arrived_on"
    case refundPaidOn = "refund_paid_on"
    case refundMethod = "refund_method"
    case invoiceNumber = "invoice_number"
    case invoiceURL = "invoice_url"
    case itemSKU = "item_sku"
    case itemName = "item_name"
    case itemQuantity = "item_quantity"
    case itemPrice = "item_price"
    case itemReturnable = "item_returnable"

    /// Whether each line of the order has its own.
    var isOfItem: Bool { rawValue.hasPrefix("item_") }
}

/// What a record source can tell of a customer.
enum CustomerField: String, CaseIterable, Sendable {
    case id, name, email, phone, language, street, city, state, postcode, country, since, voice
    /// Names that a source keeps apart; joined where `name` is absent.
    case firstName = "first_name"
    case lastName = "last_name"
}
