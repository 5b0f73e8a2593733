import Foundation
import Testing

/// What headless Chromium makes of a page that we write: on a phone and a desktop, light, dark and printed, by keyboard and
/// by ear.
struct BrowsedPage: Decodable {
    struct View: Decodable {
        let problems: [String]
        let height: Double
    }
    struct Stop: Decodable {
        let tag: String
        let text: String
        let outline: Bool
    }
    struct Node: Decodable {
        let role: String
        let name: String
    }
    struct Print: Decodable {
        let paper: String
        let ink: String
        let nav: String
    }

    let views: [String: View]
    let tab: [Stop]
    let spoken: [Node]
    let print: Print
    let requests: [String]

    /// The largest that a page may be, bytes.
    static let limit = 300_000

    /// Opens a page. Its pictures lie in `AURADESK_TEST_SCREENSHOTS`, for whoever wants to see them.
    init(_ html: String, named name: String) throws {
        let folder = try ScratchFolder()
        let page = try folder.write(name, html)
        let script = "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/report/browse.py"
        let shots = ProcessInfo.processInfo.environment["AURADESK_TEST_SCREENSHOTS"] ?? folder.path
        self = try JSONDecoder().decode(Self.self, from: Python.run(script, [page, shots]))
    }

    /// What is read to whoever cannot see it: role and name.
    var words: Set<String> { Set(spoken.map { "\($0.role == "img" ? "image" : $0.role) \($0.name)" }) }

    /// Nothing is wrong with it in any view, and it asks nobody for anything.
    func expectGood() {
        #expect(views.count == 4)
        for (name, view) in views { #expect(view.problems.isEmpty, "\(name): \(view.problems)") }
        #expect(requests.isEmpty)
    }

    /// The first stop of the Tab key leads past the rest, and each is seen; on paper it is black on white.
    func expectUsable() {
        #expect(tab.first?.text == "Skip to the figures")
        for stop in tab where stop.tag != "BODY" { #expect(stop.outline, "\(stop.tag) \(stop.text)") }
        #expect(print.paper == "rgb(255, 255, 255)" && print.ink == "rgb(0, 0, 0)")
    }
}
