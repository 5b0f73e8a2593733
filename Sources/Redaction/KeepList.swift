/// What stays readable: the shop's own addresses, hosts, phones, and phrases such as its name and postal address.
struct KeepList: Sendable {
    private(set) var phones: Set<String> = []
    /// Phrases as the hashes of their words, by the first of them.
    private(set) var phrases: [UInt64: [[UInt64]]] = [:]
    private var addresses: Set<[UInt8]> = []
    private var domains: Set<[UInt8]> = []

    /// "help@shop.example" keeps that address, "@shop.example" every address of the domain, seven digits or more a
    /// phone, anything else the phrase.
    init(_ entries: [String]) {
        for entry in entries {
            let bytes = Shadow(entry).bytes.filter { !$0.isSpace }.map(\.lowercased)
            if bytes.first == UInt8(ascii: "@") {
                domains.insert(Array(bytes.dropFirst()))
            } else if bytes.contains(UInt8(ascii: "@")) {
                addresses.insert(bytes)
            } else if bytes.filter(\.isDigit).count >= 7, !bytes.contains(where: { $0.isLetter || $0 >= 0x80 }) {
                phones.insert(Normal.phone(digits: bytes.filter(\.isDigit)))
            } else {
                let words = Words(Shadow(entry)).items.map(\.hash)
                if let first = words.first { phrases[first, default: []].append(words) }
            }
        }
    }

    func keepsAddress(local: [UInt8], domain: [UInt8]) -> Bool {
        if domains.contains(domain) { return true }
        return !addresses.isEmpty && addresses.contains(local + [UInt8(ascii: "@")] + domain)
    }

    /// Which words belong to a kept phrase.
    func marks(_ words: [Words.Word]) -> [Bool] {
        var marks = [Bool](repeating: false, count: words.count)
        guard !phrases.isEmpty else { return marks }
        for index in words.indices {
            for phrase in phrases[words[index].hash] ?? []
            where index + phrase.count <= words.count
                && phrase.indices.allSatisfy({ words[index + $0].hash == phrase[$0] })
            {
                for offset in phrase.indices { marks[index + offset] = true }
            }
        }
        return marks
    }
}
