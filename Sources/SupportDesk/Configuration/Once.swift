/// A value that is made when first needed: an empty run pays for nothing that only a message needs.
actor Once<Value: Sendable> {
    private let make: @Sendable () async throws -> Value
    private var task: Task<Value, any Error>?

    init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    /// The value; those who ask while it is being made wait for the same one.
    func value() async throws -> Value {
        if let task { return try await task.value }
        let make = make
        let task = Task { try await make() }
        self.task = task
        do {
            return try await task.value
        } catch {
            self.task = nil
            throw error
        }
    }
}
