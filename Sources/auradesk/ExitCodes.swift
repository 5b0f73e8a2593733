import ArgumentParser
import Mail
import Redaction
import SupportDesk

extension DeskError {
    /// The exit code of `sysexits.h` for this kind of failure.
    var exitCode: ExitCode {
        switch code {
        case .configuration: ExitCode(78)
        case .data: ExitCode(65)
        case .locked: ExitCode(75)
        case .permission: ExitCode(77)
        default: ExitCode(69)
        }
    }
}

/// Runs a command's body and turns the desk's errors into one line and an exit code. Of an error that is not ours only
/// the type is said: its words may quote what it is about.
/// - Parameter log: where the line goes; nil: to the person who runs the command.
func reporting(_ log: Log? = nil, _ body: () async throws -> Void) async throws {
    func say(_ line: String) {
        guard let log, log.format != .human else { return Terminal.say("auradesk: \(line)") }
        log.say(.error, line)
    }
    do {
        try await body()
    } catch let error as DeskError {
        say("\(error)")
        throw error.exitCode
    } catch  where error is ExitCode || error is ValidationError || error is CleanExit {
        throw error
    } catch {
        let isOurs = error is MailError || error is RedactionError
        say("\(isOurs ? "\(error)" : "stopped by an error of the type \(type(of: error))")")
        throw ExitCode(70)
    }
}
