/// Lets many askers share one look at a source.
///
/// Only a look that begins after a question can answer it. So whoever asks while one is under way waits for the next, together
/// with all who ask meanwhile: under load a look serves many, and nobody is told what was so before he asked.
actor SharedLook<Asked: Sendable, Sight: Sendable> {
    private let look: @Sendable ([Asked]) async throws -> Sight
    private var questions: [Asked] = []
    private var underWay: Task<Sight, any Error>?
    private var upcoming: Task<Sight, any Error>?

    init(_ look: @escaping @Sendable ([Asked]) async throws -> Sight) { self.look = look }

    /// What the source shows now.
    func ask(_ question: Asked) async throws -> Sight {
        questions.append(question)
        if let upcoming { return try await upcoming.value }
        let earlier = underWay
        let task = Task {
            _ = await earlier?.result
            return try await begin()
        }
        upcoming = task
        return try await task.value
    }

    private func begin() async throws -> Sight {
        underWay = upcoming
        upcoming = nil
        let asked = questions
        questions = []
        return try await look(asked)
    }
}
