import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// The adapter against the real Request Tracker 5.
@Suite("Request Tracker")
struct RequestTrackerTests {
    /// What RT says of a ticket, asked by the test's own requests.
    private struct Desk {
        let server: RTServer
        let agent = TransferAgent()

        var tracker: RequestTracker { tracker() }

        func tracker(queue: String = "Support", token: String? = nil, url: String? = nil) -> RequestTracker {
            RequestTracker(
                RequestTracker.Configuration(
                    url: url ?? server.baseURL, queue: queue, token: token ?? server.token), agent: agent)
        }

        func get(_ path: String) async throws -> [String: Any] {
            let request = HTTPRequest(
                url: path.hasPrefix("http") ? path : "\(server.baseURL)/REST/2.0/\(path)",
                headers: [("Authorization", "token \(server.adminToken)"), ("Accept", "application/json")])
            let response = try await agent.perform(request)
            try #require(response.status == 200, "\(path): \(response.status)")
            return try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
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

    private func desk() async throws -> Desk { Desk(server: try await RTServer.shared()) }

    private func packet(
        _ message: Int64, of externalID: String, subject: String = "Where is it", note: String = "A note"
    ) -> Packet {
        Packet(
            externalID: externalID, message: message, subject: subject, requestor: "priya.sharma@mail.example",
            note: note, rule: "angry", priority: 80)
    }

    /// Mail as it comes: CRLF, bare LF, octets that are no UTF-8, a NUL, no line end at the end.
    private func entry(_ message: Int64, isOurs: Bool = false) -> ThreadEntry {
        let text = "From: a@mail.example\r\nSubject: \(message)\r\n\r\nfirst\nsecond\r\n.\r\n\u{0}grün ₹ नमस्ते "
        return ThreadEntry(
            message: message, isOurs: isOurs, bytes: Array(text.utf8) + [0xFF, 0xFE, 0x80] + Array("end".utf8))
    }

    private func newID() -> String { "AD-" + UUID().uuidString.prefix(12) }

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
        #expect(files.keys.sorted() == ["3-message.eml", "3-reply.eml", "7-message.eml"])
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
        #expect(files == ["1-message.eml": [entry(1).bytes], "2-message.eml": [entry(2).bytes]])
        let texts = try await desk.texts(of: ticket)
        #expect(texts.count { $0.contains("first note") } == 1)
        #expect(texts.count { $0.contains("second note") } == 1)
        #expect(try await desk.tickets(of: id) == [ticket])
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

    @Test("a wrong queue, a bad token and a missing server are clear errors")
    func errors() async throws {
        let desk = try await desk()
        let id = newID()
        func failure(_ tracker: RequestTracker) async -> TicketError? {
            await #expect(throws: TicketError.self) {
                _ = try await tracker.file(packet(1, of: id), thread: [entry(1)])
            }
        }
        let queue = await failure(desk.tracker(queue: "No'such \\ queue"))
        #expect(queue?.isRetryable == false)
        #expect(queue?.message.contains("HTTP 4") == true)
        let token = await failure(desk.tracker(token: "1-99-0000"))
        #expect(token?.isRetryable == false)
        #expect(token?.message.contains("HTTP 401") == true)
        #expect(token?.message.contains("0000") == false)
        let server = await failure(desk.tracker(url: "http://127.0.0.1:1"))
        #expect(server?.isRetryable == true)
        #expect(server?.message.contains("127.0.0.1:1") == true)
        for error in [queue, token, server] {
            #expect(
                error?.message.contains("search ticket") == true || error?.message.contains("create ticket") == true)
            #expect(error?.message.contains("priya") == false)
        }
        #expect(try await desk.tickets(of: id).isEmpty)
    }
}
