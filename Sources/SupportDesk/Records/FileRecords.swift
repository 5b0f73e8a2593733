import Foundation

/// Records in two files, JSON or CSV by the ending of their names. Their look-up tables are made when first needed and again
/// when a file has changed; the records themselves stay in the files.
package actor FileRecords: RecordStore {
    package nonisolated let name: String

    private let customersPath: String
    private let ordersPath: String
    private let days: RecordDays
    private var customers: RecordFile?
    private var orders: RecordFile?
    /// A file that could not be read: it is not read again before it has changed.
    private var broken: [String: (stamp: FileStamp, error: DeskError)] = [:]

    /// Names the files; nothing is read yet.
    /// - Parameter timeZone: whose day an instant in a record is.
    package init(customers: String, orders: String, timeZone: TimeZone = .gmt) {
        name = "\(customers), \(orders)"
        customersPath = customers
        ordersPath = orders
        days = RecordDays(shop: timeZone)
    }

    package func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) throws -> RecordAnswer {
        switch lookup {
        case .customerByAddress(let address):
            return RecordAnswer(customers: try findCustomers(RecordText.key(address), .address))
        case .customerByID(let id): return RecordAnswer(customers: try findCustomers(Array(id.utf8), .name))
        case .orderByNumber(let number): return try answer(findOrders(RecordText.numberKey(number), .name))
        case .ordersByAddress(let address): return try answer(findOrders(RecordText.key(address), .address))
        case .ordersOfCustomer(let customer): return try answer(findOrders(Array(customer.utf8), .owner))
        }
    }

    /// How many customers and orders there are.
    package func counts() throws -> (customers: Int, orders: Int) {
        (try customersFile().count, try ordersFile().count)
    }

    private func findCustomers(_ key: [UInt8], _ table: RecordFile.Table) throws -> [Customer] {
        try current({ try customersFile() }) { file in
            try file.records(key, in: table).compactMap { record in
                RawCustomer(record).customer(days)
            }
        }
    }

    private func findOrders(_ key: [UInt8], _ table: RecordFile.Table) throws -> [RawOrder] {
        try current({ try ordersFile() }) { file in
            func orders(_ number: [UInt8]) throws -> [RawOrder] {
                let found = try file.records(number, in: .name).map { RawOrder($0) }
                // In a table an order is as many rows as it has lines.
                return file.isTable && !found.isEmpty ? [found.joined] : found
            }
            if table == .name { return try orders(key) }
            // With all that stands under the same numbers: what is asked for may be only a part of it.
            let numbers = try file.records(key, in: table).compactMap { RawOrder($0).texts[.number] }
            return try Set(numbers.map(RecordText.numberKey)).flatMap(orders)
        }
    }

    private func answer(_ raw: [RawOrder]) -> RecordAnswer {
        RecordAnswer(customers: raw.compactMap(\.guest), orders: raw.compactMap { $0.order(days) })
    }

    /// Reads through a file, once more when it changed meanwhile.
    private func current<Value>(_ file: () throws -> RecordFile, _ body: (RecordFile) throws -> Value) throws -> Value {
        do {
            return try body(try file())
        } catch is RecordFile.Changed {
            (customers, orders) = (nil, nil)
        }
        do {
            return try body(try file())
        } catch is RecordFile.Changed {
            throw DeskError(.unavailable, "\(name): a file changes while it is read", isRetryable: true)
        }
    }

    private func customersFile() throws -> RecordFile {
        let file = try load(customersPath, customers) { .init(customer: $0) }
        customers = file
        return file
    }

    private func ordersFile() throws -> RecordFile {
        let file = try load(ordersPath, orders) { .init(order: $0) }
        orders = file
        return file
    }

    private func load(
        _ path: String, _ present: RecordFile?, _ keys: (RecordFile.Record) -> RecordFile.Keys
    ) throws -> RecordFile {
        guard let stamp = FileStamp(path) else {
            throw DeskError(.configuration, "cannot read the records in \(path)")
        }
        if let present, present.stamp == stamp, !present.stamp.isYoung { return present }
        if let broken = broken[path], broken.stamp == stamp, !stamp.isYoung { throw broken.error }
        do {
            let file = try RecordFile(path, stamp, keys)
            broken[path] = nil
            return file
        } catch let error as DeskError {
            broken[path] = (stamp, error)
            throw error
        }
    }
}

/// By what a file's change is noticed.
struct FileStamp: Equatable {
    private let node: UInt64
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int
    /// Whether the file was changed so shortly before that a further change could have the same time: the clock of a file
    /// system ticks every few milliseconds.
    let isYoung: Bool

    /// nil when there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        node = UInt64(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        let changed = Double(seconds) + Double(nanoseconds) / 1e9
        isYoung = abs(Date().timeIntervalSince1970 - changed) < 0.05
    }

    static func == (left: FileStamp, right: FileStamp) -> Bool {
        left.node == right.node && left.size == right.size && left.seconds == right.seconds
            && left.nanoseconds == right.nanoseconds
    }
}
