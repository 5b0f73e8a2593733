import CCurl

/// A URL taken apart by libcurl's own parser, so that what is checked here is what is connected to later.
struct WebAddress: Equatable {
    var scheme: String
    /// Lower-case, without the brackets of an IPv6 address.
    var host: String
    var port: Int?
    var hasCredentials: Bool
    var query: String?

    init?(_ url: String) {
        guard url.utf8.count <= 16_384, !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }),
            let handle = curl_url()
        else { return nil }
        defer { curl_url_cleanup(handle) }
        // Schemes that libcurl does not know are let through here: which ones are allowed is the caller's decision.
        guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK else {
            return nil
        }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), let host = part(CURLUPART_HOST)?.lowercased(),
            !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap { Int($0) }
        hasCredentials = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
        query = part(CURLUPART_QUERY)
    }

    /// `mail.example:993`, `[::1]:993`: for error messages.
    static func label(host: String, port: Int?) -> String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    var label: String { Self.label(host: host, port: port) }

    /// Whether a connection to this host cannot leave the machine. libcurl resolves `localhost` itself.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Same scheme, host and port: headers with secrets may go there too.
    func isSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}
