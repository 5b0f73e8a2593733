import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// The package for Debian, built by its script and installed into a root of its own, where nothing else is.
@Suite("Debian package", .timeLimit(.minutes(10)))
struct DebianPackageTests {
    @Test(
        "installed on a bare Debian it brings its user, units and folders, answers the demo's mail, and leaves the ledger"
    )
    func installs() async throws {
        let scratch = try ScratchFolder()
        let root = "\(scratch.path)/root"
        let program = try EndToEndProgram.path()
        let package = try await Self.succeed([
            "\(PackageFolder.root)/Templates/packaging/deb/build", "--binary", program, "--output", scratch.path,
        ]).split(separator: "\n").last.map(String.init)
        let deb = try #require(package)
        #expect(deb.hasSuffix("/auradesk_\(Release.version)_amd64.deb") || deb.hasSuffix("_arm64.deb"))

        // Every dependency that it names is to be had there, and none that it does not name is there by chance.
        _ = try await Self.succeed([
            "mmdebstrap", "--quiet", "--mode=root", "--variant=apt",
            "--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount", "--include=\(deb)", Self.suite(), root,
        ])
        try await Self.bringSwift(of: program, into: root)

        #expect(try await Self.inside(root, "/usr/bin/auradesk", "--version").trimmed == Release.version)
        #expect(
            try await Self.inside(
                root, "stat", "-c", "%A %U:%G %n", "/etc/auradesk/desk.yaml", "/var/lib/auradesk",
                "/var/lib/auradesk/state", "/var/lib/auradesk/Mail/inbox/new"
            ).split(separator: "\n") == [
                "-rw-r----- root:auradesk /etc/auradesk/desk.yaml",
                "drwxr-x--- auradesk:auradesk /var/lib/auradesk",
                "drwx------ auradesk:auradesk /var/lib/auradesk/state",
                "drwx------ auradesk:auradesk /var/lib/auradesk/Mail/inbox/new",
            ])
        for unit in ["auradesk.service", "auradesk-run.service", "auradesk-run.timer"] {
            let text = try String(contentsOfFile: "\(root)/usr/lib/systemd/system/\(unit)", encoding: .utf8)
            #expect(!text.contains("@"), "\(unit) has a gap")
            if unit.hasSuffix(".service") {
                #expect(text.contains("\nExecStart=/usr/bin/auradesk ") && text.contains("\nUser=auradesk\n"))
                #expect(text.contains(" --config /etc/auradesk/desk.yaml "))
            }
        }
        for completions in [
            "bash-completion/completions/auradesk", "zsh/vendor-completions/_auradesk",
            "fish/vendor_completions.d/auradesk.fish",
        ] {
            let text = try String(contentsOfFile: "\(root)/usr/share/\(completions)", encoding: .utf8)
            #expect(text.contains("doctor"))
        }

        for (page, command) in [("auradesk", "auradesk"), ("auradesk-learn-train", "auradesk learn train")] {
            let text = try await Self.succeed(["gzip", "-dc", "\(root)/usr/share/man/man1/\(page).1.gz"])
            #expect(text.contains(".Dt \(page.uppercased()) 1\n"))
            #expect(text.contains("\n.Nm \(command.contains(" ") ? "\"\(command)\"" : command)\n"))
            #expect(text.contains("\n.Sh DESCRIPTION\n") && !text.contains("\n\n"))
        }

        // As its user it works with the configuration as it came, and finds the templates from anywhere.
        let user = ["runuser", "-u", "auradesk", "--"]
        _ = try await Self.inside(root, user + ["auradesk", "run", "--config", "/etc/auradesk/desk.yaml"])
        let status = try await Self.inside(
            root, user + ["auradesk", "status", "--json", "--config", "/etc/auradesk/desk.yaml"])
        #expect(status.contains("\"messages\""))
        let demo = try await Self.inside(root, user + ["sh", "-c", "cd /tmp && auradesk demo --json"])
        let lines = demo.split(separator: "\n")
        #expect(lines.count == 118)
        #expect(lines.filter { $0.contains("\"disposition\":\"answered\"") }.count > 40)

        // The program goes, what only the shop has stays.
        _ = try await Self.inside(root, "dpkg", "--purge", "auradesk")
        #expect(!FileManager.default.fileExists(atPath: "\(root)/usr/bin/auradesk"))
        #expect(!FileManager.default.fileExists(atPath: "\(root)/etc/auradesk/desk.yaml"))
        #expect(FileManager.default.fileExists(atPath: "\(root)/var/lib/auradesk/state/ledger.sqlite"))
        #expect(FileManager.default.fileExists(atPath: "\(root)/var/lib/auradesk/state/key"))
    }

    /// The release of Debian that this machine runs.
    private static func suite() throws -> String {
        let lines = try String(contentsOfFile: "/etc/os-release", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("VERSION_CODENAME=") })
        return String(line.dropFirst("VERSION_CODENAME=".count))
    }

    /// A debug build has Swift's libraries where the toolchain has them; the package of a release has them in the program.
    private static func bringSwift(of program: String, into root: String) async throws {
        let paths = try await succeed(["ldd", program]).split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("/") }.map(String.init)
        }
        guard let core = paths.first(where: { $0.hasSuffix("/libswiftCore.so") }) else { return }
        let folder = (core as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
        for path in paths where (path as NSString).deletingLastPathComponent == folder {
            try FileManager.default.copyItem(atPath: path, toPath: root + path)
        }
    }

    /// Runs a command in the installed system; its `/proc` goes with the command.
    @discardableResult
    private static func inside(_ root: String, _ command: String...) async throws -> String {
        try await inside(root, command)
    }

    private static func inside(_ root: String, _ command: [String]) async throws -> String {
        try await succeed(
            [
                "unshare", "--mount", "sh", "-c",
                "mount -t proc proc \"$0/proc\" && mount -t tmpfs tmpfs \"$0/tmp\" && chmod 1777 \"$0/tmp\" && exec chroot \"$0\" \"$@\"",
                root,
            ] + command)
    }

    /// What a command prints; the test fails with what it said when it does not end well.
    private static func succeed(_ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        // As from a shell of root's: what the tests' environment has is not for a system of its own.
        process.environment = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
        ]
        if EndToEndProgram.isSanitized {
            // A program without symbols, in a root without a reader of them, has no names by which a sanitizer knows what it is not
            // to tell. What it looks for it looks for in all other tests.
            process.environment?["TSAN_OPTIONS"] = "report_bugs=0"
            process.environment?["ASAN_OPTIONS"] = "detect_leaks=0"
        }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        async let said = Task.detached { errors.fileHandleForReading.readDataToEndOfFile() }.value
        let printed = await Task.detached { output.fileHandleForReading.readDataToEndOfFile() }.value
        let complaint = String(decoding: await said, as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestServerError(
                "\(arguments.prefix(3).joined(separator: " ")) ended with \(process.terminationStatus): \(complaint.suffix(2_000))"
            )
        }
        return String(decoding: printed, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
