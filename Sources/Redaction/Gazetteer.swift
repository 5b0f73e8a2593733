/// What is known about words without any context: a table from the hash of a folded word to what it can be.
///
/// Read once, at first use, from the lists beside it; about ten thousand words in half a megabyte.
struct Gazetteer: Sendable {
    /// What a word can be; most can be several things.
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt32
        static let given = Traits(rawValue: 1 << 0)
        static let family = Traits(rawValue: 1 << 1)
        static let common = Traits(rawValue: 1 << 2)
        static let city = Traits(rawValue: 1 << 3)
        static let country = Traits(rawValue: 1 << 4)
        static let state = Traits(rawValue: 1 << 5)
        /// The first word of a place of several.
        static let opensPlace = Traits(rawValue: 1 << 6)
        static let people = Traits(rawValue: 1 << 7)
        static let streetEnd = Traits(rawValue: 1 << 8)
        static let strongStreetEnd = Traits(rawValue: 1 << 9)
        static let streetStart = Traits(rawValue: 1 << 10)
        static let unit = Traits(rawValue: 1 << 11)
        static let firmEnd = Traits(rawValue: 1 << 12)
        static let firmWord = Traits(rawValue: 1 << 13)
        static let firm = Traits(rawValue: 1 << 14)
        static let honorific = Traits(rawValue: 1 << 15)
        static let particle = Traits(rawValue: 1 << 16)
        static let profession = Traits(rawValue: 1 << 17)
        static let month = Traits(rawValue: 1 << 18)
        static let weekday = Traits(rawValue: 1 << 19)
        static let placeLead = Traits(rawValue: 1 << 20)
        static let personLead = Traits(rawValue: 1 << 21)
        static let firmLead = Traits(rawValue: 1 << 22)
        static let firmFollower = Traits(rawValue: 1 << 23)

        static let zipLead = Traits(rawValue: 1 << 24)

        static let place: Traits = [.city, .country, .state]
        static let name: Traits = [.given, .family]
    }

    static let shared = Gazetteer()

    private var keys: [UInt64]
    private var values: [Traits]
    private let mask: Int
    /// Places of several words, by the hash of the hashes of their words.
    private var phrases: Set<UInt64> = []
    /// No place has more words.
    static let maximumPhrase = 5

    private init() {
        let capacity = 1 << 15
        mask = capacity - 1
        keys = Array(repeating: 0, count: capacity)
        values = Array(repeating: [], count: capacity)
        for (text, traits) in Gazetteer.lists { add(text, traits) }
        for word in Lexicon.notNames.union(Lexicon.ambiguousNames) { insert(Fold.hash(Fold.bytes(word)), .common) }
        addPhrases()
    }

    private static let lists: [(StaticString, Traits)] = [
        (givenNames, .given), (indianGivenNames, .given), (familyNames, .family), (commonWords, .common),
        (countries, .country), (cities, .city), (states, .state), (peoples, .people), (streetEnds, .streetEnd),
        (strongStreetEnds, .strongStreetEnd), (streetStarts, .streetStart), (units, .unit), (firmEnds, .firmEnd),
        (firmWords, .firmWord), (firms, .firm), (honorifics, .honorific), (particles, .particle),
        (professions, [.profession, .common]), (months, .month), (weekdays, .weekday), (placeLeads, .placeLead),
        (personLeads, .personLead), (firmLeads, .firmLead), (firmFollowers, .firmFollower), (zipLeads, .zipLead),
        (hindiGivenNames, .given),
        (hindiFamilyNames, .family), (hindiPlaces, .city), (hindiAddressWords, [.streetEnd, .strongStreetEnd]),
        (hindiMonths, .month),
    ]

    private mutating func add(_ text: StaticString, _ traits: Traits) {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        var index = 0
        while index < bytes.count {
            var hash = Hash64()
            let start = index
            var plain = true
            while index < bytes.count, bytes[index] > 0x20 {
                if bytes[index] >= 0x80 { plain = false }
                hash.add(bytes[index])
                index += 1
            }
            if index > start {
                let word = UnsafeBufferPointer(rebasing: bytes[start..<index])
                insert(plain ? hash.value : Fold.hash(word), traits)
            }
            index += 1
        }
    }

    private mutating func addPhrases() {
        var combined: UInt64 = 0
        var hash = Hash64()
        var first: UInt64?
        var isInWord = false
        func end(_ table: inout Gazetteer) {
            guard isInWord else { return }
            if first == nil { first = hash.value }
            combined = Gazetteer.join(combined, hash.value)
            hash = Hash64()
            isInWord = false
        }
        Gazetteer.placePhrases.withUTF8Buffer { bytes in
            for byte in bytes {
                switch byte {
                case 0x20, 0x0A: end(&self)
                case UInt8(ascii: ","):
                    end(&self)
                    close(&combined, &first)
                default:
                    hash.add(byte)
                    isInWord = true
                }
            }
        }
        end(&self)
        close(&combined, &first)
    }

    private mutating func close(_ combined: inout UInt64, _ first: inout UInt64?) {
        if let word = first {
            phrases.insert(combined)
            insert(word, .opensPlace)
        }
        combined = 0
        first = nil
    }

    private mutating func insert(_ hash: UInt64, _ traits: Traits) {
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while keys[slot] != 0, keys[slot] != hash { slot = (slot + 1) & mask }
        keys[slot] = hash
        values[slot].formUnion(traits)
    }

    /// What a word can be, by its hash in ``Words``.
    @inline(__always) func traits(of hash: UInt64) -> Traits {
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        return keys.withUnsafeBufferPointer { keys in
            while keys[slot] != 0 {
                if keys[slot] == hash { return values[slot] }
                slot = (slot + 1) & mask
            }
            return []
        }
    }

    /// Adds a word to the hash of a phrase.
    static func join(_ phrase: UInt64, _ word: UInt64) -> UInt64 { (phrase ^ word) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    func isPlace(phrase: UInt64) -> Bool { phrases.contains(phrase) }
}
