"""The arithmetic of a report, worked out a second time: by scipy where it has it, else by going through everything.

Reads a history as JSON from standard input and writes what follows from it.
"""
import json
import math
import sys

import numpy
from scipy import stats

Z = stats.norm.ppf(0.975)


def wilson(successes, trials):
    if trials == 0:
        return None
    if float(successes).is_integer() and float(trials).is_integer():
        result = stats.binomtest(int(successes), int(trials))
        ends = result.proportion_ci(confidence_level=0.95, method="wilson")
        return [successes / trials, float(ends.low), float(ends.high)]
    # The two rates that are just not rejected by the score test: the roots of (p - r)^2 = z^2 r (1 - r) / n.
    p = successes / trials
    roots = numpy.roots([1 + Z**2 / trials, -2 * p - Z**2 / trials, p**2])
    low, high = sorted(float(root.real) for root in roots)
    return [p, max(0.0, low), min(1.0, high)]


def estimate(strata):
    weights, outcomes, whole, covered = [], [], 0, 0
    for population, sampled, right in strata:
        population = max(population, sampled)
        whole += population
        if sampled == 0:
            continue
        covered += population
        # One entry for everything that was looked at.
        weights += [population / sampled] * sampled
        outcomes += [1.0] * right + [0.0] * (sampled - right)
    if not weights:
        return None
    weights = numpy.array(weights)
    effective = weights.sum() ** 2 / (weights**2).sum()
    share = numpy.average(numpy.array(outcomes), weights=weights)
    p, low, high = wilson_real(share, effective)
    return {"rate": [p, low, high], "effective": float(effective), "coverage": covered / whole}


def wilson_real(p, trials):
    roots = numpy.roots([1 + Z**2 / trials, -2 * p - Z**2 / trials, p**2])
    low, high = sorted(float(root.real) for root in roots)
    return float(p), (0.0 if p <= 0 else max(0.0, low)), (1.0 if p >= 1 else min(1.0, high))


def mean(values):
    if not values:
        return None
    if len(values) == 1:
        return [values[0], None]
    return [float(numpy.mean(values)), float(Z * stats.sem(values))]


def fates(contacts, silence, window, now):
    result = []
    for index, contact in enumerate(contacts):
        others = [other for place, other in enumerate(contacts) if place != index]
        fate = {"resolution": None, "recurred": None, "wroteAgain": None}
        arrival, answer = contact["arrival"], contact["answer"]
        again = any(
            other["conversation"] == contact["conversation"] and other["person"] == contact["person"]
            and arrival < other["arrival"] <= arrival + silence
            for other in others)
        fate["wroteAgain"] = True if again else (False if now - arrival >= silence else None)
        if answer is not None:
            back = [o for o in others if o["person"] == contact["person"] and 0 < o["arrival"] - answer <= silence]
            if contact["vote"] is not None:
                fate["resolution"] = "confirmed" if contact["vote"] else "denied"
            elif back:
                fate["resolution"] = "returned"
            else:
                fate["resolution"] = "silent" if now - answer >= silence else "pending"
            if contact["matter"] is not None:
                same = any(
                    o["matter"] == contact["matter"] and 0 < o["arrival"] - answer <= window for o in others)
                fate["recurred"] = True if same else (False if now - answer >= window else None)
        result.append(fate)
    return result


def percentiles(times, parts):
    """The smallest time that so large a part does not exceed."""
    ordered = sorted(times)
    return [ordered[max(0, math.ceil(part * len(ordered)) - 1)] for part in parts]


history = json.load(sys.stdin)
json.dump(
    {
        "wilson": [wilson(*pair) for pair in history["wilson"]],
        "estimates": [estimate(strata) for strata in history["strata"]],
        "means": [mean(values) for values in history["means"]],
        "fates": [
            fates(run["contacts"], run["silence"], run["window"], run["now"]) for run in history["histories"]],
        "percentiles": [percentiles(times, history["parts"]) for times in history["times"]],
    },
    sys.stdout)
