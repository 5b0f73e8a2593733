import Foundation
import Mail

@testable import SupportDesk

/// What in the demo shop is about somebody: names, addresses, phones, homes, and whatever people wrote.
enum PersonalData {
    /// Texts in lower case, each telling enough that it stands nowhere by chance.
    static func ofDemo() throws -> Set<String> {
        var texts: Set<String> = []
        for customer in try customersOfDemo() {
            texts.formUnion([customer.name, customer.phone].compactMap(\.self) + customer.addresses)
            texts.formUnion(customer.postalAddress?.lines ?? [])
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(PackageFolder.demo)/mail") {
            let bytes = FileManager.default.contents(atPath: "\(PackageFolder.demo)/mail/\(name)") ?? Data()
            guard let message = try? Message(parsing: [UInt8](bytes)) else { continue }
            let people = (message.from + message.to + message.cc + message.replyTo)
                .filter { !$0.address.hasSuffix("@neemandclay.example") }
            texts.formUnion(people.map(\.address) + people.compactMap(\.name))
            texts.insert(message.subject)
            texts.formUnion(message.text.split(separator: "\n").map(String.init))
        }
        // A single word may be an intent's name as well.
        return Set(
            texts.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
                .filter { $0.utf8.count >= 9 && ($0.contains(" ") || $0.contains("@")) })
    }

    /// The demo shop's customers.
    static func customersOfDemo() throws -> [Customer] {
        let data = FileManager.default.contents(atPath: "\(PackageFolder.demo)/customers.json") ?? Data()
        guard case .array(let records) = try JSONNode(parsing: [UInt8](data)) else { return [] }
        return records.compactMap { RawCustomer(.json($0)).customer(RecordDays(shop: .gmt)) }
    }
}
