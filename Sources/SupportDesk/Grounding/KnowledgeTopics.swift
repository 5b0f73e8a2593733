import Foundation
import Triage

/// Which article a question is about, by what the words of all articles and of their `asked` lines have in common: the
/// classifier of intents, with articles in their place. BM25 counts words that meet; this has learnt which words matter.
struct KnowledgeTopics: Sendable {
    private let classifier: IntentClassifier

    /// More articles than this are not learnt: training and classifying grow with them, and lines of `asked` for each of so
    /// many are not to be expected.
    private static let most = 256
    private static let longestSentence = 400

    /// The model at a path when it was learnt from articles of this digest; else it is learnt, and kept there.
    /// - Returns: nil when there is nothing to learn, or too much.
    init?(files: KnowledgeFiles, digest: String, path: String?) throws {
        let digest = String(digest.prefix(32))
        if let path, let known = try? IntentClassifier(mapping: path), known.digest == digest {
            classifier = known
            return
        }
        // By their names first: to read thousands of files in vain takes seconds.
        let names = Set(files.articles.compactMap { $0.split(separator: "/").last })
        guard names.count > 1, names.count <= Self.most else { return nil }
        let articles = try files.articles.map(Article.init(file:)).filter(\.isPublic)
        let count = Set(articles.map(\.id)).count
        guard count > 1, count <= Self.most, articles.contains(where: { !$0.asked.isEmpty }) else { return nil }
        let examples = articles.flatMap { article in
            Self.sentences(of: article).map {
                TrainingExample(text: $0, intent: article.id, language: article.language)
            }
        }
        guard let learnt = try? IntentClassifier.train(examples, digest: digest) else { return nil }
        classifier = learnt
        if let path { try? learnt.write(to: path) }
    }

    /// The likeliest articles of a question, each with its probability.
    func likeliest(for question: String) -> [IntentScore] { Array(classifier.classify(question).ranked.prefix(4)) }

    private static func sentences(of article: Article) -> [String] {
        let texts = [article.lead] + article.sections.map(\.text)
        let sentences = texts.flatMap { text in
            text.split { "\n।:;".contains($0) }.flatMap { $0.split(separator: ". ") }
        }.map(\.trimmingSpaces).filter { $0.utf8.count > 15 }.map { String($0.prefix(longestSentence)) }
        return ([article.title] + article.sections.map(\.heading) + article.asked + sentences)
            .filter { !KnowledgeWords.all(in: $0).isEmpty }
    }
}
