import ArgumentParser
import SupportDesk

extension DeskError {
    /// The exit code of `sysexits.h` for this kind of failure.
    var exitCode: ExitCode {
        switch code {
        case .configuration: ExitCode(78)
        case .data: ExitCode(65)
        case .locked: ExitCode(75)
        default: ExitCode(69)
        }
    }
}

/// Runs a command's body and turns the desk's errors into one line and an exit code.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as DeskError {
        Terminal.say("auradesk: \(error)")
        throw error.exitCode
    }
}
