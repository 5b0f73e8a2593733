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
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as DeskError {
        Terminal.say("auradesk: \(error)")
        throw error.exitCode
    } catch  where error is ExitCode || error is ValidationError || error is CleanExit {
        throw error
    } catch {
        let isOurs = error is MailError || error is RedactionError
        Terminal.say("auradesk: \(isOurs ? "\(error)" : "stopped by an error of the type \(type(of: error))")")
        throw ExitCode(70)
    }
}
