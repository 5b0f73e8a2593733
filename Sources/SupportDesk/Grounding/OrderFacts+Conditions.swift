import Triage

/// What follows from an order's record, the day and the shop's policy.
extension OrderFacts {
    /// Not there on the day it was promised for.
    var isLate: Bool { order.state?.isOpen == true && (order.shipment?.expectedOn).map { $0 < today } ?? false }

    /// Business days since the expected day; 0 when it is not late, or only by a weekend.
    var daysLate: Int { isLate ? order.shipment?.expectedOn?.businessDays(until: today) ?? 0 : 0 }

    /// The last day of the return period, for a delivered order.
    var returnUntil: LocalDate? {
        guard order.state == .delivered, isReturnable else { return nil }
        return order.shipment?.deliveredOn?.adding(days: policy.returnDays)
    }

    /// The last day to say that a delivered parcel is missing or broken; nil when it has passed.
    var claimUntil: LocalDate? {
        guard order.state == .delivered else { return nil }
        return order.shipment?.deliveredOn.map { $0.adding(days: policy.claimDays) }.flatMap { $0 >= today ? $0 : nil }
    }

    /// The day until which an approved refund is paid.
    var refundDueOn: LocalDate? {
        guard let refund = order.refund, refund.state == "approved" else { return nil }
        let since = refund.approvedOn ?? refund.arrivedOn ?? (order.state == .cancelled ? order.cancelledOn : nil)
        return since?.adding(businessDays: policy.refundDays)
    }

    /// The day of dispatch that was promised, as long as the order has not left.
    var dispatchDueOn: LocalDate? { order.state?.isBeforeDispatch == true ? order.shipment?.dispatchDueOn : nil }

    /// Failed attempts to deliver what is still on its way.
    var attempts: Int? {
        order.state == .shipped || order.state == .outForDelivery
            ? order.shipment?.attempts.flatMap { $0 > 0 ? $0 : nil } : nil
    }

    /// Attempts after which a carrier sends a parcel back.
    private static let lastAttempt = 3

    private var isReturnable: Bool { order.items.isEmpty || order.items.contains { $0.isReturnable != false } }

    /// A payment came in and was not given back, although the order is off.
    private var refundIsMissing: Bool {
        (order.state == .cancelled || order.state == .returned) && order.payment?.state == "paid" && order.refund == nil
    }

    private var refundIsPartial: Bool {
        guard let back = order.refund?.amount.flatMap(RecordAmount.init),
            let total = order.total.flatMap(RecordAmount.init)
        else { return false }
        return total > back
    }

    /// The conditions that templates branch on.
    var conditions: [String: Bool] {
        let refund = order.refund?.state
        let payment = order.payment?.state
        let method = order.shipment?.method
        let canReturn = returnUntil.map { $0 >= today } ?? false
        return [
            "isPending": order.state == .pending, "isProcessing": order.state == .processing,
            "isShipped": order.state == .shipped, "isOutForDelivery": order.state == .outForDelivery,
            "isDelivered": order.state == .delivered, "isCancelled": order.state == .cancelled,
            "isReturned": order.state == .returned,
            "isUnderWay": order.state == .shipped || order.state == .outForDelivery,
            "isLate": isLate, "isVeryLate": daysLate > policy.lateDays,
            "isSlightlyLate": isLate && daysLate <= policy.lateDays,
            "isOverdueForDispatch": dispatchDueOn.map { $0.businessDays(until: today) > policy.lateDays } ?? false,
            "isReturningToSender": (attempts ?? 0) >= Self.lastAttempt,
            "hasTracking": order.shipment?.trackingNumber != nil, "hasSeveralParcels": order.parcels.count > 1,
            "isExpress": method == "express", "isStandard": method == "standard",
            "isInternational": method == "international",
            "hasRefund": order.refund != nil, "refundIsRequested": refund == "requested",
            "refundIsApproved": refund == "approved", "refundIsPaid": refund == "paid",
            "refundIsRejected": refund == "rejected", "refundIsMissing": refundIsMissing,
            "refundIsOverdue": refundDueOn.map { $0 < today } ?? false, "refundIsPartial": refundIsPartial,
            "hasInvoice": order.invoice != nil, "paymentFailed": payment == "failed",
            "paymentPending": payment == "pending", "paymentIsPaid": payment == "paid",
            "paymentIsCashOnDelivery": payment == "cod", "canCancel": order.state?.isBeforeDispatch == true,
            "canReturn": canReturn, "returnEnded": returnUntil != nil && !canReturn,
            "isNotReturnable": !isReturnable, "isGuest": order.customer == nil,
        ]
    }
}
