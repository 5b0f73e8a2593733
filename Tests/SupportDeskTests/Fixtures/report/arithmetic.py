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


def estimate(ratings):
    """The share of right ones among all, each rating weighed by how many it stands for."""
    if not ratings:
        return None
    outcomes = numpy.array([float(right) for right, _ in ratings])
    weights = numpy.array([weight for _, weight in ratings])
    # As many of equal weight give a mean with the same variance (Kish).
    effective = weights.sum() ** 2 / (weights**2).sum()
    p, low, high = wilson_real(numpy.average(outcomes, weights=weights), effective)
    return {"rate": [p, low, high], "effective": float(effective)}


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
        # What comes later is not known yet.
        others = [other for place, other in enumerate(contacts) if place != index and other["arrival"] <= now]
        fate = {"resolution": None, "recurred": None, "wroteAgain": None}
        arrival, answer = contact["arrival"], contact["answer"]
        if now - arrival >= silence:
            fate["wroteAgain"] = any(
                other["conversation"] == contact["conversation"] and other["person"] == contact["person"]
                and arrival < other["arrival"] <= arrival + silence
                for other in others)
        if answer is not None:
            back = [o for o in others if o["person"] == contact["person"] and 0 < o["arrival"] - answer <= silence]
            if contact["vote"] is not None:
                fate["resolution"] = "confirmed" if contact["vote"] else "denied"
            elif back:
                fate["resolution"] = "returned"
            else:
                fate["resolution"] = "silent" if now - answer >= silence else "pending"
            # Known when the week is over, whichever way it went.
            if contact["matter"] is not None and now - answer >= window:
                fate["recurred"] = any(
                    o["matter"] == contact["matter"] and 0 < o["arrival"] - answer <= window for o in others)
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
        "estimates": [estimate(ratings) for ratings in history["ratings"]],
        "means": [mean(values) for values in history["means"]],
        "fates": [
            fates(run["contacts"], run["silence"], run["window"], run["now"]) for run in history["histories"]],
        "percentiles": [percentiles(times, history["parts"]) for times in history["times"]],
    },
    sys.stdout)
