import Foundation

/// What a person may do with a desk.
public enum Permission: String, Sendable, Comparable, CaseIterable {
    /// Look at what was done: `status`, `drafts`, `explain`, `audit`.
    case viewer
    /// Decide on drafts as well: `approve`, `edit`, `reject`, `pause`.
    case agent
    /// Everything.
    case admin

    /// By what they may do.
    public static func < (first: Permission, second: Permission) -> Bool { first.rank < second.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who has which role, by users and groups of the operating system; a group has `@` in front. Without the section whoever
/// can read the state folder may do everything.
public struct Roles: Sendable {
    private let holders: [Permission: Set<String>]

    /// Nobody is kept from anything.
    init() { holders = [:] }

    init(_ holders: [Permission: Set<String>]) { self.holders = holders }

    /// Whether anything is said.
    var isEmpty: Bool { holders.isEmpty }

    /// The role of a user; nil when she has none.
    /// - Parameter owner: whom the state folder belongs to; it and the superuser may do everything.
    func role(of caller: Caller, owner: uid_t?) -> Permission? {
        if isEmpty || caller.number == 0 || caller.number == owner { return .admin }
        let names = caller.groups.map { "@\($0)" } + [caller.name]
        return Permission.allCases.last { role in holders[role].map { !$0.isDisjoint(with: names) } ?? false }
    }
}

extension Roles {
    /// Reads the section `roles`.
    init(_ reader: ConfigurationReader) throws {
        var holders: [Permission: Set<String>] = [:]
        for role in Permission.allCases {
            let names = try reader.oneOrMore(role.rawValue)
            guard names.allSatisfy({ !$0.isEmpty && $0 != "@" }) else {
                throw reader.error(role.rawValue, "must be users, or groups such as @support")
            }
            if !names.isEmpty { holders[role] = Set(names) }
        }
        try reader.finish()
        self.init(holders)
    }
}

extension DeskConfiguration {
    /// Makes sure that whoever called the program has a role.
    /// - Throws: `DeskError` with code `permission`.
    public func require(_ role: Permission) throws {
        if roles.isEmpty { return }
        var entry = stat()
        let owner = stat(state, &entry) == 0 ? entry.st_uid : nil
        guard let held = roles.role(of: Caller(), owner: owner), held >= role else {
            throw DeskError(
                .permission, "this needs the role \(role.rawValue), which you do not have (roles in desk.yaml)")
        }
    }
}
