/// The keys under which a word is found again however it is written: light stems and a folded spelling. The same code
/// makes the keys of the articles and of the questions. Linear in the word, which is cut at 40 letters.
enum WordKeys {
    /// A light English stem: plural, `-ing`, `-ed`, `-ation`, `-ment`, `-ly`, final `e` and `y`. A word with anything but
    /// lower-case ASCII letters stays as it is.
    static func stem(_ word: String) -> String {
        String(decoding: stem(Array(word.utf8.prefix(longest))), as: UTF8.self)
    }

    /// How a word sounds, roughly, whether it stands in Devanagari or in Latin letters: consonants only where there are
    /// three or more, so that `डिलीवरी` meets `delivery` and `nahin` meets `nahi`. Other scripts stay as they are.
    static func sound(_ word: String) -> String {
        var bytes = Array(latin(word).utf8.prefix(longest))
        guard bytes.allSatisfy({ $0 < 0x80 }), !bytes.allSatisfy(isDigit) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        bytes = fold(stem(bytes))
        if let ending = endings.first(where: { bytes.count >= $0.count + 3 && bytes.hasSuffix($0) }) {
            bytes.removeLast(ending.count)
        }
        let bones = bytes.filter { !isVowel($0) }
        if bones.count >= 3, let first = bytes.first {
            return String(decoding: (isVowel(first) ? [a] : []) + bones, as: UTF8.self)
        }
        return String(
            decoding: bytes.map { byte in
                switch byte {
                case UInt8(ascii: "e"), UInt8(ascii: "y"): UInt8(ascii: "i")
                case UInt8(ascii: "o"): UInt8(ascii: "u")
                default: byte
                }
            }, as: UTF8.self)
    }

    private static let longest = 40
    private static let a = UInt8(ascii: "a")

    private static func isVowel(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
            UInt8(ascii: "y"):
            true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func stem(_ word: [UInt8]) -> [UInt8] {
        var word = word
        guard word.count >= 4, word.allSatisfy({ (0x61...0x7A).contains($0) }) else { return word }
        func before(_ place: Int) -> UInt8 { word[word.count - place] }
        if word.count > 4, word.hasSuffix("ies") {
            word.replaceSubrange(word.count - 3..<word.count, with: "y".utf8)
        } else if word.hasSuffix("sses") {
            word.removeLast(2)
        } else if word.hasSuffix("es"), "sxzh".utf8.contains(before(3)) {
            word.removeLast(2)
        } else if word.hasSuffix("s"), !"suia".utf8.contains(before(2)) {
            word.removeLast()
        }
        for ending in ["ations", "ation", "ing", "ied", "ed", "ment", "ly"] {
            let rest = word.count - ending.utf8.count
            guard rest >= 3, word.hasSuffix(ending), word[..<rest].contains(where: isVowel) else { continue }
            word.removeLast(ending.utf8.count)
            if ending == "ied" { word += "y".utf8 }
            if word.count > 3, before(1) == before(2), before(1) != UInt8(ascii: "s") { word.removeLast() }
            break
        }
        if word.count > 4, word.hasSuffix("ll") { word.removeLast() }
        if word.count > 4, "ey".utf8.contains(before(1)) { word.removeLast() }
        return word
    }

    /// One spelling for what is written in many ways: `kese` and `kaise`, `phir` and `fir`, `zyada` and `jyada`.
    private static func fold(_ word: [UInt8]) -> [UInt8] {
        var word = word
        for (from, to) in spellings { word.replace(from, with: to) }
        var folded: [UInt8] = []
        for (index, byte) in word.enumerated() {
            let next = index + 1 < word.count ? word[index + 1] : 0
            switch byte {
            case UInt8(ascii: "c"):
                let isSoft = "eiy".utf8.contains(next)
                folded.append(isSoft ? UInt8(ascii: "s") : next == UInt8(ascii: "h") ? byte : UInt8(ascii: "k"))
            case UInt8(ascii: "g") where next == UInt8(ascii: "e"): folded.append(UInt8(ascii: "j"))
            case UInt8(ascii: "h") where folded.last.map("kgtdbjs".utf8.contains) ?? false: break
            default: folded.append(byte)
            }
        }
        for (from, to) in vowels { folded.replace(from, with: to) }
        return folded.reduce(into: []) { word, byte in if word.last != byte { word.append(byte) } }
    }

    private static func pairs(_ list: String) -> [([UInt8], [UInt8])] {
        list.split(separator: " ").map { pair in
            let sides = pair.split(separator: ">")
            return (Array(sides[0].utf8), Array(sides[1].utf8))
        }
    }

    private static let spellings = pairs("chh>ch ph>f w>v z>j q>k x>ks ck>k")
    private static let vowels = pairs("ee>i oo>u aa>a ai>e ay>e ei>e au>o ou>o")

    /// Endings of Hindi verbs and nouns in Latin letters, longest first where one ends in another.
    private static let endings = """
        iyega iyen iyan iyon aiye aon aen ain iye aya aye ayi ane ana ani ata ate ati oge enge unga ungi ega egi \
        on en in an na ne ni ta te ti ya ye yi kar a e i o u
        """.split(separator: " ").map { Array($0.utf8) }

    /// A word of Devanagari in Latin letters; the inherent vowel is written where a letter follows.
    private static func latin(_ word: String) -> String {
        guard word.unicodeScalars.contains(where: { (0x0900...0x097F).contains($0.value) }) else { return word }
        // Decomposed, so that a letter with a dot below is the letter.
        let scalars = Array(word.decomposedStringWithCanonicalMapping.unicodeScalars).filter { $0.value != 0x093C }
        var latin = ""
        for (index, scalar) in scalars.enumerated() {
            if let consonant = consonants[scalar] {
                latin += consonant
                if index + 1 < scalars.count {
                    let next = scalars[index + 1]
                    if marks[next] == nil, next.value != 0x094D { latin += "a" }
                }
            } else if let vowel = vowelLetters[scalar] ?? marks[scalar] {
                latin += vowel
            } else if (0x0966...0x096F).contains(scalar.value) {
                latin += String(scalar.value - 0x0966)
            } else if scalar.value == 0x0901 || scalar.value == 0x0902 {
                latin += "n"
            } else if !(0x0900...0x097F).contains(scalar.value) {
                latin.unicodeScalars.append(scalar)
            }
        }
        return latin
    }

    private static func table(_ list: String) -> [Unicode.Scalar: String] {
        var table: [Unicode.Scalar: String] = [:]
        let words = list.split(separator: " ")
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            if let scalar = words[index].unicodeScalars.last { table[scalar] = String(words[index + 1]) }
        }
        return table
    }

    private static let consonants = table(
        """
        क k ख kh ग g घ gh ङ n च ch छ chh ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ f ब b भ bh म m \
        य y र r ल l व v श sh ष sh स s ह h ळ l
        """)
    private static let vowelLetters = table("अ a आ a इ i ई i उ u ऊ u ए e ऐ ai ओ o औ au ऋ ri ऑ o ऍ e")
    /// A vowel sign stands behind a letter that carries it here, and is read off it.
    private static let marks = table("का a कि i की i कु u कू u के e कै ai को o कौ au कृ ri कॉ o कॅ e")
}

extension [UInt8] {
    fileprivate func hasSuffix(_ ending: String) -> Bool {
        count >= ending.utf8.count && suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
    fileprivate func hasSuffix(_ ending: [UInt8]) -> Bool { suffix(ending.count).elementsEqual(ending) }

    /// Puts one run of bytes in another's place, from left to right.
    fileprivate mutating func replace(_ run: [UInt8], with other: [UInt8]) {
        guard count >= run.count else { return }
        var result: [UInt8] = []
        var index = 0
        while index < count {
            if index + run.count <= count, self[index..<index + run.count].elementsEqual(run) {
                result += other
                index += run.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        self = result
    }
}
