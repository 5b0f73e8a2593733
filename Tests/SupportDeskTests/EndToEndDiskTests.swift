import Foundation
import Postgres
import TestServers
import Testing

@testable import SupportDesk

/// A small disk of a test's own; it takes the right to mount one.
private final class SmallDisk {
    let path: String

    static let isPossible = geteuid() == 0 && (try? SmallDisk(kibibytes: 64)) != nil

    init(kibibytes: Int, at folder: String? = nil) throws {
        path = try folder ?? EndToEndScratch().path + "-disk"
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw TestServerError("cannot make \(path)") }
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k,mode=755") == 0 else {
            throw TestServerError("cannot mount: \(String(cString: strerror(errno)))")
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    func setReadOnly(_ isReadOnly: Bool) throws {
        let flags = MS_REMOUNT | (isReadOnly ? MS_RDONLY : 0)
        guard mount("tmpfs", path, "tmpfs", UInt(flags), nil) == 0 else {
            throw TestServerError("cannot remount: \(String(cString: strerror(errno)))")
        }
    }

    /// Fills it but for so many bytes; `free` undoes it.
    func fill(leaving bytes: Int) throws {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw TestServerError("cannot look at \(path)") }
        let room = Int(status.f_bavail) * Int(status.f_frsize) - bytes
        guard FileManager.default.createFile(atPath: "\(path)/ballast", contents: Data(count: max(0, room))) else {
            throw TestServerError("cannot fill \(path)")
        }
    }

    func free() { unlink("\(path)/ballast") }
}

extension EndToEnd {
    /// A disk that is full, read-only or broken ends a run with a clear line; nothing is marked that is not on record, and
    /// with a good disk again everything comes to its end, once.
    @Suite("Disks", .serialized)
    struct Disks {
        private static let final: Set<String> = ["answered", "drafted", "escalated", "ignored", "quarantined"]

        private func expectNothingMarkedEarly(_ desk: EndToEndDesk) async throws {
            let ledger = try await desk.ledger()
            for path in try desk.tree("mail").keys where path.hasPrefix("cur/") {
                let unique = path.dropFirst(4).prefix { $0 != ":" }
                let status = ledger.messages.first { $0.source == unique }?.status
                #expect(status.map(Self.final.contains) == true, "\(path)")
            }
        }

        private func expectAllDone(_ desk: EndToEndDesk, _ count: Int) async throws {
            for _ in 0..<3 where try await desk.program().code == 0 { break }
            let ledger = try await desk.ledger()
            #expect(ledger.messages.count == count && ledger.violations.isEmpty, "\(ledger.violations)")
            #expect(ledger.messages.allSatisfy { $0.isMarked })
            let sent = ledger.outbox.filter { ["reply", "acknowledgement"].contains($0.kind) && $0.state == "sent" }
            #expect(try desk.tree("outbox").keys.count { !$0.hasPrefix("tmp/") } == sent.count)
        }

        private func expectRefused(_ ending: EndToEndProgram.Ending, _ words: String) {
            #expect(ending.code == 69, "\(ending.errors)")
            let line = ending.errorLines.last ?? ""
            #expect(line.lowercased().contains(words), "\(ending.errors)")
        }

        /// The state folder on a disk of its own, with what is in it.
        private func disk(of desk: EndToEndDesk) throws -> SmallDisk {
            let files = try desk.tree("state")
            let disk = try SmallDisk(kibibytes: 96 << 10, at: desk.state)
            for (name, bytes) in files { try desk.scratch.write(bytes, to: "state/\(name)") }
            guard chmod(desk.state, 0o700) == 0 else { throw TestServerError("cannot change \(desk.state)") }
            return disk
        }

        @Test("SQLite on a disk that runs full, at several moments", .enabled(if: SmallDisk.isPossible))
        func fullFile() async throws {
            let mails = try Array(EndToEndDesk.mails().prefix(40))
            for kibibytes in [64, 400, 900] {
                let desk = try await EndToEndDesk.onFiles(mails)
                let disk = try disk(of: desk)
                try await Ledger(desk.keys).close()
                try disk.fill(leaving: kibibytes << 10)
                expectRefused(try await desk.program(), "disk is full")
                disk.free()
                try await expectNothingMarkedEarly(desk)
                try await expectAllDone(desk, mails.count)
            }
        }

        @Test("SQLite on a read-only disk", .enabled(if: SmallDisk.isPossible))
        func readOnlyFile() async throws {
            let mails = try Array(EndToEndDesk.mails().prefix(6))
            let desk = try await EndToEndDesk.onFiles(mails)
            let disk = try disk(of: desk)
            try await Ledger(desk.keys).close()
            try disk.setReadOnly(true)
            expectRefused(try await desk.program(), "read-only")
            let error = await #expect(throws: DeskError.self) {
                try await Ledger(desk.keys).adopt(channel: "c", from: .now)
            }
            let words = error?.message ?? ""
            #expect(
                error?.code == .ledger && (words.contains("read-only") || words.contains("cannot be opened")),
                "\(words)")
            #expect(try desk.tree("mail").keys.allSatisfy { $0.hasPrefix("new/") })
            try disk.setReadOnly(false)
            try await expectAllDone(desk, mails.count)
        }

        @Test("a damaged file is said to be one, and a backup takes its place", arguments: [0, 4096])
        func damagedFile(offset: Int) async throws {
            let mails = try EndToEndDesk.mails()
            let (first, rest) = (Array(mails.prefix(20)), Array(mails[20..<26]))
            let desk = try await EndToEndDesk.onFiles(first)
            try await expectAllDone(desk, first.count)
            let file = "\(desk.state)/ledger.sqlite"
            let options = ["--config", desk.configurationFile]
            let backup = "\(desk.folder)/backup.sqlite"
            #expect(try await EndToEndProgram.run(["ledger", "backup"] + options + [backup]).code == 0)
            #expect(try await EndToEndProgram.run(["ledger", "check"] + options).code == 0)

            for suffix in ["-wal", "-shm"] { unlink(file + suffix) }
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.seek(toOffset: UInt64(offset))
            // All tables' first pages, or the file's own head.
            try handle.write(contentsOf: Data(repeating: 0x5A, count: offset == 0 ? 100 : 40 * 4096))
            try handle.close()
            try desk.deliver(rest)
            expectRefused(try await desk.program(), "damaged")
            #expect(try desk.tree("mail").keys.count { $0.hasPrefix("new/") } == rest.count)
            let check = try await EndToEndProgram.run(["ledger", "check"] + options)
            #expect([65, 69].contains(check.code), "\(check.output) \(check.errors)")
            #expect((check.output + check.errors).contains("damaged"), "\(check.output) \(check.errors)")

            for suffix in ["", "-wal", "-shm"] { unlink(file + suffix) }
            try FileManager.default.copyItem(atPath: backup, toPath: file)
            try await expectAllDone(desk, mails[0..<26].count)
        }

        @Test("PostgreSQL on a disk that runs full", .enabled(if: SmallDisk.isPossible))
        func fullServer() async throws {
            let server = try await PostgreSQLServer.start()
            let disk = try SmallDisk(kibibytes: 16 << 10)
            let postgres = try #require(getpwnam("postgres"))
            #expect(chown(disk.path, postgres.pointee.pw_uid, postgres.pointee.pw_gid) == 0)
            let connection = try await PostgresConnection.connect(PostgresConfiguration(server.conninfo))
            _ = try await connection.script("CREATE TABLESPACE small LOCATION '\(disk.path)'")
            await connection.close()
            try await LedgerEngine.$current.withValue(.postgres) {
                let place = server.conninfo + " options='-c default_tablespace=small'"
                try await LedgerEngine.$server.withValue(place) {
                    let mails = try Array(EndToEndDesk.mails().prefix(40))
                    let desk = try await EndToEndDesk.onFiles(mails)
                    try await Ledger(desk.keys).close()
                    try disk.fill(leaving: 200 << 10)
                    expectRefused(try await desk.program(), "disk is full")
                    try await expectNothingMarkedEarly(desk)
                    disk.free()
                    try await expectAllDone(desk, mails.count)
                }
            }
            await server.stop()
        }
    }
}
