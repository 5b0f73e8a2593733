import Crypto
import Foundation

/// Which configuration, models, prompts and articles a desk works with: digests for the audit log.
struct Editions: Sendable {
    /// Of `desk.yaml`.
    let configuration: String
    /// The models' names.
    let models: [String]
    /// The folder of prompts, knowledge, …
    let templates: String

    /// What costs nothing to tell.
    var brief: [String: String] {
        ["configuration": configuration, "models": models.isEmpty ? "embedded" : models.joined(separator: ",")]
    }

    /// Everything, with what has to be read from files.
    func full() -> [String: String] {
        brief.merging(
            ["prompts", "knowledge"].map { ($0, Self.digest(ofFolder: "\(templates)/\($0)")) }, uniquingKeysWith: { $1 }
        )
    }

    /// SHA-256 of a folder's files, with their names.
    private static func digest(ofFolder path: String) -> String {
        var hash = SHA256()
        let names = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else { continue }
            hash.update(data: Data("\(name)\n\(data.count)\n".utf8))
            hash.update(data: data)
        }
        return hash.finalize().hexadecimal
    }
}
