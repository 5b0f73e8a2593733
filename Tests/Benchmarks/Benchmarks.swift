import ArgumentParser

/// The parts of the desk, each as a program of its own that does one thing and can be timed beside a peer.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks", abstract: "One part of the desk at a time, to be timed.",
        subcommands: [
            BiasBenchmark.self,
            CorpusBenchmark.self,
            DelayBenchmark.self,
            HostileBenchmark.self,
            IMAPBenchmark.self,
            InboxBenchmark.self,
            IntentsBenchmark.self,
            KnowledgeBenchmark.self,
            LanguageBenchmark.self,
            LearnBenchmark.self,
            LedgerBenchmark.self,
            ModelBenchmark.self,
            ModelRequests.self,
            ModelServer.self,
            Parse.self,
            PostgresBenchmark.self,
            RecordsBenchmark.self,
            RedactBenchmark.self,
            ReportBenchmark.self,
            ResponsesBenchmark.self,
            RetailBenchmark.self,
            ScreeningCount.self,
            SimulateBenchmark.self,
            SMTPBenchmark.self,
            SoakBenchmark.self,
            ThroughputBenchmark.self,
            ThroughputDesk.self,
            TicketsBenchmark.self,
        ])
}
