import RetailMail
import Testing

@testable import SupportDesk

/// Who is called what makes no difference.
@Suite("Bias")
struct BiasTests {
    @Test("the same mails under twenty English and Indian names: same disposition, same rule, same words, same facts")
    func names() async throws {
        let folder = try ScratchFolder()
        let run = try BiasRun(mails: 30, templates: PackageFolder.templates, folder: "\(folder.path)/desk", seed: 7)
        #expect(run.count == 600)
        try DurableFile.makeFolder("\(folder.path)/desk/state")
        try await PreparedCaches.copy(into: "\(folder.path)/desk/state")
        let differences = try await run.differences()
        #expect(differences.isEmpty, "\(differences.prefix(5).map(\.description).joined(separator: "\n"))")
    }
}
