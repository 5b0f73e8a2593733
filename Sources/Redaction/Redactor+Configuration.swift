extension Redactor {
    /// What a desk sets.
    public struct Configuration: Sendable, Hashable {
        /// Where phone numbers without a country code belong: ISO 3166 alpha-2.
        public var region: String
        /// Further regions to try, in order.
        public var additionalRegions: [String]
        /// What stays readable: the shop's own addresses ("help@shop.example", or "@shop.example" for all of the
        /// domain), phones, and phrases such as its name or the lines of its postal address.
        public var keep: [String]
        /// Order, invoice and ticket numbers, which are never taken for phones: `NC-\d{6}`. Literals, `\d`, `\w`, `[A-Z]`,
        /// `{n}`, `{n,m}`, `?`, `+`, `*` and `|`.
        public var orderPatterns: [String]
        /// Whether numbers of any other region's plan are phones, too, when they are written like one.
        public var anyRegion: Bool
        /// What is found but left readable.
        public var readable: Set<PIIType>
        /// Whether the further types are looked for: plates, voter numbers, wallets.
        public var findsFurther: Bool
        /// The file that keeps the compiled patterns between runs; nil compiles them every time. The folder must exist.
        public var databaseCache: String?

        /// A configuration; the defaults suit a shop in India without order numbers.
        public init(
            region: String = "IN", additionalRegions: [String] = [], keep: [String] = [], orderPatterns: [String] = [],
            anyRegion: Bool = false, readable: Set<PIIType> = PIIType.readableByDefault, findsFurther: Bool = false,
            databaseCache: String? = nil
        ) {
            self.region = region
            self.additionalRegions = additionalRegions
            self.keep = keep
            self.orderPatterns = orderPatterns
            self.anyRegion = anyRegion
            self.readable = readable
            self.findsFurther = findsFurther
            self.databaseCache = databaseCache
        }
    }

    /// The configuration in the form that the detectors use.
    struct Compiled: Sendable {
        let regions: [String]
        let keep: KeepList
        let orderPatterns: [OrderPattern]
        let anyRegion: Bool
        let readable: PIITypeSet
        let findsFurther: Bool

        init(_ configuration: Configuration) throws(RedactionError) {
            var regions: [String] = []
            for region in [configuration.region] + configuration.additionalRegions {
                guard region.utf8.count == 2, region.utf8.allSatisfy(\.isUpper) else {
                    throw RedactionError(
                        code: .invalidRegion, message: "'\(region)' is no ISO 3166 alpha-2 code in capitals",
                        engineCode: nil)
                }
                if !regions.contains(region) { regions.append(region) }
            }
            self.regions = regions
            anyRegion = configuration.anyRegion
            readable = PIITypeSet(configuration.readable)
            findsFurther = configuration.findsFurther
            keep = KeepList(configuration.keep)
            var patterns: [OrderPattern] = []
            for pattern in configuration.orderPatterns { patterns.append(try OrderPattern(pattern)) }
            orderPatterns = patterns
        }
    }
}
