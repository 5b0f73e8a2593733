"""fastText, and scikit-learn's LinearSVC over word 1-2 and char_wb 2-5 TF-IDF, on the sets that `intents` measures.

Prints the same rows as `benchmarks intents`. Without --fasttext, the name for its rows, that one is left out.
"""
import argparse
import csv
import json
import os
import tempfile
import time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import matthews_corrcoef
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

OUTSIDE = {"oos", "out_of_scope", "NO_NODES_DETECTED"}


def load(path, training):
    if os.path.isdir(path):
        rows = []
        for folder, _, files in sorted(os.walk(path)):
            for name in sorted(files):
                if name.endswith(".txt"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        lines = [line.strip() for line in file]
                    rows += [(line, name[:-4]) for line in lines if line and line[0] != "#"]
        return rows
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        lists = [["train", "oos_train"]] if training else [["test", "oos_test"], ["val", "oos_val"]]
        names = next(names for names in lists if any(name in data for name in names))
        return [tuple(pair) for name in names for pair in data.get(name, [])]
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    text = next(name for name in ("utterance", "text", "sentence") if name in rows[0])
    label = next(name for name in ("intent", "label", "category") if name in rows[0])
    return [(row[text], row[label]) for row in rows]


def svm(train):
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = LinearSVC().fit(features.fit_transform([text for text, _ in train]), [label for _, label in train])

    def scores(texts):
        margins = model.decision_function(features.transform(texts))
        if margins.ndim == 1:
            margins = np.stack([-margins, margins], 1)
        return margins, list(model.classes_)

    return scores


def fast_text(train):
    import fasttext

    names = sorted({label for _, label in train})
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for text, label in train:
            file.write(f"__label__{names.index(label)} {' '.join(text.lower().split())}\n")
        file.flush()
        # The values that its own tutorial on supervised classification ends with.
        model = fasttext.train_supervised(file.name, lr=1.0, epoch=25, wordNgrams=2, verbose=0)

    def scores(texts):
        margins = np.zeros((len(texts), len(names)))
        for row, text in enumerate(texts):
            # `predict` of the package does not work with NumPy 2; this is what it calls.
            for probability, label in model.f.predict(" ".join(text.lower().split()) + "\n", len(names), 0.0, "strict"):
                margins[row, int(label[len("__label__"):])] = probability
        return margins, names

    return scores


def measure(set_name, name, trainer, train, test):
    started = time.perf_counter()
    scores = trainer(train)
    training = time.perf_counter() - started
    texts = [text for text, _ in test]
    started = time.perf_counter()
    margins, classes = scores(texts)
    took = (time.perf_counter() - started) / len(texts) * 1e6
    actual = np.array(["oos" if label in OUTSIDE else label for _, label in test])
    inside = actual != "oos"
    names = np.array(["oos" if label in OUTSIDE else label for label in classes])
    known = [index for index, label in enumerate(names) if label != "oos"]
    best = names[known][margins[:, known].argmax(1)]

    def figure(what, unit, value):
        print(f"{set_name}: {what}", unit, name, f"{value:.6g}", sep="\t", flush=True)

    figure("training, ours on all cores", "s", training)
    figure("a text", "µs", took)
    figure("right in scope, without rejection", "share", (best == actual)[inside].mean())
    if inside.all():
        return
    # The peers have no threshold of their own: theirs is the one that gives most on the very texts it is judged on.
    top = margins[:, known].max(1)
    says_outside = names[margins.argmax(1)] == "oos"
    choices = np.unique(np.quantile(top, np.linspace(0, 0.9, 91)))
    decided = max(
        (np.where((top < limit) | says_outside, "oos", best) for limit in choices),
        key=lambda decisions: matthews_corrcoef(actual, decisions))
    figure("right in scope, with rejection", "share", (decided == actual)[inside].mean())
    figure("recall out of scope", "share", (decided == "oos")[~inside].mean())
    figure("correlation", "MCC", matthews_corrcoef(actual, decided))


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--linear-svc", required=True)
parser.add_argument("--fasttext")
parser.add_argument("--name", required=True)
parser.add_argument("--test", required=True)
parser.add_argument("--train", action="append", required=True)
options = parser.parse_args()
train = [row for path in options.train for row in load(path, True)]
test = load(options.test, False)
measure(options.name, options.linear_svc, svm, train, test)
if options.fasttext:
    measure(options.name, options.fasttext, fast_text, train, test)
