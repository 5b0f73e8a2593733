/// What `KnownPerson` values come to, in the form in which texts are compared with them.
struct KnownFacts: Sendable {
    /// The last ten digits of each phone.
    private(set) var phones: Set<String> = []
    private(set) var names = NameIndex()
    private(set) var places = PlaceIndex()

    /// Of nobody.
    static let none = KnownFacts([])

    init(_ people: [KnownPerson]) {
        for person in people {
            for phone in person.phones {
                let digits = Shadow(phone).bytes.filter(\.isDigit)
                if digits.count >= 7 { phones.insert(Normal.phone(digits: digits)) }
            }
            names.add(person.names)
            for address in person.postalAddresses { places.add(address) }
        }
    }
}

/// Names by the folded hash of each of their words.
struct NameIndex: Sendable {
    struct Entry: Sendable {
        let person: Int
        /// Three letters or more (two in scripts without case), no everyday word: alone it names the person.
        let standsAlone: Bool
    }

    private(set) var entries: [UInt64: [Entry]] = [:]
    /// Words long enough to be recognised with one letter wrong, by their first byte.
    private(set) var long: [UInt8: [(bytes: [UInt8], hash: UInt64)]] = [:]
    /// The normalised full name of each person.
    private(set) var keys: [String] = []

    var isEmpty: Bool { entries.isEmpty }

    /// Adds the names of one person.
    mutating func add(_ names: [String]) {
        let person = keys.count
        var longest = ""
        for name in names {
            let shadow = Shadow(name)
            // A display name may be the address itself: that is found as an address.
            if shadow.bytes.contains(UInt8(ascii: "@")) { continue }
            let words = Words(shadow).items
            guard words.count <= 12 else { continue }
            let key = Normal.words(shadow)
            if key.utf8.count > longest.utf8.count { longest = key }
            for word in words where !word.isNumber {
                // "Will" and "May" belong to "Will Young" and "May Best", though never alone.
                let isName =
                    !Lexicon.hashes.notNames.contains(word.hash)
                    || words.count > 1 && Lexicon.hashes.ambiguousNames.contains(word.hash)
                if isName { add(word, bytes: Fold.bytes(shadow.bytes[word.start..<word.end]), to: person) }
            }
            if words.count > 1 { addJoined(words, shadow, to: person) }
        }
        keys.append(longest)
    }

    private mutating func add(_ word: Words.Word, bytes: [UInt8], to person: Int) {
        let hasCase = bytes.contains(where: \.isLetter)
        let standsAlone = word.length >= (hasCase ? 3 : 2) && !Lexicon.hashes.ambiguousNames.contains(word.hash)
        insert(word.hash, Entry(person: person, standsAlone: standsAlone))
        if standsAlone, bytes.count >= 6, let first = bytes.first, first.isLetter {
            long[first, default: []].append((bytes, word.hash))
        }
    }

    /// "priyasharma", as in a handle.
    private mutating func addJoined(_ words: [Words.Word], _ shadow: Shadow, to person: Int) {
        let joined = words.flatMap { Fold.bytes(shadow.bytes[$0.start..<$0.end]) }
        if joined.count >= 8 { insert(Hash64.of(joined), Entry(person: person, standsAlone: true)) }
    }

    private mutating func insert(_ hash: UInt64, _ entry: Entry) {
        if entries[hash]?.contains(where: { $0.person == entry.person }) != true {
            entries[hash, default: []].append(entry)
        }
    }

    /// Whether every word of `name` belongs to somebody already.
    func holdsAll(of name: String) -> Bool {
        Words(Shadow(name)).items.allSatisfy { entries[$0.hash] != nil }
    }

    /// The normalised full name of the one person to whom every word in `range` belongs.
    func person(of words: Words, in range: Range<Int>) -> String? {
        var people: Set<Int>?
        var index = words.index(atOrAfter: range.lowerBound)
        while index < words.items.count, words.items[index].start < range.upperBound {
            let owners = Set((entries[words.items[index].hash] ?? []).map(\.person))
            people = people?.intersection(owners) ?? owners
            index += 1
        }
        return people.flatMap { $0.count == 1 ? $0.first : nil }.map { keys[$0] }
    }

    /// The known word that `word` is with one letter wrong, missing, added, or two exchanged.
    func nearest(to word: [UInt8]) -> UInt64? {
        guard word.count >= 6, word.count <= 32, let first = word.first else { return nil }
        return long[first]?.first { NameIndex.isOneEditApart($0.bytes, word) }?.hash
    }

    static func isOneEditApart(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard abs(a.count - b.count) <= 1 else { return false }
        var start = 0
        while start < min(a.count, b.count), a[start] == b[start] { start += 1 }
        var tail = 0
        while tail < min(a.count, b.count) - start, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
        let (left, right) = (a[start..<a.count - tail], b[start..<b.count - tail])
        if left.count <= 1, right.count <= 1 { return true }
        return left.count == 2 && right.count == 2 && left.first == right.last && left.last == right.first
    }
}

/// Postal addresses as words: streets to match, localities that only count beside one, postcodes that need their town.
struct PlaceIndex: Sendable {
    struct Street: Sendable {
        let words: [UInt64]
        let beginsWithNumber: Bool
    }

    private(set) var streets: [Street] = []
    /// Streets by the first word, and by the second where the first is a house number.
    private(set) var starts: [UInt64: [(street: Int, offset: Int)]] = [:]
    /// Words of towns, states and countries.
    private(set) var localities: Set<UInt64> = []
    private(set) var postcodes: Set<UInt64> = []

    var isEmpty: Bool { streets.isEmpty && postcodes.isEmpty }

    /// Adds the lines of one address.
    mutating func add(_ lines: [String]) {
        let segments = lines.flatMap { $0.split(whereSeparator: { $0 == "," || $0 == "\n" || $0 == "\r\n" }) }
        for (position, segment) in segments.enumerated() {
            let shadow = Shadow(String(segment))
            let words = Words(shadow).items
            guard !words.isEmpty, words.count <= 24 else { continue }
            let isStreet =
                words.contains { PlaceIndex.streetWords.contains(PlaceIndex.normal($0.hash)) }
                || (position == 0 && words.count > 1)
                || (words.count > 1 && words[0].isNumber && words[0].length <= 4 && position < 2)
            if isStreet { addStreet(words) } else { addLocality(words, shadow) }
        }
    }

    private mutating func addStreet(_ words: [Words.Word]) {
        let street = Street(words: words.map { PlaceIndex.normal($0.hash) }, beginsWithNumber: words[0].isNumber)
        guard street.words.count >= 2 else { return }
        starts[street.words[0], default: []].append((streets.count, 0))
        if street.words.count >= 3 { starts[street.words[1], default: []].append((streets.count, 1)) }
        streets.append(street)
    }

    private mutating func addLocality(_ words: [Words.Word], _ shadow: Shadow) {
        for word in words {
            let hasDigit = shadow.bytes[word.start..<word.end].contains(where: \.isDigit)
            if hasDigit { postcodes.insert(word.hash) } else if word.length >= 3 { localities.insert(word.hash) }
        }
    }

    /// "Rd" and "Road" are one word.
    static func normal(_ hash: UInt64) -> UInt64 { Lexicon.hashes.addressForms[hash] ?? hash }

    private static let streetWords: Set<UInt64> = Set(
        [
            "road", "street", "avenue", "lane", "drive", "boulevard", "marg", "nagar", "colony", "society", "sector",
            "block",
            "floor", "house", "flat", "apartment", "apartments", "building", "tower", "towers", "villa", "residency",
            "enclave", "vihar", "layout", "cross", "main", "plot", "phase", "gali", "chowk", "bazaar", "bagh", "puram",
            "heights", "near", "opposite", "behind", "square", "court", "way", "close", "place", "crescent", "terrace",
            "park", "garden", "gardens", "strasse", "platz", "weg", "allee", "rue", "calle", "via", "highway", "suite",
            "unit", "box", "मार्ग", "रोड", "नगर", "गली", "सड़क", "कॉलोनी", "मकान", "फ्लैट", "सेक्टर", "विहार", "चौक",
        ].map { Fold.hash(Fold.bytes($0)) })
}
