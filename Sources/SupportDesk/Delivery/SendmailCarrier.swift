import Transport

/// Hands mail to a command with the manners of `sendmail`: the mail on standard input, the envelope as arguments, the outcome as
/// an exit code of `sysexits.h`. No shell is involved.
public struct SendmailCarrier: MailCarrier {
    private let command: [String]
    private let timeLimit: Duration

    /// - Parameters:
    ///   - command: the absolute path of the program and its first arguments; what every mail needs is added.
    ///   - timeLimit: how long it may take for one mail; then it is ended.
    public init(command: [String], timeLimit: Duration = .seconds(60)) {
        self.command = command
        self.timeLimit = timeLimit
    }

    /// The program.
    public var name: String { "command \(command.first ?? "")" }

    /// Runs the command once.
    public func carry(_ envelope: Envelope) async -> Carriage {
        guard Transport.Envelope.isAddress(envelope.recipient),
            envelope.sender.map(Transport.Envelope.isAddress) ?? true
        else { return .refused(reason: "an address that cannot be sent to") }
        // `-i`: a line of a lone dot is text, not the end. `--`: what follows is no option, whatever it looks like.
        let words = command + ["-i", "-f", envelope.sender ?? "<>", "--", envelope.recipient]
        // On this side of a mail system lines end with LF.
        let input = envelope.bytes.filter { $0 != 0x0D }
        let ending = await Command.run(words, input: input, timeLimit: timeLimit)
        switch ending {
        case .notStarted(let reason): return .unreachable(reason: "\(name): \(reason)")
        // Ended from outside: it may have handed the mail on before.
        case .signalled(let signal): return .uncertain(reason: "\(name) was ended by signal \(signal)")
        case .overdue: return .uncertain(reason: "\(name) took longer than allowed")
        case .exited(let code): return Self.carriage(code, reason: "\(name) ended with \(code)")
        }
    }

    /// The codes of `sysexits.h`. What is not about this mail is no reason to give it up.
    private static func carriage(_ code: Int32, reason: String) -> Carriage {
        switch code {
        case 0: .accepted(remote: nil)
        // EX_DATAERR, EX_NOUSER, EX_NOHOST. QUIRK: qmail's programs say 100 for "never".
        case 65, 67, 68, 100: .refused(reason: reason)
        // EX_USAGE, EX_NOPERM, EX_CONFIG: the command as it is configured does not work, for any mail.
        case 64, 77, 78: .unreachable(reason: reason)
        default: .deferred(reason: reason)
        }
    }

    /// What was handed to a command cannot be looked for.
    public func presence(of messageID: String) async -> Presence { .unknown }

    /// Nothing is open between two calls.
    public func close() async {}
}
