import Crypto
import Foundation

/// A ledger's own keys, unwrapped: they seal what must keep the original, and make the digests by which the ledger
/// recognises a person or a Message-ID without holding either.
///
/// The digest key is the same for the life of a ledger, so that whoever was known stays known. Data keys come and go
/// with rotations; each sealed value says which one it was sealed with.
public struct Seal: Sendable {
    private let digestKey: SymmetricKey
    private let dataKeys: [UInt32: SymmetricKey]
    /// The number of the key that new values are sealed with.
    let newest: UInt32
    /// The conversation that what it seals and opens belongs to; nil: none.
    let conversation: ConversationKey?

    init(digestKey: SymmetricKey, dataKeys: [UInt32: SymmetricKey], conversation: ConversationKey? = nil) {
        self.digestKey = digestKey
        self.dataKeys = dataKeys
        self.conversation = conversation
        newest = dataKeys.keys.max() ?? 0
    }

    /// The same keys, for the values of one conversation: what they seal opens only while that conversation's own key is
    /// there as well.
    func bound(to conversation: ConversationKey) -> Seal {
        Seal(digestKey: digestKey, dataKeys: dataKeys, conversation: conversation)
    }

    /// These keys, and those of before to open with.
    func keeping(_ earlier: Seal) -> Seal {
        Seal(digestKey: digestKey, dataKeys: earlier.dataKeys.merging(dataKeys) { _, new in new })
    }

    /// A value was sealed with a key that is not among these.
    struct UnknownKey: Error {}

    /// Encrypts and authenticates (AES-256-GCM, RFC 5116, a fresh nonce each time). The key's number travels in front, and
    /// behind it that of the conversation, where there is one.
    /// - Parameter purpose: what the value is and to which row it belongs; nowhere else does it open again.
    func seal(_ bytes: [UInt8], as purpose: String) throws -> [UInt8] {
        guard let key = key(newest, conversation),
            let combined = try AES.GCM.seal(bytes, using: key, authenticating: Data(purpose.utf8)).combined
        else { throw DeskError(.ledger, "cannot seal: there is no key, or the cipher gave no result") }
        guard let conversation else { return Self.prefix(newest) + combined }
        return Self.prefix(newest | Self.boundMark) + conversation.number + combined
    }

    /// The key of a value: a conversation's is derived of both keys (RFC 5869), so that neither opens it alone.
    private func key(_ number: UInt32, _ conversation: ConversationKey?) -> SymmetricKey? {
        guard let conversation else { return dataKeys[number] }
        return dataKeys[number].map {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: $0, salt: conversation.secret, info: Data("auradesk conversation 1".utf8),
                outputByteCount: 32)
        }
    }

    /// Opens what `seal` made.
    /// - Throws: `UnknownKey`; `DeskError` of the code `data` when the bytes were altered or belong elsewhere: that concerns this
    ///   value, and not the ledger.
    func open(_ sealed: [UInt8], as purpose: String) throws -> [UInt8] {
        guard sealed.count > Self.prefixBytes else {
            throw DeskError(.data, "cannot open a sealed record: it was cut")
        }
        let number = sealed.prefix(Self.prefixBytes).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let owner = Self.conversation(of: sealed)
        guard owner == nil || owner == conversation?.conversation else {
            throw DeskError(.data, "cannot open a sealed record: its conversation's key is gone")
        }
        guard let key = key(number & ~Self.boundMark, owner == nil ? nil : conversation) else { throw UnknownKey() }
        do {
            let header = Self.prefixBytes + (owner == nil ? 0 : ConversationKey.numberBytes)
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(header))
            return [UInt8](try AES.GCM.open(box, using: key, authenticating: Data(purpose.utf8)))
        } catch {
            throw DeskError(.data, "cannot open a sealed record: it was altered, or belongs elsewhere")
        }
    }

    /// The conversation that a sealed value belongs to; nil: none.
    static func conversation(of sealed: [UInt8]) -> Int64? {
        guard sealed.count > prefixBytes + ConversationKey.numberBytes, sealed[0] & 0x80 != 0 else { return nil }
        return sealed.dropFirst(prefixBytes).prefix(ConversationKey.numberBytes).reduce(Int64(0)) {
            $0 << 8 | Int64($1)
        }
    }

    /// Tells in a key's number that the value is a conversation's.
    private static let boundMark: UInt32 = 0x8000_0000

    /// How all values begin that were sealed with the newest key: those of no conversation, those of any.
    var prefixes: [SQLValue] { Self.prefixes(of: newest).map(SQLValue.blob) }

    /// How values begin that were sealed with a key.
    static func prefixes(of key: UInt32) -> [[UInt8]] { [key, key | boundMark].map(prefix) }

    /// How a value begins that was sealed with a key.
    static func prefix(_ key: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * $0)) } }

    /// The length of the key's number in front of a value.
    static let prefixBytes = 4

    /// A keyed digest (HMAC-SHA-256, first 16 bytes) of a text under a purpose, so that equal texts of two purposes differ.
    public func digest(_ text: String, for purpose: String) -> [UInt8] {
        var authentication = HMAC<SHA256>(key: digestKey)
        authentication.update(data: Data(purpose.utf8))
        authentication.update(data: [0])
        authentication.update(data: Data(text.utf8))
        return Array(authentication.finalize().prefix(16))
    }

    /// The plain SHA-256 of bytes, in hexadecimal.
    static func fingerprint(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }
}

extension UInt64 {
    /// The first eight bytes of a digest; nil for what is shorter.
    init?(digest: some Collection<UInt8>) {
        guard digest.count >= 8 else { return nil }
        self = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
