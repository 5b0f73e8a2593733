import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// The adapter against the real Request Tracker 5.
@Suite("Request Tracker")
struct RequestTrackerTests {
    /// What RT says of a ticket, asked by the test's own requests.
    struct Desk {
        let server: RTServer
        let agent = TransferAgent()

        var tracker: RequestTracker { tracker() }

        func tracker(
            queue: String = "Support", token: String? = nil, url: String? = nil, pageSize: Int = 100
        ) -> RequestTracker {
            var configuration = RequestTracker.Configuration(
                url: url ?? server.baseURL, queue: queue, token: token ?? server.token)
            configuration.pageSize = pageSize
            return RequestTracker(configuration, agent: agent)
        }

        func get(_ path: String) async throws -> [String: Any] {
            let request = HTTPRequest(
                url: path.hasPrefix("http") ? path : "\(server.baseURL)/REST/2.0/\(path)",
                headers: [("Authorization", "token \(server.adminToken)"), ("Accept", "application/json")])
            let response = try await agent.perform(request)
            try #require(response.status == 200, "\(path): \(response.status)")
            return try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        }

        func put(_ path: String, _ body: [String: Any]) async throws {
            var request = HTTPRequest(method: "PUT", url: "\(server.baseURL)/REST/2.0/\(path)")
            request.headers = [("Authorization", "token \(server.adminToken)"), ("Content-Type", "application/json")]
            request.body = [UInt8](try JSONSerialization.data(withJSONObject: body))
            #expect(try await agent.perform(request).status == 200)
        }

        func items(_ path: String) async throws -> [[String: Any]] {
            try #require(try await get(path)["items"] as? [[String: Any]])
        }

        /// The live tickets of a conversation.
        func tickets(of externalID: String) async throws -> [String] {
            let query = "Queue='Support'+AND+'CF.%7BExternal+ID%7D'='\(externalID)'+AND+Status!='deleted'"
            return try await items("tickets?query=\(query)&orderby=id").compactMap { $0["id"].map { "\($0)" } }
        }

        /// The named attachments of a ticket and their bytes.
        func files(of ticket: String) async throws -> [String: [[UInt8]]] {
            var files: [String: [[UInt8]]] = [:]
            for item in try await items("ticket/\(ticket)/attachments?fields=Filename&per_page=100") {
                guard let name = item["Filename"] as? String, !name.isEmpty, let id = item["id"] else { continue }
                let attachment = try await get("attachment/\(id)")
                let content = try #require(attachment["Content"] as? String)
                let data = try #require(Data(base64Encoded: content, options: .ignoreUnknownCharacters))
                files[name, default: []].append([UInt8](data))
            }
            return files
        }

        /// The texts of a ticket's entries: creation, comments; not those of the mail that RT itself sent.
        func texts(of ticket: String) async throws -> [String] {
            var texts: [String] = []
            let fields = "fields=Filename,ContentType,TransactionId&per_page=100"
            for item in try await items("ticket/\(ticket)/attachments?\(fields)") {
                guard item["ContentType"] as? String == "text/plain", let id = item["id"],
                    (item["Filename"] as? String ?? "").isEmpty,
                    let transaction = (item["TransactionId"] as? [String: Any])?["id"] ?? item["TransactionId"],
                    let type = try await get("transaction/\(transaction)")["Type"] as? String,
                    ["Create", "Comment", "Correspond"].contains(type)
                else { continue }
                let content = try #require(try await get("attachment/\(id)")["Content"] as? String)
                let data = try #require(Data(base64Encoded: content, options: .ignoreUnknownCharacters))
                texts.append(String(decoding: data, as: UTF8.self))
            }
            return texts
        }
    }

    func desk() async throws -> Desk { Desk(server: try await RTServer.shared()) }

    func packet(
        _ message: Int64, of externalID: String, subject: String = "Where is it", note: String = "A note"
    ) -> Packet {
        Packet(
            externalID: externalID, message: message, subject: subject, requestor: "priya.sharma@mail.example",
            note: note, rule: "angry", priority: 80)
    }

    /// Mail as it comes: CRLF, bare LF, octets that are no UTF-8, a NUL, no line end at the end.
    func entry(_ message: Int64, isOurs: Bool = false) -> ThreadEntry {
        let text = "From: a@mail.example\r\nSubject: \(message)\r\n\r\nfirst\nsecond\r\n.\r\n\u{0}grün ₹ नमस्ते "
        return ThreadEntry(
            message: message, isOurs: isOurs, bytes: Array(text.utf8) + [0xFF, 0xFE, 0x80] + Array("end".utf8))
    }

    func newID() -> String { "AD-" + UUID().uuidString.prefix(12) }

    @Test("a new ticket has the field, the requestor, the note and the thread byte for byte; again adds nothing")
    func create() async throws {
        let desk = try await desk()
        let id = newID()
        let note = "Grund: verärgert – „sofort“\nराशि: ₹1,299.00 😀"
        let subject = "\"Quoted\" <b>bold</b> & 'single' \\ back {{x}} ₹ नमस्ते"
        let packet = packet(7, of: id, subject: subject, note: note)
        let thread = [entry(3), entry(3, isOurs: true), entry(7)]
        let ticket = try await desk.tracker.file(packet, thread: thread)
        #expect(try await desk.tracker.file(packet, thread: thread) == ticket)
        #expect(try await desk.tickets(of: id) == [ticket])

        let record = try await desk.get("ticket/\(ticket)")
        #expect(record["Subject"] as? String == subject)
        #expect((record["Queue"] as? [String: Any])?["Name"] as? String ?? "Support" == "Support")
        let requestors = try #require(record["Requestor"] as? [[String: Any]])
        #expect(requestors.compactMap { $0["id"] as? String } == ["priya.sharma@mail.example"])
        let fields = try #require(record["CustomFields"] as? [[String: Any]])
        let external = try #require(fields.first { $0["name"] as? String == "External ID" })
        #expect(external["values"] as? [String] == [id])

        let files = try await desk.files(of: ticket)
        #expect(files.keys.sorted() == ["3-message.eml", "3-reply.eml", "7-message.eml", "note-7.txt"])
        for entry in thread { #expect(files[entry.fileName] == [entry.bytes], "\(entry.fileName)") }
        let texts = try await desk.texts(of: ticket)
        #expect(texts.count { $0.contains("verärgert – „sofort“") && $0.contains("राशि: ₹1,299.00 😀") } == 1)
    }

    @Test("a later message comes onto the same ticket with its note and only what is new of the thread")
    func append() async throws {
        let desk = try await desk()
        let id = newID()
        let ticket = try await desk.tracker.file(packet(1, of: id, note: "first note"), thread: [entry(1)])
        let later = packet(2, of: id, note: "second note")
        for _ in 0..<2 {
            #expect(try await desk.tracker.file(later, thread: [entry(1), entry(2)]) == ticket)
        }
        let files = try await desk.files(of: ticket)
        #expect(files.keys.sorted() == ["1-message.eml", "2-message.eml", "note-1.txt", "note-2.txt"])
        #expect(files["1-message.eml"] == [entry(1).bytes] && files["2-message.eml"] == [entry(2).bytes])
        let texts = try await desk.texts(of: ticket)
        #expect(texts.count { $0.contains("first note") } == 1)
        #expect(texts.count { $0.contains("second note") } == 1)
        #expect(try await desk.tickets(of: id) == [ticket])
    }

    @Test("a message that came onto the ticket with the thread of a later one still gets its own note")
    func noteAfterThread() async throws {
        let desk = try await desk()
        let id = newID()
        let ticket = try await desk.tracker.file(packet(2, of: id, note: "second"), thread: [entry(1), entry(2)])
        // The reply to the first message was refused meanwhile.
        for _ in 0..<2 {
            let packet = packet(1, of: id, note: "reply refused")
            #expect(try await desk.tracker.file(packet, thread: [entry(1)]) == ticket)
        }
        #expect(try await desk.texts(of: ticket).count { $0.contains("reply refused") } == 1)
        let files = try await desk.files(of: ticket)
        #expect(files["1-message.eml"] == [entry(1).bytes])
        #expect(files["2-message.eml"] == [entry(2).bytes])
    }

    @Test("RT does not mail the agents' note to the customer")
    func noteStaysInside() async throws {
        let desk = try await desk()
        let id = newID()
        let marker = "internal-\(UUID().uuidString)"
        _ = try await desk.tracker.file(packet(1, of: id, note: marker), thread: [entry(1)])
        _ = try await desk.tracker.file(packet(2, of: id, note: marker), thread: [entry(1), entry(2)])
        try await Task.sleep(for: .milliseconds(300))
        #expect(desk.server.sentMail().count { $0.holds(marker) && $0.holds("priya.sharma@mail.example") } == 0)
    }

    @Test("a message without a byte is filed once as well")
    func emptyMessage() async throws {
        let desk = try await desk()
        let id = newID()
        let empty = ThreadEntry(message: 1, isOurs: false, bytes: [])
        let packet = packet(1, of: id, note: "could not be read")
        let ticket = try await desk.tracker.file(packet, thread: [empty])
        #expect(try await desk.tracker.file(packet, thread: [empty]) == ticket)
        #expect(try await desk.texts(of: ticket).count { $0.contains("could not be read") } == 1)
    }

    @Test("eight at once for one conversation leave one live ticket with one entry of each message")
    func race() async throws {
        let desk = try await desk()
        let id = newID()
        let tracker = desk.tracker
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                let (packet, entry) = (packet(1, of: id), entry(1))
                group.addTask { try await tracker.file(packet, thread: [entry]) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        let live = try await desk.tickets(of: id)
        #expect(live.count == 1)
        #expect(numbers == Set(live))
        #expect(try await desk.files(of: try #require(live.first))["1-message.eml"] == [entry(1).bytes])
    }

    @Test("a merged ticket is found by its old number, a deleted one is replaced and keeps nobody waiting")
    func mergedAndDeleted() async throws {
        let desk = try await desk()
        let (one, other) = (newID(), newID())
        let tracker = desk.tracker
        let target = try await tracker.file(packet(1, of: one), thread: [])
        let source = try await tracker.file(packet(2, of: other), thread: [entry(2)])
        try await desk.put("ticket/\(source)", ["MergeInto": Int(target) ?? 0])
        let filing = Filing(system: tracker)
        #expect(try await filing.file(packet(3, of: other), thread: [entry(3)], known: source).number == target)
        #expect(try await desk.files(of: target)["3-message.eml"] == [entry(3).bytes])

        try await desk.put("ticket/\(target)", ["Status": "deleted"])
        for _ in 0..<2 {
            let again = try await filing.file(packet(4, of: one), thread: [entry(1), entry(4)], known: target).number
            #expect(again != target)
            #expect(try await desk.files(of: again)["4-message.eml"] == [entry(4).bytes])
        }
        #expect(try await tracker.tickets(of: one).count == 1, "under the conversation's next name")
    }

    @Test("what customers write is read by the number of the transaction; agents and rules are told apart")
    func entries() async throws {
        let desk = try await desk()
        let id = newID()
        let tracker = desk.tracker
        let start = try await tracker.customerEntries(after: nil)
        let ticket = try await tracker.file(packet(1, of: id), thread: [entry(1)])
        let mail = "From: priya.sharma@mail.example\nSubject: [rt.test #\(ticket)] Re\n\nMy question\n"
        try await desk.server.receive(mail)
        try await tracker.add(
            NewEntry(key: "reply-2.txt", subject: "Re", text: "An answer", isPublic: true), to: ticket)
        let page = try await tracker.customerEntries(after: start.cursor)
        let own = page.entries.filter { $0.ticket == ticket }
        #expect(own.map(\.text) == ["My question\n"])
        #expect(own.map(\.author) == [.customer(address: "priya.sharma@mail.example")])
        let again = try await tracker.customerEntries(after: page.cursor).entries.filter { $0.ticket == ticket }
        #expect(again.map(\.id) == own.map(\.id), "what is young comes again, and nothing else")
        let thread = try await tracker.entries(of: ticket)
        #expect(thread.map(\.isPublic) == [true, true, true])
        #expect(thread.last?.text == "An answer" && thread.last?.author == .machine, "our own user")
    }

    @Test("RT does not say of every list that it goes on: all of it is read")
    func pages() async throws {
        let desk = try await desk()
        let id = newID()
        let tracker = desk.tracker(pageSize: 2)
        let start = try await desk.tracker().customerEntries(after: nil).cursor
        let ticket = try await tracker.file(packet(1, of: id), thread: [entry(1)])
        let texts = (1...4).map { "Question \($0)" }
        for text in texts {
            try await desk.server.receive(
                "From: priya.sharma@mail.example\nSubject: [rt.test #\(ticket)] Re\n\n\(text)\n")
        }
        try await tracker.add(NewEntry(key: "note-9.txt", subject: "n", text: "The last"), to: ticket)
        #expect(try await tracker.entries(of: ticket).map(\.text).suffix(5) == texts.map { $0 + "\n" } + ["The last"])
        #expect(try await tracker.names(on: ticket).isSuperset(of: ["note-1.txt", "1-message.eml", "note-9.txt"]))
        // Others write on the same server; what is young comes again.
        var found: [String: String] = [:]
        var page = CustomerEntries(entries: [], cursor: start, hasMore: true)
        while page.hasMore {
            page = try await tracker.customerEntries(after: page.cursor)
            for entry in page.entries where entry.ticket == ticket { found[entry.id] = entry.text }
        }
        #expect(found.values.sorted() == texts.map { $0 + "\n" })
    }
}
