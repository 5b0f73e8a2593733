import ArgumentParser
import Foundation
import SupportDesk

/// Lets a person change a draft and sends what she made of it.
struct EditDraft: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a draft in your editor, and have the desk send it.",
        discussion: """
            Opens the text with the program that VISUAL or EDITOR names, else vi. When it was changed, it is checked (length, \
            links and addresses of the shop only, placeholders of this customer only) and sent as by approve, to the same one \
            recipient with the same subject. What was changed is kept for learning, sealed. Left as it is, or emptied, \
            nothing is sent.

            Example:  EDITOR=nano auradesk edit 12
            """)

    @OptionGroup var draft: DraftOptions

    func run() async throws {
        try await reporting {
            let configuration = try await draft.desk.configuration(.agent)
            let built = try await Desk.build(configuration, draft.desk.surroundings(configuration))
            let text = try await built.draftText(draft.id)
            let file = try DraftFile(state: configuration.state, message: draft.id, text: text)
            defer { file.remove() }
            var row: Int64?
            repeat {
                guard await Editor.open(file.path) else {
                    throw DeskError(.data, "draft \(draft.id): the editor did not end well; nothing is sent")
                }
                let edited = try file.text()
                if edited.trimmed == text.trimmed || edited.trimmed.isEmpty {
                    Terminal.say("Nothing was changed, and nothing is sent. As it is: auradesk approve \(draft.id)")
                    return
                }
                row = try await approve(built, edited)
            } while row == nil
            guard let row else { return }
            try await ApprovedReply(id: draft.id, row: row, json: draft.json).send(built, configuration)
        }
    }

    /// - Returns: nil when the text is not to be sent as it is, and is edited again: nobody's words are thrown away for a link.
    private func approve(_ desk: Desk, _ text: String) async throws -> Int64? {
        do {
            return try await desk.approve(draft.id, edited: text)
        } catch let error as DeskError where error.code == .data && Terminal.isDialog {
            Terminal.say("auradesk: \(error)")
            Terminal.ask("Edit again? [Y/n] ")
            guard let answer = readLine()?.lowercased(), !answer.hasPrefix("n") else { throw error }
            return nil
        }
    }
}

/// The person's editor.
enum Editor {
    /// Opens a file and waits until she is done.
    /// - Returns: whether the editor ended well.
    static func open(_ file: String) async -> Bool {
        let variables = ProcessInfo.processInfo.environment
        let editor = [variables["VISUAL"], variables["EDITOR"]].compactMap(\.self).first { !$0.isEmpty } ?? "vi"
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                // What she types there is not for us.
                let before = signal(SIGINT, SIG_IGN)
                defer { signal(SIGINT, before) }
                continuation.resume(returning: run(["/bin/sh", "-c", "\(editor) \"$1\"", "sh", file]))
            }
        }
    }

    private static func run(_ words: [String]) -> Bool {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawn(&process, words[0], nil, &attributes, &arguments, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { if errno != EINTR { return false } }
        return status == 0
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
