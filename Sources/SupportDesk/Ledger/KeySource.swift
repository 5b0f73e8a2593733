import Crypto
import Foundation

/// Where a desk's ledger is, and its master key: in a file of the state folder, or what `key` in `desk.yaml` names.
public struct KeySource: Sendable {
    /// The folder of the ledger.
    public let state: String
    /// Where the ledger is, when it is not in that folder.
    public var store = LedgerStore.file
    private let secret: String?
    private let former: String?

    /// The bytes of a key file.
    private static let keyBytes = 32
    /// A secret that can be guessed protects nothing: `openssl rand -base64 32` makes 44 characters.
    static let leastCharacters = 32

    /// - Parameters:
    ///   - secret: the key from the configuration; nil: the key file.
    ///   - former: the key that was configured before, until the ledger is rotated to the new one.
    public init(state: String, secret: String? = nil, former: String? = nil) {
        self.state = state
        self.secret = secret
        self.former = former
    }

    /// Where the key file is, or would be.
    public var file: String { "\(state)/key" }
    /// A key file that a rotation has made and not yet put in the place of the old one.
    private var successor: String { "\(state)/key.new" }
    /// Whether the configuration names the key.
    var isConfigured: Bool { secret != nil }

    /// The keys that may open the ledger; the first one is the one that it shall be opened with in future.
    /// - Throws: `DeskError` with code `configuration` when there is none, or one cannot be used.
    func masters() throws -> [MasterKey] {
        var masters: [MasterKey] = []
        if let secret { masters.append(MasterKey(secret: Array(secret.utf8), name: "the key that desk.yaml names")) }
        if let former {
            masters.append(MasterKey(secret: Array(former.utf8), name: "the old_key that desk.yaml names"))
        }
        // Read the successor first: a rotation may be putting it in place just now.
        let next = Self.exists(successor) ? try? Self.master(file: successor) : nil
        if Self.exists(file) || secret == nil && former == nil { masters.append(try Self.master(file: file)) }
        if let next { masters.append(next) }
        return masters
    }

    /// Makes a key file that only its owner can read, where the key is to be in a file and none is there.
    /// - Returns: whether one was made.
    @discardableResult
    public func prepare() throws -> Bool {
        if isConfigured || Self.exists(file) { return false }
        try DurableFile.makeFolder(state)
        try Self.make(file)
        return true
    }

    /// The key that a rotation shall end with: the configured one, or a new key file beside the old one.
    func prepareSuccessor() throws -> MasterKey {
        if let first = try masters().first, isConfigured { return first }
        if !Self.exists(successor) { try Self.make(successor) }
        return try Self.master(file: successor)
    }

    /// Puts the new key file in the place of the old one, once the ledger knows it; again after a crash in between.
    func install(_ master: MasterKey) throws {
        guard !isConfigured, Self.exists(successor),
            (try? Self.master(file: successor))?.fingerprint == master.fingerprint
        else { return }
        guard rename(successor, file) == 0 || errno == ENOENT else {
            throw DeskError(.unavailable, "cannot rename \(successor): \(String(cString: strerror(errno)))")
        }
        try DurableFile.syncFolder(of: file)
    }

    /// Only where no file is at all is a key made: a new one in place of one that cannot be read just now would lose
    /// everything that was sealed.
    private static func exists(_ path: String) -> Bool {
        var entry = stat()
        return lstat(path, &entry) == 0
    }

    private static func make(_ path: String) throws {
        try DurableFile.write(SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }, to: path, mode: 0o600)
    }

    private static func master(file path: String) throws -> MasterKey {
        var status = stat()
        guard stat(path, &status) == 0, let bytes = FileManager.default.contents(atPath: path) else {
            throw DeskError(.configuration, "cannot read the key file \(path)")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw DeskError(.configuration, "\(path) can be read by others: chmod 600 \(path)")
        }
        guard bytes.count == keyBytes else {
            throw DeskError(.configuration, "\(path) is not a key of \(keyBytes) bytes")
        }
        return MasterKey(secret: [UInt8](bytes), name: "the key file \(path)")
    }
}
