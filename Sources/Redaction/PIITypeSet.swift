/// A few types as bits: asked for every candidate, where a `Set` would hash the type's name.
struct PIITypeSet: Sendable {
    private var bits: UInt64 = 0

    init(_ types: some Sequence<PIIType>) {
        for type in types { bits |= 1 << UInt64(type.ordinal) }
    }

    func contains(_ type: PIIType) -> Bool { bits & 1 << UInt64(type.ordinal) != 0 }
}
