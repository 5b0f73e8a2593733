import CCurl
import Foundation

/// Carries out every transfer of the program on one thread of its own, which alone touches libcurl's handles.
///
/// Callers post commands and wait for their continuation. Sessions keep their agent alive; when the last reference is gone its
/// thread ends. ``shutdown()`` ends everything that is still under way with an error.
public final class TransferAgent: Sendable {
    /// What all transfers of an agent have in common. Nothing is taken from the environment.
    public struct Configuration: Sendable {
        /// The proxy's URL (`http://proxy.example:3128`, `socks5h://…`), or `nil` for none.
        public var proxy: String?
        /// Hosts that are reached without the proxy; a name also stands for its subdomains.
        public var noProxy: [String]
        /// A file of trusted certificates (PEM) instead of the system's.
        public var caFile: String?
        /// Sent with every HTTP request that has no `User-Agent` of its own.
        public var userAgent: String
        /// Where replaced refresh tokens of ``OAuthClient``s are kept.
        public var refreshTokens: RefreshTokenVault?

        /// No proxy, and the system's trusted certificates.
        public init(
            proxy: String? = nil, noProxy: [String] = [], caFile: String? = nil, userAgent: String = "AuraDesk",
            refreshTokens: RefreshTokenVault? = nil
        ) {
            self.proxy = proxy
            self.noProxy = noProxy
            self.caFile = caFile
            self.userAgent = userAgent
            self.refreshTokens = refreshTokens
        }
    }

    let inbox: AgentInbox
    private let vault: RefreshTokenVault?
    private let tokenSources = LockedBox<[OAuthClient: OAuthTokenSource]>([:])

    /// Starts the thread.
    public init(configuration: Configuration = .init()) {
        Self.initializeOnce
        let inbox = AgentInbox()
        self.inbox = inbox
        vault = configuration.refreshTokens
        let thread = Thread { AgentLoop(inbox: inbox, configuration: configuration).run() }
        thread.name = "TransferAgent"
        thread.start()
    }

    deinit { inbox.stop(nil) }

    /// Sends a request and returns the whole answer, whatever its status.
    ///
    /// Throws ``TransportError`` when there is no answer: not connected, timed out, over the size limit, cancelled.
    public func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        let deadline = ContinuousClock.now + request.timeout
        for _ in 0..<5 {
            let address = try request.validated()
            let outcome = try await performOnce(request, at: address)
            guard request.followsRedirects, let next = request.following(outcome, from: address) else {
                return outcome.response
            }
            request = next
            request.timeout = max(.milliseconds(1), deadline - .now)
        }
        return try await performOnce(request, at: request.validated()).response
    }

    private func performOnce(
        _ request: HTTPRequest, at address: WebAddress
    ) async throws(TransportError) -> HTTPOutcome {
        let ticket = TransferTicket()
        let result: Result<HTTPOutcome, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let start = HTTPStart(
                    ticket: ticket, request: request, address: address, continuation: continuation)
                inbox.post(.http(start))
            }
        } onCancel: {
            ticket.cancel()
            inbox.post(.cancel(ticket))
        }
        return try result.get()
    }

    /// Opens a connection, and lets libcurl do TCP, proxy, TLS and login on it.
    func openConnection(_ options: RawOptions) async throws(TransportError) -> RawConnection {
        let ticket = TransferTicket()
        let result: Result<RawOpened, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.post(.open(RawStart(ticket: ticket, options: options, continuation: continuation)))
            }
        } onCancel: {
            ticket.cancel()
            inbox.post(.cancel(ticket))
        }
        let opened = try result.get()
        return RawConnection(
            agent: self, stream: opened.stream, responseTimeout: options.responseTimeout, greeting: opened.greeting)
    }

    /// The one source of tokens for a client: where a refresh token can be used only once, two would void each other's.
    func tokenSource(of client: OAuthClient) -> OAuthTokenSource {
        tokenSources.withLock { sources in
            if let source = sources[client] { return source }
            let source = OAuthTokenSource(client, vault: vault)
            sources[client] = source
            return source
        }
    }

    /// Ends every transfer and connection, and returns when the thread has let go of all of them. Later calls throw.
    public func shutdown() async {
        await withCheckedContinuation { inbox.stop($0) }
    }

    /// Once for the program, and never undone: other threads may use libcurl until the very end.
    private static let initializeOnce: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()
}

/// Identity of one transfer, and whether its task was cancelled: the cancellation may overtake the start.
final class TransferTicket: Sendable {
    private let cancelled = LockedBox(false)

    var isCancelled: Bool { cancelled.withLock { $0 } }

    func cancel() { cancelled.withLock { $0 = true } }
}
