import Testing

@testable import Transport

/// The error that `body` throws. That it throws none, or another one, is a failure of the test.
func transportError<Value>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async -> TransportError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as TransportError {
        return error
    } catch {
        Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}

extension Submission {
    /// The recipients for whom the server has taken over the message.
    var acceptedRecipients: [String] {
        accepted ? recipients.filter(\.reply.isPositive).map(\.address) : []
    }
}
