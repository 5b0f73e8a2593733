import Foundation

extension Experiment {
    /// Reads the section `experiments`.
    static func all(_ root: ConfigurationReader, models: [ModelConfiguration]) throws -> [Experiment] {
        guard let reader = try root.reader("experiments") else { return [] }
        var experiments: [Experiment] = []
        for name in reader.keys {
            guard isName(name) else {
                throw reader.error(name, "must be called by letters, digits and hyphens, 40 at most")
            }
            let experiment = try Experiment(name, reader.requiredReader(name), models)
            // Two at once on one matter would blur each other.
            for other in experiments {
                let shared =
                    experiment.intents.map { own in other.intents.map(own.intersection) ?? own } ?? other.intents
                guard let shared else { throw reader.error(name, "is about everything, and so is \(other.name)") }
                if let intent = shared.min() {
                    throw reader.error(name, "is about \(intent), and so is \(other.name): one at a time")
                }
            }
            experiments.append(experiment)
        }
        return experiments
    }

    private static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x2D, 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
                default: false
                }
            }
    }

    private init(_ name: String, _ reader: ConfigurationReader, _ models: [ModelConfiguration]) throws {
        self.name = name
        let intents = try reader.oneOrMore("intents")
        self.intents = intents.isEmpty || intents == ["all"] ? nil : Set(intents)
        guard let metric: Metric = try reader.word("metric") else {
            throw reader.error("metric", "is missing: what decides is named before it begins")
        }
        guard let sample = try reader.integer("sample", in: 20...1_000_000) else {
            throw reader.error("sample", "is missing: how many conversations each arm gets is set before it begins")
        }
        let armReader = try reader.requiredReader("arms")
        arms = try armReader.keys.map { key in
            guard Self.isName(key) else {
                throw armReader.error(key, "must be called by letters, digits and hyphens, 40 at most")
            }
            return try Arm(key, armReader, models)
        }.sorted { ($0.name == Self.control ? 0 : 1, $0.name) < ($1.name == Self.control ? 0 : 1, $1.name) }
        guard let first = arms.first, first.name == Self.control, arms.count > 1 else {
            throw reader.error("arms", "must be control, which changes nothing, and others")
        }
        guard first == Arm(name: Self.control, share: first.share) else {
            throw armReader.error(Self.control, "changes nothing: it has a share only")
        }
        guard arms.reduce(0, { $0 + $1.share }) <= 1 + 1e-9 else {
            throw reader.error("arms", "have more than 100% together")
        }
        var harm: [String: Double] = ["satisfaction": 0.25, "recurrence": 0.05]
        if let bounds = try reader.reader("harm") {
            if let points = try bounds.number("satisfaction", in: 0...4) { harm["satisfaction"] = points }
            if let share = try bounds.share("recurrence") { harm["recurrence"] = share }
            try bounds.finish()
        }
        plan = Plan(metric: metric, sample: sample, harm: harm, arms: arms.map(\.name))
        try reader.finish()
    }
}

extension Experiment.Arm {
    fileprivate init(_ name: String, _ arms: ConfigurationReader, _ models: [ModelConfiguration]) throws {
        guard arms.isMapping(name) else {
            guard let share = try arms.share(name), share > 0 else {
                throw arms.error(name, "must be a share such as 50%, or {share: 50%, ...}")
            }
            self.init(name: name, share: share)
            return
        }
        let reader = try arms.requiredReader(name)
        guard let share = try reader.share("share"), share > 0 else {
            throw reader.error("share", "must be a share such as 50%")
        }
        self.init(name: name, share: share)
        isHuman = try reader.flag("human") ?? false
        prompts = try reader.file("prompts")
        replies = try reader.file("replies")
        for (key, folder) in [("prompts", prompts), ("replies", replies)] {
            guard let folder else { continue }
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw reader.error(key, "must be a folder: there is none at \(folder)")
            }
        }
        if reader.has("models") {
            let names = try reader.oneOrMore("models")
            if let unknown = names.first(where: { name in name != "embedded" && !models.contains { $0.name == name } })
            {
                throw reader.error("models", "names \(unknown), which is not among the models of this file")
            }
            self.models = names.filter { $0 != "embedded" }
        }
        threshold = try reader.number("threshold", in: 0...1)
        tone = try reader.word("tone")
        if models.isEmpty, prompts != nil || tone != nil {
            throw reader.error(prompts != nil ? "prompts" : "tone", "needs a model, and this file names none")
        }
        if isHuman, prompts != nil || replies != nil || self.models != nil || threshold != nil || tone != nil {
            throw reader.error("human", "goes with a share only: what a person answers is hers")
        }
        try reader.finish()
    }
}
