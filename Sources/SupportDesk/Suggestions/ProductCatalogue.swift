import Foundation

/// The shop's products as the desk uses them: whatever a source answers is checked before it is believed, and none of it is
/// older than it may be. What cannot be had is not suggested.
actor ProductCatalogue {
    private let source: any ProductSource
    private let hosts: Set<String>
    /// So long an answer holds: what is in stock changes.
    private let age: Duration
    /// So long is waited for an answer.
    private let patience: Duration
    private var known: (since: ContinuousClock.Instant, products: [Product])?
    private var asking: Task<[Product], any Error>?
    private var quietUntil = ContinuousClock.now

    /// After a failure nobody is asked for so long.
    private static let pause = Duration.seconds(60)
    private static let maximumProducts = 100_000

    /// - Parameter hosts: the shop's own.
    init(_ source: any ProductSource, hosts: Set<String>, age: Duration, patience: Duration = .seconds(5)) {
        (self.source, self.hosts, self.age, self.patience) = (source, hosts, age, patience)
    }

    /// All products, in the order of their source; those whose records cannot be relied on are left out.
    /// - Throws: `DeskError` when they cannot be had.
    func products() async throws -> [Product] {
        if let known, known.since + age > .now { return known.products }
        known = nil
        if let asking { return try await asking.value }
        guard quietUntil <= .now else {
            throw DeskError(.unavailable, "the products could not be read a moment ago", isRetryable: true)
        }
        let (source, hosts, patience) = (source, hosts, patience)
        let task = Task {
            try await source.products(until: .now + patience).prefix(Self.maximumProducts)
                .compactMap { Product($0, hosts: hosts) }
        }
        asking = task
        defer { asking = nil }
        let start = ContinuousClock.now
        do {
            let products = try await task.value
            if age > .zero { known = (start, products) }
            return products
        } catch {
            if age > .zero { quietUntil = .now + Self.pause }
            throw error
        }
    }
}

/// Products in a file, JSON or CSV by the ending of its name; read again when it changes.
actor ProductFile: ProductSource {
    private let path: String
    private var known: (stamp: FileStamp, products: [RawProduct])?

    private static let maximumBytes = 64 << 20

    /// Names the file; nothing is read yet.
    init(path: String) { self.path = path }

    func products(until deadline: ContinuousClock.Instant) throws -> [RawProduct] {
        guard let stamp = FileStamp(path) else { throw unreadable("is it there?") }
        if let known, known.stamp == stamp, !stamp.isYoung { return known.products }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.maximumBytes else {
            throw unreadable("it cannot be opened, or has more than 64 MB")
        }
        var products: [RawProduct] = []
        var columns: CSVRecord.Columns?
        let isTable = path.lowercased().hasSuffix(".csv")
        var splitter: any RecordSplitter = isTable ? CSVSplitter() : JSONSplitter()
        func add(_ piece: RecordPiece) throws {
            if !isTable {
                products.append(RawProduct(.json(try JSONNode(parsing: piece.bytes))))
            } else if let columns {
                products.append(RawProduct(columns.record(piece.bytes)))
            } else {
                columns = CSVRecord.Columns(header: piece.bytes)
            }
        }
        do {
            try splitter.feed([UInt8](data)[...], add)
            try splitter.finish(add)
        } catch let fault as RecordFault {
            throw unreadable("line \(fault.line): \(fault.reason)")
        } catch let fault as JSONNode.Fault {
            throw unreadable(fault.reason)
        }
        known = (stamp, products)
        return products
    }

    private func unreadable(_ reason: String) -> DeskError {
        DeskError(.configuration, "cannot read the products in \(path): \(reason)")
    }
}
