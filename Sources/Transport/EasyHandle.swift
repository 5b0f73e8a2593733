import CCurl

/// Owns one `CURL *` and what its options point to. Confined to the agent's thread, hence not `Sendable`.
final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl did not take. Looked at once, before the transfer starts.
    private(set) var firstFailure: CURLcode?

    init?() {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headerList)
    }

    func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(raw, option, value)) }

    func set(_ option: CURLoption, offset value: Int) { note(ccurl_set_offset(raw, option, curl_off_t(value))) }

    func set(_ option: CURLoption, _ value: String) { note(ccurl_set_string(raw, option, value)) }

    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) { note(ccurl_set_pointer(raw, option, pointer)) }

    func setMilliseconds(_ option: CURLoption, _ duration: Duration) {
        set(option, max(1, duration.milliseconds))
    }

    func setHeaders(_ lines: [String]) {
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else { return note(CURLE_OUT_OF_MEMORY) }
            headerList = list
        }
        note(ccurl_set_headers(raw, headerList))
    }

    /// Copies the body into the handle.
    func setBody(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: bytes.count)
        // An empty array has no address to give; libcurl wants one, and reads nothing from it.
        let body = bytes.isEmpty ? [0] : bytes
        body.withUnsafeBytes { note(ccurl_set_body(raw, $0.baseAddress)) }
    }

    func onHeader(_ function: CCurlDataCallback, context: UnsafeMutableRawPointer) {
        note(ccurl_set_header_function(raw, function))
        set(CURLOPT_HEADERDATA, pointer: context)
    }

    func onData(_ function: CCurlDataCallback, context: UnsafeMutableRawPointer) {
        note(ccurl_set_write_function(raw, function))
        set(CURLOPT_WRITEDATA, pointer: context)
    }

    func onProgress(_ function: CCurlProgressCallback, context: UnsafeMutableRawPointer) {
        note(ccurl_set_progress_function(raw, function))
        set(CURLOPT_XFERINFODATA, pointer: context)
        set(CURLOPT_NOPROGRESS, 0)
    }

    func onConnected(_ function: CCurlBeforeRequestCallback, context: UnsafeMutableRawPointer) {
        note(ccurl_set_before_request_function(raw, function))
        set(CURLOPT_PREREQDATA, pointer: context)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(raw, info, &value) == CURLE_OK ? value : 0
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard ccurl_get_string(raw, info, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    var socket: curl_socket_t? {
        var value: curl_socket_t = -1
        guard ccurl_get_socket(raw, &value) == CURLE_OK, value >= 0 else { return nil }
        return value
    }

    /// What every handle of this agent has in common: no signals, no environment, verified TLS.
    func setCommonOptions(_ configuration: TransferAgent.Configuration, caFile: String?) {
        set(CURLOPT_NOSIGNAL, 1)
        // Else cancelling waits for a resolver thread that may hang for seconds in getaddrinfo.
        set(CURLOPT_QUICK_EXIT, 1)
        // Set always, also to nothing: left unset, libcurl reads http_proxy, all_proxy and no_proxy from the environment.
        set(CURLOPT_PROXY, configuration.proxy ?? "")
        set(CURLOPT_NOPROXY, configuration.noProxy.joined(separator: ","))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        if let file = caFile ?? configuration.caFile { set(CURLOPT_CAINFO, file) }
    }

    func setClientCertificate(_ certificate: ClientCertificate) {
        set(CURLOPT_SSLCERT, certificate.file)
        set(CURLOPT_SSLKEY, certificate.keyFile ?? certificate.file)
    }

    private func note(_ result: CURLcode) {
        if result != CURLE_OK, firstFailure == nil { firstFailure = result }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, at most what fits a 32-bit number.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        guard seconds >= 0 else { return 0 }
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
