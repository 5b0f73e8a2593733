import Foundation

/// Places where a test can end the process, to prove that nothing is lost or doubled there.
///
/// `AURADESK_FAULT=NAME` (or `NAME:COUNT`, the COUNTth time) kills the process at the point of that name;
/// `NAME:COUNT:stop` stops it there until it is told to go on, so that something can happen in between. For `parse` it
/// is `parse:TEXT`, and a message that contains TEXT crashes the parser. Compiled into debug builds only.
enum FaultPoint: String {
    /// Inside the parser.
    case parse
    /// The attempt is committed, nothing was looked at.
    case begun
    /// What a voice message says is written down and kept.
    case heard
    /// A reply was read aloud, the outcome is not committed.
    case spoke
    /// The outcome is committed, nothing was sent.
    case decided
    /// A person's approval is committed, nothing was sent.
    case approved
    /// The ledger says that a draft is about to be taken out of its folder.
    case taking
    /// It was taken out, the ledger does not know it.
    case taken
    /// An answer is in hand, nobody has looked whether a person was quicker.
    case claimed
    /// No person was quicker; the outbox says `queued`.
    case cleared
    /// The outbox says `sending`, no byte has left.
    case sending
    /// A ticket was made, nobody has read it back.
    case ticketMade
    /// The ticket system did what one request asked of it, and nobody has read its answer.
    case ticketWritten
    /// The effect took place, the ledger does not know it.
    case sent
    /// The ledger knows the effect, the source does not.
    case finished
    /// Some of the past is read, and more is to be.
    case replaying
    /// A conversation of the past is replayed, and perhaps not on record yet.
    case replayed
    /// Between two steps of a batch, on its way to the provider or back.
    case batching
    /// Between two steps of a key's rotation.
    case rotating
    /// A forgotten person's tickets are removed, the ledger still has her conversation.
    case forgetting
    /// A page of lessons was read, and is not on record yet.
    case collecting
    /// A model's file is written, the ledger does not know it.
    case trained
    /// Between two steps of the beginning of a new key.
    case abandoning

    #if DEBUG
        private static let armed = ProcessInfo.processInfo.environment["AURADESK_FAULT"].map { setting in
            let parts = setting.split(separator: ":", maxSplits: 1).map(String.init)
            let argument = parts.count > 1 ? parts[1] : "1"
            let isStop = argument.hasSuffix(":stop")
            return (name: parts.first ?? "", argument: isStop ? String(argument.dropLast(5)) : argument, isStop: isStop)
        }
        private static let passes = Passes()

        /// Counts how often the armed point was passed.
        private actor Passes {
            private var count = 0
            func next() -> Int {
                count += 1
                return count
            }
        }
    #endif

    /// Ends the process when the bytes hold the armed text.
    func reach(_ bytes: [UInt8]) {
        #if DEBUG
            guard let armed = Self.armed, armed.name == rawValue, !armed.argument.isEmpty else { return }
            if String(decoding: bytes, as: UTF8.self).contains(armed.argument) { abort() }
        #endif
    }

    /// Ends the process without any clean-up when this point is armed and its count is reached.
    func reach() async {
        #if DEBUG
            guard let armed = Self.armed, armed.name == rawValue else { return }
            guard await Self.passes.next() == Int(armed.argument) ?? 1 else { return }
            // Sent to this very thread, which therefore goes no step further.
            if armed.isStop { raise(SIGSTOP) } else { kill(getpid(), SIGKILL) }
        #endif
    }
}
