import Foundation
import Triage

extension LanguageWords {
    /// Reads `words/<language>.yaml` of all languages that a shop has added; none for a folder that is not there.
    /// - Throws: `DeskError` naming file and key.
    static func all(in folder: String) throws -> [String: LanguageWords] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var all: [String: LanguageWords] = [:]
        for name in names.sorted() where name.hasSuffix(".yaml") {
            let reader = try ConfigurationReader.root(of: "\(folder)/\(name)")
            var phrases: [String: [String]] = [:]
            for kind in kinds { phrases[kind] = try reader.texts(kind) }
            if let missing = alarms.first(where: { phrases[$0]?.isEmpty ?? true }) {
                throw reader.error(
                    missing, "is missing: mail in a language is answered only where its alarms are known")
            }
            try reader.finish()
            all[String(name.dropLast(5))] = LanguageWords(phrases: phrases)
        }
        return all
    }
}
