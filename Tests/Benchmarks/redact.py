"""What `redact` measures: see there. FILE is a set in the format of presidio-research.

A labelled span is found when a span of the same type overlaps it with an intersection over union of 0.7 or more; every
span found that answers to no label is an error. "PII tokens" asks of each word only whether it is personal data.
"""
import argparse, email, email.policy, hashlib, json, logging, pathlib, re, subprocess, tempfile, time
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Which of our types answers to which label of the set.
LABELS = {
    "PERSON": "PERSON", "STREET_ADDRESS": "ADDRESS", "GPE": "LOCATION", "PHONE_NUMBER": "PHONE",
    "ORGANIZATION": "ORGANIZATION", "CREDIT_CARD": "CREDIT_CARD", "TITLE": "TITLE", "AGE": "AGE", "NRP": "NRP",
    "DATE_TIME": "DATE", "EMAIL_ADDRESS": "EMAIL", "DOMAIN_NAME": "URL", "IBAN_CODE": "IBAN", "US_SSN": "SSN",
    "IP_ADDRESS": "IP", "ZIP_CODE": "ZIP", "US_DRIVER_LICENSE": "DRIVER_LICENSE",
}
OURS = {"DATE_OF_BIRTH": "DATE"}
STRUCTURED = ["CREDIT_CARD", "EMAIL", "PHONE", "IBAN", "SSN", "IP", "URL", "ZIP", "DATE"]
# What presidio's pattern recognisers call the same.
THEIRS = {
    "CREDIT_CARD": "CREDIT_CARD", "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "IBAN_CODE": "IBAN",
    "US_SSN": "SSN", "IP_ADDRESS": "IP", "URL": "URL", "DATE_TIME": "DATE", "US_DRIVER_LICENSE": "DRIVER_LICENSE",
}


class Report:
    """The long form: every type by itself, and what words were missed."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")

    def __call__(self, text):
        print(text, file=self.file)


def figure(what, unit, value, whose="ours"):
    print(what, unit, whose, f"{value:.6g}", sep="\t", flush=True)


def redact(program, texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run(
        [program, "redact", "--jsonl", "--json"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line)["spans"] for line in done.stdout.decode().split("\n")[:-1]]


def union(a, b):
    inside = min(a[1], b[1]) - max(a[0], b[0])
    return 0 if inside <= 0 else inside / (max(a[1], b[1]) - min(a[0], b[0]))


def f2(p, r):
    return 5 * p * r / (4 * p + r) if p + r else 0


def is_bare(text, kind):
    return kind == "DATE" and re.fullmatch(r"\d{4}|[A-Za-z]+day", text) is not None


def score(items, predicted):
    """Counts by type: found, wrong, missed; and of words: right, wrong, missed."""
    found, wrong, missed, words = Counter(), Counter(), Counter(), Counter()
    for item, spans in zip(items, predicted):
        text = item["full_text"]
        gold = [(s["start_position"], s["end_position"], LABELS[s["entity_type"]]) for s in item["spans"]]
        mine = [(s["start"], s["end"], OURS.get(s["type"], s["type"])) for s in spans if s["type"] != "LITERAL"]
        used = set()
        for label in gold:
            kind = "bare DATE" if is_bare(text[label[0]:label[1]], label[2]) else label[2]
            match = next((i for i, s in enumerate(mine)
                          if i not in used and s[2] == label[2] and union(label, s) >= 0.7), None)
            if match is None:
                missed[kind] += 1
            else:
                used.add(match)
                found[kind] += 1
        for i, span in enumerate(mine):
            if i not in used:
                wrong["bare DATE" if is_bare(text[span[0]:span[1]], span[2]) else span[2]] += 1
        for word in re.finditer(r"\w+", text):
            is_gold = any(s[0] < word.end() and s[1] > word.start() for s in gold)
            is_mine = any(s[0] < word.end() and s[1] > word.start() for s in mine)
            words["right"] += is_gold and is_mine
            words["wrong"] += is_mine and not is_gold
            words["missed"] += is_gold and not is_mine
    return found, wrong, missed, words


def row(name, found, wrong, missed):
    p = found / max(1, found + wrong)
    r = found / max(1, found + missed)
    return f"| {name} | {found + missed} | {p:.3f} | {r:.3f} | {f2(p, r):.3f} |"


def by_type(report, name, items, predicted):
    found, wrong, missed, words = score(items, predicted)
    report(f"\n### {name}: {len(items)} texts\n\n| type | labelled | precision | recall | F2 |")
    report("|---|---:|---:|---:|---:|")
    for kind in sorted(set(found) | set(missed) | set(wrong)):
        report(row(kind, found[kind], wrong[kind], missed[kind]))
    structured = [sum(c[k] for k in STRUCTURED) for c in (found, wrong, missed)]
    report(row("**structured**", *structured))
    report(row("**PII tokens**", words["right"], words["wrong"], words["missed"]))
    return structured, [words["right"], words["wrong"], words["missed"]]


def half(item):
    """The half that was looked at while the rules were written (0), and the other; templates are never split."""
    return hashlib.sha256(f"t{item['template_id']}".encode()).digest()[0] % 2


def demo_texts():
    for path in sorted((ROOT / "Mailboxes/demo/mail").rglob("*")):
        if path.is_file():
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            if body is not None:
                try:
                    yield f"{message['subject'] or ''}\n{body.get_content()}"
                except (LookupError, ValueError):
                    pass


def masked_share(report, program):
    """Words of the demo mail that are masked and not personal, and the other way round, by the list of what is personal
    in it. Without a desk's configuration, so the shop's own name and address count as wrong, too."""
    listed = (ROOT / "Tests/RedactionTests/Fixtures/demo-personal.txt").read_text().splitlines()
    values = sorted((line.replace("\\n", "\n") for line in listed), key=len, reverse=True)
    personal = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in values))
    texts = list(demo_texts())
    total, counts, wrong, missed = 0, Counter(), Counter(), Counter()
    for text, spans in zip(texts, redact(program, texts)):
        expected = [match.span() for match in personal.finditer(text)]
        masked = [(span["start"], span["end"]) for span in spans if span["masked"]]
        for word in re.finditer(r"\w+", text):
            total += 1
            is_personal, is_masked = (
                any(start < word.end() and end > word.start() for start, end in part) for part in (expected, masked))
            counts["personal"] += is_personal
            wrong[word[0]] += is_masked and not is_personal
            missed[word[0]] += is_personal and not is_masked

    def told(words, of):
        return f"{words.total()} ({100 * words.total() / of:.2f} %; {', '.join(+words) or 'none'})"

    report(f"\n### Demo mail\n\n{total} words, {counts['personal']} of them personal. Masked, but not personal: "
           f"{told(wrong, total - counts['personal'])}. Personal, but left readable: {told(missed, counts['personal'])}.")
    figure("demo mail: words masked that are not personal", "%", 100 * wrong.total() / (total - counts["personal"]))
    figure("demo mail: personal words left readable", "%", 100 * missed.total() / counts["personal"])


def timed(stopwatch, path, *options):
    done = subprocess.run(
        [stopwatch, "redact", str(path), "--seconds", "1", *options], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def growth(report, stopwatch):
    """How the time grows from one mebibyte of hostile text to four: linear is four times."""
    done = subprocess.run([stopwatch, "redact", "--floods"], stdout=subprocess.PIPE, check=True, text=True)
    report("\n### Hostile text\n\n| | 1 MiB | 4 MiB | times |\n|---|---:|---:|---:|")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        report(f"| {row['flood']} | {row['small']:.2f} s | {row['large']:.2f} s | {row['large'] / row['small']:.1f} |")
    figure("hostile text of 4 MiB beside 1 MiB, the worst of all kinds", "times the time",
           max(row["large"] / row["small"] for row in rows))


def presidio():
    """An analyzer with every pattern recogniser and no model."""
    # Where the list of top-level domains cannot be fetched, it takes its own copy, and complains at length.
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

        def load(self):
            pass

    return AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])


def compare(items, predicted, rate, rounds, name):
    """Speed in turns, and what both find of each type that both support. `rate` is ours, measured anew at each call."""
    engine = presidio()
    texts = [item["full_text"] for item in items]
    for text in texts[:20]:
        engine.analyze(text, language="en")
    for _ in range(rounds):
        figure(RATE, "texts/s", rate())
        start = time.perf_counter()
        results = [engine.analyze(text, language="en") for text in texts]
        figure(RATE, "texts/s", len(texts) / (time.perf_counter() - start), name)
    spans = [[{"start": r.start, "end": r.end, "type": THEIRS.get(r.entity_type, r.entity_type)} for r in rs]
             for rs in results]
    both = {"ours": score(items, predicted), name: score(items, spans)}
    for kind in dict.fromkeys(THEIRS.values()):
        for whose, (found, wrong, missed, _) in both.items():
            if found[kind] + missed[kind]:
                figure(f"{kind}: recall", "share", found[kind] / (found[kind] + missed[kind]), whose)
                figure(f"{kind}: precision", "share", found[kind] / max(1, found[kind] + wrong[kind]), whose)


RATE = "labelled texts, one core"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--auradesk", required=True)
    parser.add_argument("--benchmarks", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--presidio", help="The peer's name in the rows; it is left out without.")
    parser.add_argument("--report", default="/dev/null", help="Where the long form goes, Markdown.")
    options = parser.parse_args()
    report = Report(options.report)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        text = "\n".join(demo_texts())
        file.write(text * (1 + 4_000_000 // len(text)))
        file.flush()
        for _ in range(options.rounds):
            speed = timed(options.benchmarks, file.name, "--whole")
            figure("ordinary mail text, one core", "MB/s", speed["megabytesPerSecond"])
            figure("loading the patterns", "ms", speed["loadMilliseconds"])
            figure("the first phone number", "ms", speed["firstMilliseconds"])
    masked_share(report, options.auradesk)
    growth(report, options.benchmarks)
    if not options.file.exists():
        return
    items = json.loads(options.file.read_text())
    predicted = redact(options.auradesk, [item["full_text"] for item in items])
    report("\n### Labels of the set and our types\n\n" + ", ".join(f"{k} = {v}" for k, v in LABELS.items())
           + "; DATE_OF_BIRTH counts as DATE; bare years and weekdays are counted apart. Structured: "
           + ", ".join(STRUCTURED) + ".")
    for name, part in (("Seen half", 0), ("Unseen half", 1)):
        chosen = [i for i, item in enumerate(items) if half(item) == part]
        by_type(report, name, [items[i] for i in chosen], [predicted[i] for i in chosen])
    structured, words = by_type(report, "Whole set", items, predicted)
    for what, (found, wrong, missed) in (("structured types", structured), ("words that are personal", words)):
        p, r = found / max(1, found + wrong), found / max(1, found + missed)
        figure(f"{what}: precision", "share", p)
        figure(f"{what}: recall", "share", r)
        figure(f"{what}: F2", "share", f2(p, r))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("".join(json.dumps({"text": item["full_text"]}) + "\n" for item in items))
        file.flush()
        rate = lambda: timed(options.benchmarks, file.name)["textsPerSecond"]
        if options.presidio:
            compare(items, predicted, rate, options.rounds, options.presidio)
        else:
            for _ in range(options.rounds):
                figure(RATE, "texts/s", rate())


if __name__ == "__main__":
    main()
