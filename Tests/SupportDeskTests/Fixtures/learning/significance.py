#!/usr/bin/env python3
"""Writes significance.json: what scipy says of the tests that learning rests on. python3-scipy is in Tests/install."""

import json
import pathlib

import numpy
from scipy import special, stats
from scipy.spatial import distance

random = numpy.random.default_rng(20260310)
cases = {"binomial": [], "excess": [], "mcnemar": [], "chi_square": [], "homogeneity": [], "jensen_shannon": []}

for trials in [1, 2, 5, 10, 30, 100, 150, 1000, 20000]:
    for chance in [0.001, 0.01, 0.05, 0.3, 0.5, 0.9]:
        for successes in sorted({0, 1, 2, trials // 10, trials // 2, int(trials * chance) + 3, trials}):
            if successes <= trials:
                tail = stats.binomtest(int(successes), trials, chance, alternative="greater").pvalue
                cases["binomial"].append([int(successes), trials, chance, tail])

for expected in [0.01, 0.3, 1.0, 2.9, 12.0, 80.0]:
    for total in [0.01, 0.5, 2.0, 7.3, 20.0, 45.0, 150.0]:
        counts = numpy.arange(1, 2000)
        tail = numpy.sum(stats.poisson.pmf(counts, expected) * special.gammaincc(counts, total))
        cases["excess"].append([total, expected, float(tail)])

for worse in [0, 1, 2, 3, 5, 8, 13, 40, 200]:
    for better in [0, 1, 2, 3, 5, 8, 13, 40, 200]:
        if worse + better > 0:
            one = stats.binomtest(worse, worse + better, 0.5, alternative="greater").pvalue
            cases["mcnemar"].append([worse, better, one])

for degrees in [1, 2, 3, 7, 27, 100]:
    for value in [1e-6, 0.1, 1, 3.84, 10, 27, 60, 150, 400]:
        cases["chi_square"].append([value, degrees, stats.chi2.sf(value, degrees)])

for _ in range(20):
    cells = int(random.integers(2, 12))
    first = random.integers(20, 400, cells)
    second = random.integers(20, 400, cells)
    found = stats.chi2_contingency([first, second], correction=False)
    cases["homogeneity"].append([first.tolist(), second.tolist(), found.statistic, int(found.dof), found.pvalue])
    far = distance.jensenshannon(first, second, base=2)
    cases["jensen_shannon"].append([first.tolist(), second.tolist(), far])

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases) + "\n")
