import Crypto
import Foundation

/// The desk's own key: seals what must keep the original, and makes the digests by which the ledger recognises
/// a person or a Message-ID without holding either.
public struct Seal: Sendable {
    private let sealingKey: SymmetricKey
    private let digestKey: SymmetricKey

    /// The number of bytes of the key file.
    static let keyBytes = 32

    /// Derives both keys from one secret (RFC 5869, HKDF with SHA-256).
    init(secret: [UInt8]) {
        let input = SymmetricKey(data: secret)
        func derive(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: input, info: Data(purpose.utf8), outputByteCount: 32)
        }
        sealingKey = derive("auradesk sealing 1")
        digestKey = derive("auradesk digest 1")
    }

    /// Reads the key file, or makes one that only its owner can read.
    /// - Throws: `DeskError` naming the file when it is unreadable, of another size, or readable by others.
    public init(keyFile path: String) throws {
        var entry = stat()
        // Only where no file is at all is a key made: a new one in place of one that cannot be read just now would lose
        // everything that was sealed.
        if lstat(path, &entry) == 0 {
            var status = stat()
            guard stat(path, &status) == 0, let existing = FileManager.default.contents(atPath: path) else {
                throw DeskError(.configuration, "cannot read the key file \(path)")
            }
            guard status.st_mode & 0o077 == 0 else {
                throw DeskError(.configuration, "\(path) can be read by others: chmod 600 \(path)")
            }
            guard existing.count == Self.keyBytes else {
                throw DeskError(.configuration, "\(path) is not a key of \(Self.keyBytes) bytes")
            }
            self.init(secret: [UInt8](existing))
            return
        }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        try DurableFile.write(secret, to: path, mode: 0o600)
        self.init(secret: secret)
    }

    /// Encrypts and authenticates (AES-256-GCM, a fresh nonce each time, RFC 5116); nonce and tag travel in front and behind.
    public func seal(_ bytes: [UInt8]) throws -> [UInt8] {
        guard let combined = try AES.GCM.seal(bytes, using: sealingKey).combined else {
            throw DeskError(.ledger, "cannot seal: the cipher gave no result")
        }
        return [UInt8](combined)
    }

    /// Opens what `seal` made.
    /// - Throws: `DeskError` when the bytes were altered or belong to another key.
    public func open(_ sealed: [UInt8]) throws -> [UInt8] {
        do {
            return [UInt8](try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: sealingKey))
        } catch {
            throw DeskError(.ledger, "cannot open a sealed record: it was altered, or the key file is another one")
        }
    }

    /// A keyed digest (HMAC-SHA-256, first 16 bytes) of a text under a purpose, so that equal texts of two purposes differ.
    public func digest(_ text: String, for purpose: String) -> [UInt8] {
        var authentication = HMAC<SHA256>(key: digestKey)
        authentication.update(data: Data(purpose.utf8))
        authentication.update(data: [0])
        authentication.update(data: Data(text.utf8))
        return Array(authentication.finalize().prefix(16))
    }

    /// The plain SHA-256 of bytes, in hexadecimal.
    static func fingerprint(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
