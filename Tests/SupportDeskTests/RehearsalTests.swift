import Foundation
import Testing

@testable import SupportDesk

/// The trial of messages that a dead run left behind, with programs that end in every way.
@Suite("Rehearsal")
struct RehearsalTests {
    private func survivors(of script: String, program: String = "/bin/sh", seconds: Int = 20) async throws -> Set<Int64>
    {
        let rehearsal = Rehearsal.child(program, ["-c", script, "sh"], seconds: seconds)
        let messages = (1...4).map { number in
            RawMessage(
                id: Int64(number), channel: "inbox", source: "\(number)", arrival: Date(),
                bytes: Array("message \(number)\n".utf8))
        }
        return await rehearsal.survivors(of: messages)
    }

    @Test("the messages lie in memory, not in a folder")
    func inMemory() async throws {
        let script = "for file; do readlink \"$file\" | grep -q '^/dev/shm/.*deleted' || kill -ABRT $$; done"
        #expect(try await survivors(of: script) == [1, 2, 3, 4])
    }

    @Test("a program that ends, with or without an error, clears all messages")
    func ends() async throws {
        #expect(try await survivors(of: "exit 0") == [1, 2, 3, 4])
        #expect(try await survivors(of: "exit 78") == [1, 2, 3, 4])
    }

    @Test("the message that kills the program is found, and only that one")
    func killer() async throws {
        let script = "if grep -q 'message 3' \"$@\"; then kill -ABRT $$; fi"
        #expect(try await survivors(of: script) == [1, 2, 4])
    }

    @Test("a message that makes the program hang counts as a crash")
    func hangs() async throws {
        let script = "if grep -q 'message 2' \"$@\"; then exec sleep 600; fi"
        #expect(try await survivors(of: script, seconds: 1) == [1, 3, 4])
    }

    @Test("without the program nothing is trusted")
    func missing() async throws {
        #expect(try await survivors(of: "", program: "/nonexistent/program").isEmpty)
    }
}
