/// What the shape of a word says of it.
extension Detection {
    /// Endings of words that are no names: "delivering", "statement".
    static func isEverydayForm(_ word: [UInt8]) -> Bool {
        func common(_ stem: some Collection<UInt8>) -> Bool {
            stem.count > 2 && Gazetteer.shared.traits(of: Hash64.of(stem)).contains(.common)
        }
        for (ending, with) in everydayStems where word.count > ending.count + 2 && word.hasEnding(ending) {
            if common(word.dropLast(ending.count)) || (!with.isEmpty && common(word.dropLast(ending.count) + with)) {
                return true
            }
        }
        return word.count > 5 && everydayEndings.end(word)
    }

    private static let everydayStems: [([UInt8], [UInt8])] = [
        ("s", ""), ("es", "e"), ("ed", "e"), ("d", ""), ("ing", "e"), ("ly", ""), ("er", "e"), ("est", "e"),
        ("ies", "y"), ("ied", "y"),
        ("y", ""), ("ful", ""), ("less", ""), ("al", ""), ("or", ""), ("ish", ""),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    private static let everydayEndings = Endings(
        """
        tion tions sion ment ments ness ing able ible ously ious ful less ity ities ology ance ence ship \
        ward wards wise ized ised ally ism ists ical ative ated ating ened ures edly hood
        """)

    /// Endings that make a family name.
    static func hasFamilyEnding(_ word: [UInt8]) -> Bool {
        word.count > 5 && familyEndings.end(word)
    }

    private static let familyEndings = Endings(
        """
        sson ssen nsen rsen lsen dsen gsen ksen tsen son dottir dóttir inen onen anen enen ström strom gren \
        quist qvist berg feldt mann stein ová ova eva ský ská ski ska cki cka wicz czyk czak ović ević ovic \
        evic enko chuk shvili adze oglu escu opoulos oulos idis akis guez ndez aldez swamy murthy nathan \
        wala walla deep preet jeet inder endra eshwar
        """)
}
