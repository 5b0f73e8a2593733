import CCurl
import Foundation

/// What the agent's thread and the reader of one raw connection share: bytes that have arrived and nobody has taken yet.
final class RawStream: Sendable {
    /// The reader is too slow beyond this: the socket is left unread, and TCP slows the server down.
    static let highWater = 1 << 20

    /// Gets `nil` when nothing came for as long as the reader wanted to wait.
    typealias Reader = CheckedContinuation<Result<[UInt8]?, TransportError>, Never>

    private struct State {
        var arrived: [UInt8] = []
        var isAtEnd = false
        var failure: TransportError?
        var reader: Reader?
        var waitingSince: ContinuousClock.Instant?
        var patience: ContinuousClock.Instant?

        mutating func takeReader() -> Reader? {
            defer {
                reader = nil
                waitingSince = nil
                patience = nil
            }
            return reader
        }
    }

    let label: String
    private let state = LockedBox(State())

    init(label: String) { self.label = label }

    // The reader's side.

    enum Taken {
        /// These bytes; whether they had filled the stream, so that the agent had stopped reading.
        case bytes([UInt8], wasFull: Bool)
        /// The reader will get what comes.
        case waiting
        case failure(TransportError)
    }

    /// Takes everything that has arrived; if there is nothing yet, `reader` will get it. No bytes at all is the end.
    ///
    /// - Parameter patience: until when silence is no fault; `nil`: the server owes an answer.
    func take(_ reader: Reader, patience: ContinuousClock.Instant?) -> Taken {
        state.withLock { state in
            if !state.arrived.isEmpty {
                let bytes = state.arrived
                state.arrived = []
                return .bytes(bytes, wasFull: bytes.count >= Self.highWater)
            }
            if let failure = state.failure { return .failure(failure) }
            if state.isAtEnd { return .bytes([], wasFull: false) }
            state.reader = reader
            state.waitingSince = .now
            state.patience = patience
            return .waiting
        }
    }

    /// The connection broke. The first reason stays. What had arrived is handed out before it: it may be the server's verdict
    /// on a mail.
    func fail(_ error: TransportError) { end(with: error, dropsArrived: false) }

    /// Nobody wants to hear the server any more: every later call fails, whatever had arrived. The first reason stays.
    func abandon(_ error: TransportError) { end(with: error, dropsArrived: true) }

    private func end(with error: TransportError, dropsArrived: Bool) {
        let reader = state.withLock { state in
            if state.failure == nil { state.failure = error }
            if dropsArrived { state.arrived = [] }
            return state.takeReader()
        }
        reader?.resume(returning: .failure(error))
    }

    // The agent's side.

    /// How many bytes wait for the reader.
    var waitingBytes: Int { state.withLock { $0.arrived.count } }

    var failure: TransportError? { state.withLock { $0.failure } }

    /// Since when the reader has been waiting, if it is.
    var waitingSince: ContinuousClock.Instant? { state.withLock { $0.waitingSince } }

    /// Until when the reader does not mind silence, if it is waiting so.
    var patience: ContinuousClock.Instant? { state.withLock { $0.patience } }

    /// Lets a reader go that has waited for as long as it wanted to.
    func endPatience(_ now: ContinuousClock.Instant) {
        let reader = state.withLock { state -> Reader? in
            guard let patience = state.patience, patience <= now else { return nil }
            return state.takeReader()
        }
        reader?.resume(returning: .success(nil))
    }

    func deliver(_ bytes: UnsafeRawBufferPointer) {
        let (reader, all): (Reader?, [UInt8]) = state.withLock { state in
            state.arrived.append(contentsOf: bytes)
            guard state.reader != nil else { return (nil, []) }
            let all = state.arrived
            state.arrived = []
            return (state.takeReader(), all)
        }
        reader?.resume(returning: .success(all))
    }

    func end() {
        let reader = state.withLock { state in
            state.isAtEnd = true
            return state.takeReader()
        }
        reader?.resume(returning: .success([]))
    }
}

/// Bytes on their way out, at an address that does not change: after `CURLE_AGAIN` OpenSSL insists on the same pointer
/// and length ("bad write retry").
///
/// `@unchecked`: made by the caller, then touched by the agent's thread only (or by whoever fails it in its place).
final class OutgoingBytes: @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer
    private var offset = 0
    private let decision: Int?
    private let continuation: CheckedContinuation<Result<Void, TransportError>, Never>

    /// - Parameter decision: how many bytes carry a message with its final dot. Whether a failure came before or behind the dot is
    ///   then known; see ``next``.
    init(
        _ source: [UInt8], decision: Int? = nil,
        _ continuation: CheckedContinuation<Result<Void, TransportError>, Never>
    ) {
        self.decision = decision
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, source.count), alignment: 16)
        source.withUnsafeBytes { bytes.copyMemory(from: $0) }
        self.bytes = bytes
        remaining = source.count
        self.continuation = continuation
    }

    deinit { bytes.deallocate() }

    private(set) var remaining: Int

    /// The largest TLS record (RFC 8446 section 5.1).
    private static let record = 16 << 10

    /// At most 64 KiB, so that progress is seen, and the same until it is accepted.
    ///
    /// Of a piece that fits one TLS record the other side can read all or nothing, so a failure means nothing; of a larger piece it may
    /// have read the beginning. Therefore the last record goes by itself, with the dot and what stands behind it: one packet, for which
    /// a server answers twice as fast as for two. Should more stand behind the dot than fits a record, the dot ends its piece.
    var next: UnsafeRawBufferPointer {
        var end = offset + min(remaining, 64 << 10)
        if let decision {
            let last = bytes.count - Self.record
            if offset < last { end = min(end, last) }
            if offset < decision, end - offset > Self.record || bytes.count - decision > Self.record {
                end = min(end, decision)
            }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }

    func accept(_ count: Int) {
        offset += count
        remaining -= count
    }

    /// Exactly once.
    func finish(_ result: Result<Void, TransportError>) {
        let isDecided = decision.map { offset >= $0 } ?? false
        continuation.resume(returning: isDecided ? result.mapError { $0.afterFinalDot() } : result)
    }
}
