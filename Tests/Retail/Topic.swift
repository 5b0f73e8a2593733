/// What a mail of the set asks, and how often in a thousand. The proportions are our guess at an inbox:
/// a third asks where the parcel is, a quarter is about returns and refunds, the rest is spread thin.
enum Topic: String, CaseIterable, Sendable {
    case trackOrder = "track_order", deliveryETA = "delivery_eta", deliveredWhen = "delivered_when"
    case trackRefund = "track_refund", returnRequest = "return_request", refundPolicy = "refund_policy"
    case cancelOrder = "cancel_order", changeOrder = "change_order", changeAddress = "change_address"
    case cancellationFee = "cancellation_fee", getInvoice = "get_invoice", checkInvoice = "check_invoice"
    case paymentMethods = "payment_methods", paymentIssue = "payment_issue"
    case deliveryOptions = "delivery_options", deliveryPeriod = "delivery_period", placeOrder = "place_order"
    case recoverPassword = "recover_password", registration, createAccount = "create_account"
    case editAccount = "edit_account", deleteAccount = "delete_account", switchAccount = "switch_account"
    case addressBook = "address_book", newsletter, review, contact
    case warranty = "know_warranty", giftWrap = "know_gift", giftCard = "know_giftcard", care = "know_care"
    case emi = "know_emi", coupon = "know_coupon", bulk = "know_bulk", stock = "know_stock"
    case complaint, person, damaged, notReceived = "not_received", outOfScope = "out_of_scope", thanks, angry
    case otherLanguage = "other_language"

    /// Mails in a thousand, before some get a second question.
    var weight: Int {
        switch self {
        case .trackOrder: 220
        case .deliveryETA: 85
        case .deliveredWhen: 25
        case .trackRefund: 95
        case .returnRequest: 85
        case .refundPolicy: 38
        case .cancelOrder: 45
        case .changeOrder, .changeAddress: 22
        case .getInvoice: 30
        case .checkInvoice: 12
        case .paymentIssue: 18
        case .paymentMethods: 24
        case .deliveryOptions: 30
        case .deliveryPeriod: 20
        case .recoverPassword: 24
        case .cancellationFee, .registration, .editAccount, .newsletter, .contact: 12
        case .placeOrder, .createAccount, .deleteAccount, .addressBook, .review: 9
        case .switchAccount: 5
        case .warranty, .giftWrap, .giftCard, .care, .emi, .coupon, .bulk, .stock: 4
        case .complaint, .person, .damaged: 14
        case .notReceived, .angry: 9
        case .outOfScope: 16
        case .thanks: 10
        case .otherLanguage: 5
        }
    }

    /// It cannot be answered without an order.
    var isAboutOrder: Bool {
        switch self {
        case .trackOrder, .deliveryETA, .deliveredWhen, .trackRefund, .returnRequest, .cancelOrder, .changeOrder,
            .changeAddress, .getInvoice, .checkInvoice, .paymentIssue, .damaged, .notReceived, .angry:
            true
        default: false
        }
    }

    /// Whatever the records say, a person answers.
    var isForPerson: Bool {
        switch self {
        case .complaint, .person, .damaged, .notReceived, .outOfScope, .angry, .otherLanguage: true
        default: false
        }
    }

    /// Not of the 27 intents, but an article answers it.
    var isKnowledge: Bool { rawValue.hasPrefix("know_") }

    /// The orders that people ask this about.
    func suits(_ order: RetailOrder) -> Bool {
        switch self {
        case .trackOrder: order.state.isOpen || order.state == .cancelled
        case .deliveryETA: order.state.isOpen
        case .deliveredWhen, .damaged: order.state == .delivered
        case .notReceived: order.state == .delivered
        case .trackRefund: order.refund != nil
        case .returnRequest: order.state == .delivered || order.state == .shipped
        case .changeOrder, .changeAddress: order.state.isOpen || order.state == .delivered
        case .getInvoice, .checkInvoice: order.state != .cancelled
        case .paymentIssue: order.state.isOpen
        default: true
        }
    }
}
