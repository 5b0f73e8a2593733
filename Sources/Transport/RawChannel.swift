import CCurl

/// The agent's side of one raw connection. Confined to the agent's thread.
final class RawChannel {
    let easy: EasyHandle
    let stream: RawStream
    let ticket: TransferTicket
    private let options: RawOptions
    /// Present until the connection stands.
    private var opening: CheckedContinuation<Result<RawOpened, TransportError>, Never>?
    private var greeting: [String] = []
    private var greetingBytes = 0
    private var outgoing: [OutgoingBytes] = []
    private var lastActivity = ContinuousClock.now
    private var isAtEnd = false
    private(set) var socket: curl_socket_t?
    /// Something may be there to read or write. libcurl's TLS layer may hold bytes that `poll` does not see, so a channel is
    /// always drained to `CURLE_AGAIN` before the next wait.
    var needsAttention = false

    init?(_ start: RawStart, configuration: TransferAgent.Configuration) {
        guard let easy = EasyHandle() else { return nil }
        self.easy = easy
        options = start.options
        ticket = start.ticket
        opening = start.continuation
        stream = RawStream(label: start.options.label)
        easy.setCommonOptions(configuration, caFile: options.caFile)
        if let certificate = options.clientCertificate { easy.setClientCertificate(certificate) }
        easy.set(CURLOPT_URL, options.url)
        easy.set(CURLOPT_PROTOCOLS_STR, options.scheme)
        easy.set(CURLOPT_CONNECT_ONLY, 1)
        if let path = options.socketPath { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if options.requiresStartTLS { easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        easy.setMilliseconds(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout)
        // Connecting and logging in; what comes after is timed by us.
        easy.setMilliseconds(CURLOPT_TIMEOUT_MS, options.connectTimeout + options.responseTimeout)
        easy.set(CURLOPT_SASL_IR, 1)
        switch options.credentials {
        // Nobody, or somebody who has no token yet.
        case .none, .oauth: break
        case .password(let user, let password):
            easy.set(CURLOPT_USERNAME, user)
            easy.set(CURLOPT_PASSWORD, password)
        case .bearer(let user, let token):
            easy.set(CURLOPT_USERNAME, user)
            easy.set(CURLOPT_XOAUTH2_BEARER, token)
        }
        easy.onHeader(
            { data, size, count, context in
                guard let data, let context else { return 0 }
                let channel = Unmanaged<RawChannel>.fromOpaque(context).takeUnretainedValue()
                channel.hear(UnsafeRawBufferPointer(start: data, count: size * count))
                return size * count
            }, context: Unmanaged.passUnretained(self).toOpaque())
    }

    private func hear(_ line: UnsafeRawBufferPointer) {
        greetingBytes += line.count
        guard greetingBytes <= 64 << 10 else { return }
        greeting.append(String(decoding: line.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self))
    }

    /// libcurl is done: connected and logged in, or not. Returns whether the channel lives on.
    func opened(_ result: CURLcode) -> Bool {
        guard result == CURLE_OK else {
            failOpening(LoginRefusal.error(result, greeting: greeting, label: options.label))
            return false
        }
        guard let socket = easy.socket else {
            failOpening(TransportError(.closed, "the connection broke", host: options.label, step: "connect"))
            return false
        }
        self.socket = socket
        lastActivity = .now
        needsAttention = true
        opening?.resume(returning: .success(RawOpened(stream: stream, greeting: greeting)))
        opening = nil
        return true
    }

    func failOpening(_ error: TransportError) {
        opening?.resume(returning: .failure(error))
        opening = nil
    }

    func enqueue(_ bytes: OutgoingBytes) {
        if outgoing.isEmpty { lastActivity = .now }
        outgoing.append(bytes)
        needsAttention = true
    }

    /// Writes what can be written and reads what can be read.
    func exchange(_ scratch: UnsafeMutableRawBufferPointer) {
        needsAttention = false
        var failure = write()
        // The other connections want their turn.
        if !read(scratch) { needsAttention = true }
        if failure == nil, !outgoing.isEmpty {
            failure = write()
            // Between reading and writing the server may have said its last word.
            if failure != nil { _ = read(scratch) }
        }
        if let failure { fail(failure) }
    }

    /// Reads what has arrived; whether that was all.
    private func read(_ scratch: UnsafeMutableRawBufferPointer) -> Bool {
        var rounds = 0
        while wantsToRead {
            rounds += 1
            if rounds > 64 { return false }
            var count = 0
            let result = curl_easy_recv(easy.raw, scratch.baseAddress, scratch.count, &count)
            if result == CURLE_AGAIN { break }
            lastActivity = .now
            if result != CURLE_OK {
                isAtEnd = true
                stream.fail(TransportError(curl: result, host: stream.label, step: "receive"))
            } else if count == 0 {
                isAtEnd = true
                stream.end()
            } else {
                stream.deliver(UnsafeRawBufferPointer(start: scratch.baseAddress, count: count))
            }
        }
        return true
    }

    /// A blocked write may wait for us to read: then a full stream is read on, up to a hard end.
    private var wantsToRead: Bool {
        guard !isAtEnd, stream.failure == nil else { return false }
        return stream.waitingBytes < (outgoing.isEmpty ? RawStream.highWater : 16 * RawStream.highWater)
    }

    /// Writes what the system takes. An error is returned and not yet told to anybody: what the server said before comes first.
    private func write() -> TransportError? {
        while let first = outgoing.first {
            if first.remaining == 0 {
                outgoing.removeFirst()
                first.finish(.success(()))
                continue
            }
            var count = 0
            let next = first.next
            let result = curl_easy_send(easy.raw, next.baseAddress, next.count, &count)
            if result == CURLE_AGAIN { return nil }
            guard result == CURLE_OK else {
                return TransportError(curl: result, host: stream.label, step: "send")
            }
            lastActivity = .now
            first.accept(count)
        }
        return nil
    }

    /// What to wait for on the socket, or `nil`.
    var interest: curl_waitfd? {
        guard let socket else { return nil }
        var events: Int32 = 0
        if wantsToRead { events |= CURL_WAIT_POLLIN }
        if !outgoing.isEmpty { events |= CURL_WAIT_POLLOUT }
        return events == 0 ? nil : curl_waitfd(fd: socket, events: Int16(events), revents: 0)
    }

    /// When the server will have been silent for too long, if anybody waits for it.
    var deadline: ContinuousClock.Instant? {
        guard socket != nil else { return nil }
        if !outgoing.isEmpty { return lastActivity + options.responseTimeout }
        if let patience = stream.patience { return patience }
        return stream.waitingSince.map { max($0, lastActivity) + options.responseTimeout }
    }

    /// Fails everything that waits. The handle is still in the multi handle.
    func fail(_ error: TransportError) {
        failOpening(error)
        stream.fail(error)
        let unsent = outgoing
        outgoing = []
        for bytes in unsent { bytes.finish(.failure(stream.failure ?? error)) }
    }
}
