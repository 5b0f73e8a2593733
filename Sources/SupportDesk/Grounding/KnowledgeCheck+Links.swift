import Transport

extension KnowledgeCheck {
    /// How many links are tried at once, and at most.
    private static var atOnce: Int { 8 }
    private static var most: Int { 500 }

    /// Tries each web address of the articles once: HEAD, and GET where the server does not like that. Only https, and http on
    /// this machine; ten seconds each. What does not answer for now (a time-out, 429, 5xx) is said and is no fault: a check
    /// by cron must not alarm for somebody else's pause.
    public func deadLinks(_ agent: TransferAgent) async -> [KnowledgeFinding] {
        var places: [String: (article: Article, line: Int)] = [:]
        for article in articles.sorted(by: { $0.path < $1.path }) {
            for (line, target) in article.links where Article.host(of: target) != nil && !target.hasPrefix("mailto:") {
                let url = String(target.prefix { $0 != "#" })
                if places[url] == nil { places[url] = (article, line) }
            }
        }
        var urls = places.keys.sorted().prefix(Self.most).makeIterator()
        return await withTaskGroup(of: KnowledgeFinding?.self) { group in
            func next() {
                guard let url = urls.next(), let place = places[url] else { return }
                group.addTask {
                    guard let (kind, words) = await Self.state(of: url, agent) else { return nil }
                    return Self.finding(kind, place.article, place.line, "\(url) \(words)")
                }
            }
            for _ in 0..<Self.atOnce { next() }
            var found: [KnowledgeFinding] = []
            for await finding in group {
                if let finding { found.append(finding) }
                next()
            }
            return found.sorted { ($0.file, $0.line, $0.words) < ($1.file, $1.line, $1.words) }
        }
    }

    /// What is wrong with an address; nil when it answers.
    private static func state(of url: String, _ agent: TransferAgent) async -> (KnowledgeFinding.Kind, String)? {
        var status = 0
        for method in ["HEAD", "GET"] {
            var request = HTTPRequest(method: method, url: url, headers: [("Accept", "*/*")])
            request.connectTimeout = .seconds(5)
            request.timeout = .seconds(10)
            request.idleTimeout = .seconds(10)
            request.maximumResponseBytes = 4 << 20
            request.followsRedirects = true
            do {
                status = try await agent.perform(request).status
            } catch {
                return (.unreachable, "could not be reached: \(error)")
            }
            // Servers that do not know HEAD say so in many ways; 404 may be one.
            if status < 400 { return nil }
        }
        return status == 429 || status >= 500 ? (.unreachable, "answers \(status)") : (.deadLink, "answers \(status)")
    }
}
