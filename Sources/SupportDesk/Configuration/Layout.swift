import Foundation

/// Where the templates and the demo mailbox lie. `Bundle.module` traps when a binary was moved, so they are looked up here:
/// an option, the environment, beside the binary, `/usr/share/auradesk`, in this order.
public struct Layout: Sendable {
    /// The folder with `replies`, `knowledge`, `intents`, …
    public let templates: String
    /// The folder with `demo`.
    public let mailboxes: String?

    /// Finds the folders.
    /// - Parameters:
    ///   - templates: the folder named by an option or `desk.yaml`.
    ///   - mailboxes: the folder with `demo`, where it is known.
    /// - Throws: `DeskError` naming the places that were tried.
    public init(templates: String? = nil, mailboxes: String? = nil) throws {
        let environment = ProcessInfo.processInfo.environment
        self.templates = try Self.find(
            "Templates", named: templates ?? environment["AURADESK_TEMPLATES"], holding: "replies")
        self.mailboxes = try? Self.find(
            "Mailboxes", named: mailboxes ?? environment["AURADESK_MAILBOXES"], holding: "demo")
    }

    private static func find(_ name: String, named: String?, holding sign: String) throws -> String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (program as NSString).deletingLastPathComponent
        // Tests run in a package's own test binary, two folders above which the bundles lie as well.
        let candidates =
            named.map { [$0] } ?? [
                "\(beside)/AuraDesk_\(name).resources", "\(beside)/\(name)", "/usr/share/auradesk/\(name)",
            ]
        for candidate in candidates where FileManager.default.fileExists(atPath: "\(candidate)/\(sign)") {
            return candidate
        }
        throw DeskError(
            .configuration,
            "cannot find the folder \(name) with \"\(sign)\" in it; tried \(candidates.joined(separator: ", "))")
    }
}
