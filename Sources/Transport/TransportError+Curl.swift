import CCurl

extension TransportError {
    /// The one mapping from libcurl's results. The texts are ours: libcurl's error buffer may quote URLs and addresses.
    init(curl result: CURLcode, host: String, step: String, responseCode: String? = nil) {
        let (code, message) = Self.meaning(of: result)
        self.init(
            code, message, host: host, step: step, curlCode: Int32(result.rawValue), responseCode: responseCode)
    }

    private static func meaning(of result: CURLcode) -> (Code, String) {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: (.resolve, "the host's name could not be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY: (.resolve, "the proxy's name could not be resolved")
        case CURLE_COULDNT_CONNECT: (.connect, "no connection")
        case CURLE_PROXY: (.connect, "the proxy made no connection")
        case CURLE_PEER_FAILED_VERIFICATION: (.tls, "the certificate is not trusted or names another host")
        case CURLE_SSL_CACERT_BADFILE: (.tls, "the file of trusted certificates could not be read")
        case CURLE_USE_SSL_FAILED: (.tls, "the server offers no STARTTLS")
        case CURLE_SSL_CERTPROBLEM: (.tls, "our own certificate or its key could not be used")
        case CURLE_SSL_CLIENTCERT: (.tls, "the server wants to see a certificate of ours")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ENGINE_INITFAILED:
            (.tls, "the TLS handshake failed")
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR, CURLE_REMOTE_ACCESS_DENIED:
            (.authentication, "the server did not accept the credentials")
        case CURLE_OPERATION_TIMEDOUT: (.timeout, "timed out")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SSL_SHUTDOWN_FAILED:
            (.closed, "the connection broke")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING,
            CURLE_FTP_WEIRD_PASS_REPLY:
            (.protocolViolation, "the server's answer could not be understood")
        case CURLE_FILESIZE_EXCEEDED: (.tooLarge, "the response is larger than the limit")
        case CURLE_URL_MALFORMAT: (.invalidArgument, "the URL is malformed")
        // Our URLs' schemes are checked before; libcurl also says this of an answer that is not HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL: (.protocolViolation, "the server speaks another protocol")
        case CURLE_ABORTED_BY_CALLBACK: (.cancelled, "cancelled")
        case CURLE_OUT_OF_MEMORY: (.other, "out of memory")
        default: (.other, "libcurl reported error \(result.rawValue)")
        }
    }
}
