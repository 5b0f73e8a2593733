import Foundation
import Postgres

/// What a person may do with a desk.
public enum Permission: String, Sendable, Comparable, CaseIterable {
    /// Look at what was done, with placeholders for people: `status`, `drafts`, `explain`, `audit`.
    case viewer
    /// Read mail and decide on drafts as well, and stop the desk: `approve`, `edit`, `reject`, `pause`, `resume`.
    case agent
    /// Everything.
    case admin

    /// By what they may do.
    public static func < (first: Permission, second: Permission) -> Bool { first.rank < second.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who has which role, by users and groups of the operating system, a group with `@` in front; or by roles of the PostgreSQL in
/// which the ledger is, with `postgres:` in front. Without the section whoever can read the state folder may do everything.
public struct Roles: Sendable {
    private let holders: [Permission: Set<String>]

    fileprivate static let serverMark = "postgres:"

    /// Nobody is kept from anything.
    init() { holders = [:] }

    init(_ holders: [Permission: Set<String>]) { self.holders = holders }

    /// Whether anything is said.
    var isEmpty: Bool { holders.isEmpty }

    /// Whether the ledger's server knows who has which.
    var areServers: Bool { holders.values.joined().contains { $0.hasPrefix(Self.serverMark) } }

    /// The role of a user; nil when she has none.
    /// - Parameter owner: whom the state folder belongs to; it and the superuser may do everything.
    func role(of caller: Caller, owner: uid_t?) -> Permission? {
        if isEmpty || caller.number == 0 || caller.number == owner { return .admin }
        return highest(caller.groups.map { "@\($0)" } + [caller.name])
    }

    /// The role of whom a server knows under these names; nil when she has none. The machine's owner and superuser count for
    /// nothing: it may be her own machine.
    func role(onServer names: [String]) -> Permission? { highest(names.map { Self.serverMark + $0 }) }

    private func highest(_ names: [String]) -> Permission? {
        Permission.allCases.last { role in holders[role].map { !$0.isDisjoint(with: names) } ?? false }
    }
}

extension Roles {
    /// Reads the section `roles`.
    init(_ reader: ConfigurationReader) throws {
        var holders: [Permission: Set<String>] = [:]
        for role in Permission.allCases {
            let names = try reader.oneOrMore(role.rawValue)
            guard names.allSatisfy({ !["", "@", Self.serverMark].contains($0) }) else {
                throw reader.error(role.rawValue, "must be users, groups such as @support, or postgres:ROLE")
            }
            guard Set((names + holders.values.joined()).map { $0.hasPrefix(Self.serverMark) }).count < 2 else {
                throw reader.error(
                    role.rawValue, "names users of the machine beside roles of PostgreSQL: one or the other tells")
            }
            if !names.isEmpty { holders[role] = Set(names) }
        }
        try reader.finish()
        self.init(holders)
    }
}

extension DeskConfiguration {
    /// Makes sure that whoever called the program has a role.
    /// - Throws: `DeskError` with code `permission`; `ledger` when the server that knows cannot be asked.
    public func require(_ role: Permission) async throws {
        if roles.isEmpty { return }
        guard let held = try await heldRole(), held >= role else {
            throw DeskError(
                .permission, "this needs the role \(role.rawValue), which you do not have (roles in desk.yaml)")
        }
    }

    /// Whether whoever called may read what people wrote and what is on record of them; to others placeholders are shown.
    public func maySeePeople() async -> Bool { (try? await require(.agent)) != nil }

    private func heldRole() async throws -> Permission? {
        guard roles.areServers else {
            var entry = stat()
            // Where there is none yet, it will belong to whoever makes it.
            return roles.role(of: Caller(), owner: stat(state, &entry) == 0 ? entry.st_uid : geteuid())
        }
        guard case .postgres(let server, _, _) = keys.store else { return nil }
        let pool = PostgresPool(server, size: 1)
        do {
            // Of the session, whatever role it has taken on since; a superuser has all.
            let rows = try await pool.query(
                "SELECT rolname::text AS name FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')")
            await pool.shutdown()
            return roles.role(onServer: try rows.map { try $0.text("name") })
        } catch {
            await pool.shutdown()
            throw DeskError(.ledger, "cannot ask the ledger's server for your roles: \(error)")
        }
    }
}
