/// What the desk knows about somebody whose mail is redacted: the sender, the customer of the record, others in the thread.
public struct KnownPerson: Sendable, Hashable {
    /// Names as written: "Priya Sharma", "प्रिया शर्मा".
    public var names: [String]
    /// E-mail addresses.
    public var addresses: [String]
    /// Phone numbers, written in any way.
    public var phones: [String]
    /// Postal addresses, each as its lines: street first, then town, state, postcode, in any grouping.
    public var postalAddresses: [[String]]

    /// Somebody of whom any part may be unknown.
    public init(
        names: [String] = [], addresses: [String] = [], phones: [String] = [], postalAddresses: [[String]] = []
    ) {
        self.names = names
        self.addresses = addresses
        self.phones = phones
        self.postalAddresses = postalAddresses
    }
}
