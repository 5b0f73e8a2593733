/// A measured value, printed as a line that `common.sh` makes a row of the table of.
struct Figure {
    /// What is measured, for example `selects, 1 connection`.
    let what: String
    /// `s`, `ms`, `µs`, `MB`, `share`; of what ends with `/s`, more is better.
    let unit: String
    let value: Double
    /// Ours, or the name of the peer that was measured in the same process.
    var whose = "ours"

    func print() { Swift.print("\(what)\t\(unit)\t\(whose)\t\(value)") }
}
