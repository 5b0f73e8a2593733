import CCurl

/// What the agent's thread needs to begin a request.
struct HTTPStart: Sendable {
    let ticket: TransferTicket
    let request: HTTPRequest
    let address: WebAddress
    let continuation: CheckedContinuation<Result<HTTPOutcome, TransportError>, Never>
}

/// A response, and where it points to if it is a redirect.
struct HTTPOutcome: Sendable {
    var response: HTTPResponse
    var redirect: String?
}

/// One request under way. Confined to the agent's thread; libcurl's callbacks run there too.
final class HTTPTransfer {
    let start: HTTPStart
    let easy: EasyHandle
    private var headers: [(name: String, value: String)] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var sent: curl_off_t = 0
    /// Set when the connection stands: the idle time counts from here, the connect time-out is libcurl's.
    private var lastActivity: ContinuousClock.Instant?
    /// Why a callback stopped the transfer.
    private var refusal: TransportError?

    init?(_ start: HTTPStart, configuration: TransferAgent.Configuration) {
        guard let easy = EasyHandle() else { return nil }
        self.start = start
        self.easy = easy
        let request = start.request
        easy.setCommonOptions(configuration, caFile: request.caFile)
        if let certificate = request.clientCertificate { easy.setClientCertificate(certificate) }
        easy.set(CURLOPT_URL, request.url)
        easy.set(CURLOPT_PROTOCOLS_STR, "https,http")
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        // HTTP/2 streams stall in libcurl 7.88.1.
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.setMilliseconds(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout)
        easy.setMilliseconds(CURLOPT_TIMEOUT_MS, request.timeout)
        easy.set(CURLOPT_MAXFILESIZE_LARGE, offset: max(1, request.maximumResponseBytes))
        easy.set(CURLOPT_USERAGENT, configuration.userAgent)
        if !(request.isRepeatable ?? !["POST", "PATCH"].contains(request.method)) {
            easy.set(CURLOPT_FRESH_CONNECT, 1)
        }
        setMethod(request)
        // libcurl would wait a second for "100 Continue", and would call every body a web form.
        var lines = ["Expect:"]
        if request.body != nil, !request.hasHeader("content-type") { lines.append("Content-Type:") }
        // "Name;" is libcurl's way to send a header without value; "Name:" would remove it.
        for (name, value) in request.headers { lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)") }
        easy.setHeaders(lines)
        setCallbacks()
    }

    private func setMethod(_ request: HTTPRequest) {
        if let body = request.body {
            easy.setBody(body)
            easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        } else if request.method == "HEAD" {
            easy.set(CURLOPT_NOBODY, 1)
        } else if request.method == "GET" {
            easy.set(CURLOPT_HTTPGET, 1)
        } else {
            easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    /// The callbacks get this object unretained: the loop keeps it until the handle has left the multi handle.
    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.onHeader(
            { data, size, count, context in
                guard let data, let context else { return 0 }
                let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
                return transfer.receiveHeader(bytes) ? size * count : 0
            }, context: context)
        easy.onData(
            { data, size, count, context in
                guard let data, let context else { return 0 }
                let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
                return transfer.receiveBody(bytes) ? size * count : 0
            }, context: context)
        easy.onProgress(
            { context, _, _, _, sent in
                guard let context else { return 1 }
                Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue().noteSent(sent)
                return 0
            }, context: context)
        easy.onConnected(
            { context, _, _, _, _ in
                guard let context else { return 1 }
                Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue().lastActivity = .now
                return 0
            }, context: context)
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastActivity = .now
        headerBytes += bytes.count
        guard headerBytes <= 256 << 10 else { return refuse("the response's header is larger than the limit") }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {  // a new answer begins: "100 Continue" came before
            headers = []
            body = []
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { !$0.isWhitespace && !$0.isNewline }
            headers.append((String(line[..<colon]), end.map { String(value[...$0]) } ?? ""))
        }
        return true
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastActivity = .now
        guard body.count + bytes.count <= start.request.maximumResponseBytes else {
            return refuse("the response is larger than the limit")
        }
        body.append(contentsOf: bytes)
        return true
    }

    private func refuse(_ message: String) -> Bool {
        refusal = TransportError(.tooLarge, message, host: start.address.label, step: start.request.method)
        return false
    }

    private func noteSent(_ bytes: curl_off_t) {
        guard bytes != sent else { return }
        sent = bytes
        lastActivity = .now
    }

    /// When the connection has been silent for too long.
    var deadline: ContinuousClock.Instant? { lastActivity.map { $0 + start.request.idleTimeout } }

    func finish(_ result: CURLcode) {
        if let refusal { return fail(refusal) }
        guard result == CURLE_OK else {
            return fail(TransportError(curl: result, host: start.address.label, step: start.request.method))
        }
        let response = HTTPResponse(status: easy.long(CURLINFO_RESPONSE_CODE), headers: headers, body: body)
        start.continuation.resume(
            returning: .success(HTTPOutcome(response: response, redirect: easy.string(CURLINFO_REDIRECT_URL))))
    }

    func fail(_ error: TransportError) { start.continuation.resume(returning: .failure(error)) }

    func error(_ code: TransportError.Code, _ message: String) -> TransportError {
        TransportError(code, message, host: start.address.label, step: start.request.method)
    }
}

extension HTTPRequest {
    /// The request that a redirect asks for (RFC 9110 section 15.4), or `nil` if it is not one or must not be followed.
    func following(_ outcome: HTTPOutcome, from address: WebAddress) -> HTTPRequest? {
        guard let location = outcome.redirect, let target = WebAddress(location) else { return nil }
        var next = self
        next.url = location
        switch outcome.response.status {
        case 303 where method != "HEAD", 301 where method == "POST", 302 where method == "POST":
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        case 301, 302, 303, 307, 308: break
        default: return nil
        }
        guard !(address.scheme == "https" && target.scheme == "http") else { return nil }
        if !target.isSameOrigin(as: address) {
            // Any header may hold a key, and a body somebody's data: neither is for another host.
            guard next.body == nil else { return nil }
            next.clientCertificate = nil
            next.headers.removeAll { !$0.name.lowercased().hasPrefix("accept") }
        }
        // A location that we would not ask for ourselves (another scheme, credentials) is not followed either.
        return (try? next.validated()) == nil ? nil : next
    }
}
