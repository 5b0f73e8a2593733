import Crypto

@testable import SupportDesk

extension MasterKey {
    /// A key of a test.
    static func test(_ byte: UInt8 = 7) -> MasterKey {
        MasterKey(secret: Array(repeating: byte, count: 32), name: "the test's key \(byte)")
    }
}

extension Seal {
    /// The keys of a ledger that was begun with a test's key; the data key is the same each time.
    static func test(_ byte: UInt8 = 7) -> Seal {
        Seal(
            digestKey: MasterKey.test(byte).firstDigestKey,
            dataKeys: [1: SymmetricKey(data: Array(repeating: byte, count: 32))])
    }
}

extension Ledger {
    /// A ledger of a test on the engine that it runs on: a new one, or the one that belongs to a path.
    static func test(path: String? = nil, key: UInt8 = 7) async throws -> Ledger {
        try await Ledger(database: LedgerEngine.current.database(path: path)) { [.test(key)] }
    }

    /// What one process would have in hand of it.
    func lease(_ duration: Duration = Lease.usualDuration) throws -> Lease {
        Lease(ledger: self, duration: duration, folder: try Self.presences.get().path)
    }

    /// The names in it are unique, whatever the ledger.
    private static let presences = Result { try ScratchFolder() }
}
