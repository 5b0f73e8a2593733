import CPostgres
import Foundation

extension Session {
    typealias Listener = AsyncThrowingStream<PostgresNotification, any Error>.Continuation

    /// Begins to listen.
    func listen(_ channel: String, _ id: UUID, _ listener: Listener) throws(PostgresError) {
        let isFirst = listeners[channel] == nil
        listeners[channel, default: [:]][id] = listener
        guard isFirst else { return }
        do throws(PostgresError) {
            _ = try exchange([PostgresStatement("LISTEN \(Session.quoted(channel))")])
        } catch {
            listeners[channel] = nil
            throw error
        }
    }

    /// Stops listening when nobody does any more.
    func unlisten(_ channel: String, _ id: UUID) {
        listeners[channel]?[id] = nil
        guard listeners[channel]?.isEmpty == true else { return }
        listeners[channel] = nil
        // A connection that breaks here is found broken by whoever uses it next.
        _ = try? exchange([PostgresStatement("UNLISTEN \(Session.quoted(channel))")])
    }

    /// Hands on what has arrived.
    func deliverNotifications() {
        guard let handle else { return }
        while let arrived = PQnotifies(handle.pointer) {
            defer { PQfreemem(arrived) }
            let notification = PostgresNotification(
                channel: String(cString: arrived.pointee.relname), payload: String(cString: arrived.pointee.extra))
            for listener in (listeners[notification.channel] ?? [:]).values { listener.yield(notification) }
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
