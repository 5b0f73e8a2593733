import Foundation
import Testing

@testable import SupportDesk

/// The arithmetic by which learning tells chance from change, against scipy and against counting out.
@Suite("Significance")
struct SignificanceTests {
    private struct Cases: Decodable {
        let binomial: [[Double]]
        let excess: [[Double]]
        let mcnemar: [[Double]]
        let chi_square: [[Double]]
        let homogeneity: [Row]
        let jensen_shannon: [Row]

        /// Two lists of counts and what is to come out.
        struct Row: Decodable {
            let first: [Int]
            let second: [Int]
            let results: [Double]

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                first = try values.decode([Int].self)
                second = try values.decode([Int].self)
                var results: [Double] = []
                while !values.isAtEnd { results.append(try values.decode(Double.self)) }
                self.results = results
            }
        }
    }

    private func cases() throws -> Cases {
        let path = "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/learning/significance.json"
        return try JSONDecoder().decode(Cases.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func isNear(_ value: Double, _ wanted: Double) -> Bool {
        abs(value - wanted) <= 1e-9 * max(abs(wanted), 1e-12)
    }

    @Test("binomial tails, McNemar's exact test and chi-square are scipy's to nine digits")
    func scipy() throws {
        let cases = try cases()
        #expect(cases.binomial.count > 200 && cases.mcnemar.count == 80 && cases.chi_square.count == 54)
        for row in cases.binomial {
            let tail = Significance.binomialTail(Int(row[0]), of: Int(row[1]), chance: row[2])
            #expect(isNear(tail, row[3]) || row[3] < 1e-250, "\(row) \(tail)")
        }
        #expect(cases.excess.count == 42)
        for row in cases.excess {
            let tail = Significance.excessTail(row[0], expected: row[1])
            #expect(isNear(tail, row[2]) || row[2] < 1e-250, "\(row) \(tail)")
        }
        for row in cases.mcnemar {
            let (worse, better) = (Int(row[0]), Int(row[1]))
            #expect(isNear(Significance.mcNemar(worse: worse, better: better), row[2]), "\(row)")
        }
        for row in cases.chi_square {
            #expect(isNear(Significance.chiSquareTail(row[0], degrees: Int(row[1])), row[2]), "\(row)")
        }
        for row in cases.homogeneity {
            let (statistic, degrees) = Significance.homogeneity(row.first, row.second, floor: 0)
            #expect(isNear(statistic, row.results[0]) && degrees == Int(row.results[1]))
            #expect(isNear(Significance.chiSquareTail(statistic, degrees: degrees), row.results[2]))
        }
        for row in cases.jensen_shannon {
            #expect(isNear(Significance.jensenShannon(row.first, row.second), row.results[0]))
        }
    }

    @Test("McNemar's test is what counting out all fates of the changed pairs gives")
    func enumeration() {
        for changed in 1...14 {
            for worse in 0...changed {
                let asBad = (0..<(1 << changed)).count { $0.nonzeroBitCount >= worse }
                let share = Double(asBad) / Double(1 << changed)
                #expect(isNear(Significance.mcNemar(worse: worse, better: changed - worse), share))
            }
        }
    }

    @Test("what is rare is counted together; the same shares have not moved")
    func drift() {
        #expect(Significance.homogeneity([50, 50, 1, 2], [50, 50, 0, 2]).degrees == 1)
        #expect(Significance.homogeneity([50, 50, 6, 8], [50, 50, 5, 9]).degrees == 3)
        #expect(Significance.homogeneity([], []).degrees == 0)
        #expect(Significance.stabilityIndex([100, 200, 300], [100, 200, 300]) == 0)
        #expect(Significance.stabilityIndex([100, 200, 300], [300, 200, 100]) > 0.25)
        // By hand: shares 0.25 and 0.75 against 0.75 and 0.25 with half a count more.
        let (p, q) = (25.5 / 101, 75.5 / 101)
        #expect(isNear(Significance.stabilityIndex([25, 75], [75, 25]), 2 * (q - p) * log(q / p)))
        #expect(Significance.jensenShannon([10, 0], [0, 10]) == 1)
    }
}
