import Crypto
import Foundation

/// The one secret of a desk that lies outside its ledger. It wraps the ledger's own keys, and nothing else.
public struct MasterKey: Sendable {
    /// Where it comes from, for people: `the key file /srv/desk/state/key`.
    public let name: String
    /// Tells two keys apart and says nothing about either.
    let fingerprint: [UInt8]
    private let wrappingKey: SymmetricKey
    /// The digest key of a ledger that is begun with this key: the same key gives the same names to the same things.
    let firstDigestKey: SymmetricKey

    /// Derives what is needed from the secret (RFC 5869, HKDF with SHA-256).
    init(secret: [UInt8], name: String) {
        self.name = name
        let input = SymmetricKey(data: secret)
        func derive(_ purpose: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: input, info: Data(purpose.utf8), outputByteCount: count)
        }
        wrappingKey = derive("auradesk wrapping 1", 32)
        firstDigestKey = derive("auradesk digest 1", 32)
        fingerprint = derive("auradesk fingerprint 1", 8).bytes
    }

    /// Encrypts a key of the ledger (AES-256-GCM); opens again for the same purpose only.
    func wrap(_ key: SymmetricKey, as purpose: String) throws -> [UInt8] {
        guard
            let combined = try AES.GCM.seal(key.bytes, using: wrappingKey, authenticating: Data(purpose.utf8)).combined
        else { throw DeskError(.ledger, "cannot wrap a key: the cipher gave no result") }
        return [UInt8](combined)
    }

    /// - Throws: `DeskError` when the bytes were altered or wrapped by another key.
    func unwrap(_ wrapped: [UInt8], as purpose: String) throws -> SymmetricKey {
        do {
            let box = try AES.GCM.SealedBox(combined: wrapped)
            return SymmetricKey(data: try AES.GCM.open(box, using: wrappingKey, authenticating: Data(purpose.utf8)))
        } catch {
            throw DeskError(.ledger, "a key in the ledger was altered")
        }
    }
}

extension SymmetricKey {
    fileprivate var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
