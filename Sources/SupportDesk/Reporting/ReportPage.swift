import Foundation
import Mustache

/// A report as one HTML file that needs nothing else: no script, no font, no picture from anywhere. Its words and its looks are in
/// `Templates/report/page.mustache`.
public struct ReportPage {
    private let template: MustacheTemplate
    private let path: String

    /// - Parameter templates: the shop's own folder of templates; nil: those that came with the program. A folder from before
    ///   there were reports has no page: then that of the program is taken.
    /// - Throws: `DeskError` when the page is not there, or is no template.
    public init(templates: String?) throws {
        let own = try Layout(templates: templates).templates + "/report/page.mustache"
        let isThere = FileManager.default.fileExists(atPath: own)
        path = isThere ? own : try Layout().templates + "/report/page.mustache"
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else { throw DeskError(.configuration, "\(path): not readable as UTF-8") }
        do {
            template = try MustacheTemplate(string: text)
        } catch {
            throw DeskError(.configuration, "\(path): not a mustache template")
        }
    }

    /// The page.
    /// - Throws: `DeskError` when the template asks for a value that is not there.
    public func text(_ report: Report) throws -> String {
        let text = template.render(PageValues(report).context)
        guard !text.unicodeScalars.contains(ReplyTemplate.missingMark) else {
            throw DeskError(.configuration, "\(path): asks for a value that is not there")
        }
        return text
    }

    /// Writes the page to a file, whole or not at all.
    public func write(_ report: Report, to file: String) throws {
        let absolute = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        try DurableFile.write([UInt8](try text(report).utf8), to: absolute)
    }
}
