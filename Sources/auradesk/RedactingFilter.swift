import Foundation
import Redaction
import Transport

/// Reads items from a descriptor, redacts them on all cores and writes them in their order. Holds a few mebibytes.
struct RedactingFilter {
    /// Why the filter stopped.
    enum Failure: Error, CustomStringConvertible {
        case unreadable
        case notJSON(line: Int)
        case tooLong(line: Int)
        case outputClosed

        var description: String {
            switch self {
            case .unreadable: "the input cannot be read"
            case .notJSON(let line): "line \(line) is no JSON object with a text"
            case .tooLong(let line): "line \(line) is longer than 16 MiB"
            case .outputClosed: "the output was closed"
            }
        }
    }

    let redactor: Redactor
    let isJSONL: Bool
    let writesJSON: Bool

    /// What is read and redacted at once.
    private static let batchBytes = 4 << 20
    /// What one text may have: lines with JSON, blocks of lines without.
    private static let maximumItem = 16 << 20
    private static let blockBytes = 1 << 20

    /// `F_SETPIPE_SZ` of Linux's fcntl.h, which Glibc's module leaves out.
    private static let setPipeSize: Int32 = 1031
    /// How many milliseconds a slow pipe is waited upon when there is something to do.
    private static let patience: Int32 = 5

    private var line = 0
    /// Whether a line break ended the last item; a last line without one gets none.
    private var isByLine: Bool { isJSONL || writesJSON }

    init(redactor: Redactor, isJSONL: Bool, writesJSON: Bool) {
        self.redactor = redactor
        self.isJSONL = isJSONL
        self.writesJSON = writesJSON
    }

    /// Filters until the input ends.
    mutating func run(from input: Int32, to output: Int32) throws {
        // A wider pipe lets the writer go on meanwhile; where it is none, or may not grow, nothing is lost.
        _ = fcntl(input, RedactingFilter.setPipeSize, Int32(1 << 20))
        var pending: [UInt8] = []
        var atEnd = false
        while !atEnd {
            atEnd = try fill(&pending, from: input)
            let items = try cut(&pending, atEnd: atEnd)
            try write(redacted(items), to: output)
            line += items.count
        }
    }

    /// Reads until a batch is there; what a slow pipe gives at once is not waited upon.
    private func fill(_ pending: inout [UInt8], from input: Int32) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = buffer.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Failure.unreadable }
            if got == 0 { return true }
            pending += buffer[..<got]
            if pending.count >= RedactingFilter.batchBytes { return false }
            if got < buffer.count, pending.contains(0x0A) {
                var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
                if poll(&waiting, 1, RedactingFilter.patience) == 0 { return false }
            }
        }
    }

    /// Takes whole items from the front of what was read.
    private func cut(_ pending: inout [UInt8], atEnd: Bool) throws -> [ArraySlice<UInt8>] {
        var items: [ArraySlice<UInt8>] = []
        var start = 0
        while start < pending.count {
            let limit = isByLine ? RedactingFilter.maximumItem : RedactingFilter.blockBytes
            let window = pending[start..<min(start + limit, pending.count)]
            let isWhole = window.endIndex < pending.count || atEnd
            let end: Int
            if isByLine {
                if let feed = window.firstIndex(of: 0x0A) {
                    end = feed + 1
                } else if atEnd, window.endIndex == pending.count {
                    end = window.endIndex
                } else if window.count == limit {
                    throw Failure.tooLong(line: line + items.count + 1)
                } else {
                    break
                }
            } else if window.endIndex == pending.count, atEnd {
                end = window.endIndex
            } else if let feed = window.lastIndex(of: 0x0A), isWhole || items.isEmpty {
                end = feed + 1
            } else if window.count == limit {
                // A block without any line break is cut where a word ends.
                end = (window.lastIndex(of: 0x20) ?? window.lastIndex { $0 & 0xC0 != 0x80 } ?? start) + 1
            } else {
                break
            }
            items.append(pending[start..<max(end, start + 1)])
            start = max(end, start + 1)
        }
        pending.removeSubrange(..<start)
        return items
    }

    private func redacted(_ items: [ArraySlice<UInt8>]) throws -> [[UInt8]] {
        guard !items.isEmpty else { return [] }
        let width = max(1, min(ProcessInfo.processInfo.activeProcessorCount, items.count))
        let parts = width * 4
        let results = Results(count: parts)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            var written: [UInt8] = []
            for index in items.count * part / parts..<items.count * (part + 1) / parts {
                guard append(items[index], to: &written) else {
                    results.fail(at: index)
                    break
                }
            }
            results.set(written, at: part)
        }
        if let bad = results.failed { throw Failure.notJSON(line: line + bad + 1) }
        return results.parts
    }

    /// Redacts one item; false when it is no JSON object with a text.
    private func append(_ item: ArraySlice<UInt8>, to written: inout [UInt8]) -> Bool {
        var bytes = item
        if isByLine {
            if bytes.last == 0x0A { bytes.removeLast() }
            if bytes.last == 0x0D { bytes.removeLast() }
        }
        let text: String
        if isJSONL {
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return true }
            guard let read = JSONLine.text(of: bytes) else { return false }
            text = read
        } else {
            text = String(decoding: bytes, as: UTF8.self)
        }
        var vault = Vault()
        let redacted = redactor.redact(text, vault: &vault)
        if writesJSON {
            JSONLine.append(redacted, to: &written)
        } else {
            written += redacted.text.utf8
            if isByLine { written.append(0x0A) }
        }
        return true
    }

    private func write(_ parts: [[UInt8]], to output: Int32) throws {
        for part in parts {
            var sent = 0
            try part.withUnsafeBytes { raw in
                while sent < raw.count {
                    let put = Foundation.write(output, raw.baseAddress?.advanced(by: sent), raw.count - sent)
                    if put < 0, errno == EINTR { continue }
                    guard put > 0 else { throw Failure.outputClosed }
                    sent += put
                }
            }
        }
    }

    /// What the threads of a batch made.
    private final class Results: Sendable {
        private let made: LockedBox<(parts: [[UInt8]], failed: Int?)>

        init(count: Int) { made = LockedBox((Array(repeating: [], count: count), nil)) }

        var parts: [[UInt8]] { made.withLock { $0.parts } }
        var failed: Int? { made.withLock { $0.failed } }

        func set(_ part: [UInt8], at index: Int) { made.withLock { $0.parts[index] = part } }

        func fail(at item: Int) { made.withLock { $0.failed = min(item, $0.failed ?? item) } }
    }
}
