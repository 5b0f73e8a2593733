import Foundation

/// The user of the operating system on whose behalf the program runs: who called it through sudo, else who runs it.
struct Caller: Sendable {
    let number: uid_t
    let name: String
    /// The names of the groups.
    let groups: Set<String>

    /// The number of the present one, for the audit log.
    static let number = String(present)

    private static var present: uid_t {
        number(ProcessInfo.processInfo.environment, real: getuid(), effective: geteuid())
    }

    /// sudo(8) sets the number itself, for whoever may use it for this program only. A program that has its rights from its
    /// file (setuid) gets its environment from whoever starts it, and believes nothing of it.
    static func number(_ environment: [String: String], real: uid_t, effective: uid_t) -> uid_t {
        guard real == effective else { return real }
        return environment["SUDO_UID"].flatMap(uid_t.init) ?? real
    }

    /// Looks the present user up.
    init() {
        number = Self.present
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            (name, groups) = ("", [])
            return
        }
        name = String(cString: entry.pw_name)
        var count: Int32 = 256
        var numbers = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(entry.pw_name, entry.pw_gid, &numbers, &count) >= 0 else {
            groups = []
            return
        }
        groups = Set(numbers.prefix(Int(count)).compactMap(Self.name(ofGroup:)))
    }

    init(number: uid_t, name: String, groups: Set<String>) {
        (self.number, self.name, self.groups) = (number, name, groups)
    }

    private static func name(ofGroup number: gid_t) -> String? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        guard getgrgid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return String(cString: entry.gr_name)
    }
}
