/// The part of a message's way that an arm of an experiment may change: everything between what is asked and what is decided.
struct Way: Sendable {
    var grounding: Grounding
    var responding: Responding
    var reviewing: Reviewing
    var deciding: Deciding

    /// What the ways of arms are made of besides the usual one.
    struct Makings: Sendable {
        /// The folder with `replies` and `prompts`.
        let templates: String
        let seal: Seal
    }

    /// The ways of all arms that change something, by experiment and arm.
    func ofArms(in experiments: [Experiment], _ makings: Makings) -> [String: Way] {
        var ways: [String: Way] = [:]
        for experiment in experiments {
            // Control's too: what is kept of its answers is its own.
            for arm in experiment.arms where !arm.isHuman {
                let trial = Trial(experiment: experiment, arm: arm)
                ways[trial.key] = changed(by: trial, makings)
            }
        }
        return ways
    }

    /// The way of an arm. Its models are the usual ones, with their connections, limits and budgets.
    func changed(by trial: Trial, _ makings: Makings) -> Way {
        var way = self
        let arm = trial.arm
        if let folder = arm.replies {
            let templates = Once {
                try ReplyTemplates(folder: folder, over: ReplyTemplates(folder: "\(makings.templates)/replies"))
            }
            let embedded = EmbeddedResponder(templates: { try await templates.value() })
            way.grounding.templates = { try await templates.value() }
            way.responding.embedded = embedded
            way.deciding.composer.templates = { try await templates.value() }
            way.deciding.onFile = OnFileAnswer(embedded: embedded, composer: way.deciding.composer)
        }
        let usual = "\(makings.templates)/prompts"
        if var chain = way.responding.model as? ModelChain {
            var templates: (@Sendable () async throws -> PromptTemplates)?
            if let folder = arm.prompts {
                let prompts = Once {
                    try PromptTemplates(folder: folder, over: usual, canary: ReviewLimits.canary(of: makings.seal))
                }
                templates = { try await prompts.value() }
            }
            chain = chain.changed(models: arm.models, tone: arm.tone, templates, for: trial.key)
            way.responding.model = chain.models.isEmpty ? nil : chain
        } else if arm.models?.isEmpty == true {
            way.responding.model = nil
        }
        way.grounding.hasModel = way.responding.model != nil
        if let folder = arm.prompts {
            let limits = Once { ReviewLimits(seal: makings.seal, prompts: usual, besides: folder) }
            way.reviewing.limits = { try await limits.value() }
        }
        way.reviewing.responding = way.responding
        if let threshold = arm.threshold {
            for intent in trial.experiment.intents ?? Set(way.deciding.policy.thresholds.keys) {
                way.deciding.policy.thresholds[intent] = threshold
            }
            if trial.experiment.intents == nil { way.deciding.policy.defaultThreshold = threshold }
            way.grounding.policy = way.deciding.policy
        }
        return way
    }
}

extension ModelChain {
    /// The same models as an arm of an experiment has them. Nothing that is kept of answers is shared between arms.
    fileprivate func changed(
        models names: [String]?, tone: Tone?, _ templates: (@Sendable () async throws -> PromptTemplates)?,
        for arm: String
    ) -> ModelChain {
        var chosen = models
        if let names { chosen = names.compactMap { name in models.first { $0.name == name } } }
        chosen = chosen.map { model in
            (model as? HostedModel)?.asked(in: tone, by: templates) ?? model
        }
        var kept = kept
        kept?.arm = arm
        if let tone { kept?.tone = tone }
        if let templates { kept?.templates = templates }
        return ModelChain(
            models: chosen, batch: (chosen.first as? HostedModel).flatMap(BatchLane.init), opinions: opinions,
            kept: kept, logger: logger)
    }
}

extension HostedModel {
    /// The same model, with the same gate and budget, asked in another tone or by other prompts.
    fileprivate func asked(
        in tone: Tone?, by templates: (@Sendable () async throws -> PromptTemplates)?
    ) -> HostedModel {
        var model = self
        if let tone { model.setting.tone = tone }
        if let templates { model.setting.templates = templates }
        return model
    }
}
