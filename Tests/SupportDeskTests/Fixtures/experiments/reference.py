#!/usr/bin/env python3
"""The arithmetic of experiments once more, by scipy: reads histories as JSON, prints what an experiment comes to.

Written from the definitions, and not from the desk's own code:
- recurrence: another message on the matter of the first one within 7 days after its answer (or after itself); not known
  where the first one's matter was not understood;
- resolution: what she said of the answer to her last message, else silence in all conversations after it, for as long as
  the history says;
- intervals: Wilson for shares, Newcombe's hybrid score for their difference, Student's and Welch's for means;
- p: two-proportion z-test, Fisher's exact test with fewer than 5 expected in a cell, Welch's test for means;
- harm: O'Brien and Fleming's bound for continuous looks, Bonferroni over arms and measures.
"""
import json
import math
import sys

from scipy import stats

WEEK = 7 * 86400.0
VOTING = 3 * 86400.0


def recurrence(history, now):
    own = sorted((c for c in history["contacts"] if c["isHere"]), key=lambda c: (c["at"], c["message"]))
    if not own:
        return None
    first = own[0]
    start = first.get("answered", first["at"])
    matter = first.get("matter")
    if matter is None or now < start + WEEK:
        return None
    again = [
        c for c in history["contacts"]
        if c["message"] != first["message"] and c.get("matter") == matter and start < c["at"] <= start + WEEK
    ]
    return 1.0 if again else 0.0


def resolution(history, now):
    own = sorted((c for c in history["contacts"] if c["isHere"]), key=lambda c: (c["at"], c["message"]))
    if not own:
        return None
    last = own[-1]
    if last.get("vote") is not None:
        return 1.0 if last["vote"] else 0.0
    start = last.get("answered", last["at"])
    end = start + history["silence"]
    if any(start < c["at"] <= min(end, now) for c in history["contacts"] if c is not last):
        return 0.0
    if now >= end:
        return 1.0
    return 0.0 if now >= history["entered"] + 2 * WEEK else None


def value(history, metric, now):
    if metric == "recurrence":
        return recurrence(history, now)
    if metric == "resolution":
        return resolution(history, now)
    if metric == "satisfaction":
        return history.get("score") if now >= history["entered"] + VOTING else None
    right = history.get("isRight")
    return None if right is None or now < history["entered"] + WEEK else float(right)


def known(history, metric, now):
    if metric == "satisfaction":
        return now >= history["entered"] + VOTING
    if metric == "accuracy":
        return now >= history["entered"] + WEEK
    return value(history, metric, now) is not None or now >= history["entered"] + 2 * WEEK


def wilson(k, n, confidence):
    interval = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    return interval.low, interval.high


def shares(k1, n1, k2, n2, confidence):
    p1, p2 = k1 / n1, k2 / n2
    l1, u1 = wilson(k1, n1, confidence)
    l2, u2 = wilson(k2, n2, confidence)
    d = p2 - p1
    low = d - math.hypot(p2 - l2, u1 - p1)
    high = d + math.hypot(u2 - p2, p1 - l1)
    pooled = (k1 + k2) / (n1 + n2)
    if min(n1, n2) * min(pooled, 1 - pooled) < 5:
        p = stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]])[1]
    else:
        p = 2 * stats.norm.sf(abs(d) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2)))
    return d, low, high, min(1.0, p)


def means(a, b, confidence):
    (m1, v1, n1), (m2, v2, n2) = [(sum(x) / len(x), float(stats.tvar(x)), len(x)) for x in (a, b)]
    d = m2 - m1
    e1, e2 = v1 / n1, v2 / n2
    if e1 + e2 == 0:
        return d, d, d, 1.0 if d == 0 else 0.0
    df = (e1 + e2) ** 2 / (e1**2 / (n1 - 1) + e2**2 / (n2 - 1))
    half = stats.t.ppf((1 + confidence) / 2, df) * math.sqrt(e1 + e2)
    return d, d - half, d + half, float(stats.ttest_ind(b, a, equal_var=False).pvalue)


def sign(arm, control, measure, bound, looks, share):
    """How far an arm is beyond its bound, and how far is too far."""
    if min(len(arm), len(control)) < 20 or share <= 0:
        return None

    def bad(x):
        if measure == "satisfaction":
            return (5 - x) / 4
        return x if measure == "recurrence" else 1 - x

    def measured(values):
        values = [bad(x) for x in values] + [0.0, 1.0]
        mean = sum(values) / len(values)
        return mean, sum((x - mean) ** 2 for x in values) / len(values) / len(values)

    (m1, e1), (m2, e2) = measured(control), measured(arm)
    width = 4 if measure == "satisfaction" else 1
    z = (m2 - m1 - bound / width) / math.sqrt(e1 + e2)
    return [z, stats.norm.isf(0.025 / looks / 2) / math.sqrt(min(1.0, share))]


def experiment(task):
    plan, now = task["plan"], task["now"]
    metric, arms, sample = plan["metric"], plan["arms"], plan["sample"]
    confidence = 1 - 0.05 / max(1, len(arms) - 1)
    groups = {a: [h for h in task["histories"] if h["arm"] == a][:sample] for a in arms}
    values = {
        a: {m: [v for h in groups[a] for v in [value(h, m, now)] if v is not None]
            for m in ("satisfaction", "recurrence", "resolution", "accuracy")} for a in arms
    }
    full = all(len(groups[a]) >= sample for a in arms)
    done = full and all(sum(known(h, metric, now) for h in groups[a]) >= sample for a in arms)
    result = {"state": "finished" if done else "waiting" if full else "running", "arms": [], "harm": []}
    control = values[arms[0]][metric]
    for a in arms:
        own = values[a][metric]
        row = {"arm": a, "enrolled": len(groups[a]), "n": len(own)}
        if own:
            row["value"] = sum(own) / len(own)
            if metric != "satisfaction":
                row["interval"] = wilson(int(sum(own)), len(own), confidence)
            elif len(own) > 1:
                half = stats.t.ppf((1 + confidence) / 2, len(own) - 1) * math.sqrt(float(stats.tvar(own)) / len(own))
                row["interval"] = [row["value"] - half, row["value"] + half]
        if a != arms[0] and own and control and (metric != "satisfaction" or min(len(own), len(control)) > 1):
            if metric == "satisfaction":
                d, low, high, p = means(control, own, confidence)
            else:
                d, low, high, p = shares(int(sum(control)), len(control), int(sum(own)), len(own), confidence)
            row.update(difference=d, differenceInterval=[low, high])
            if done:
                row["p"] = p
        result["arms"].append(row)
    looks = max(1, len(arms) - 1) * max(1, len(plan["harm"]))
    for a in arms[1:]:
        for measure in ("satisfaction", "recurrence", "resolution", "accuracy"):
            if measure not in plan["harm"]:
                continue
            share = min(sum(known(h, measure, now) for h in groups[x]) for x in (a, arms[0])) / sample
            found = sign(values[a][measure], values[arms[0]][measure], measure, plan["harm"][measure], looks, share)
            if found:
                result["harm"].append({"arm": a, "measure": measure, "z": found[0], "limit": found[1]})
    return result


def main():
    task = json.load(sys.stdin)
    now = task["now"]
    json.dump(
        {
            "outcomes": [
                [recurrence(h, now), resolution(h, now)] for h in task["experiments"][0]["histories"]
            ],
            "experiments": [experiment(e) for e in task["experiments"]],
            "tables": [shares(*t, 0.95) for t in task["tables"]],
            "means": [means(a, b, 0.95) for a, b in task["means"]],
            "quantiles": [
                [float(stats.norm.ppf(p)), float(stats.t.isf(p / 2, 3.7)), float(stats.t.isf(p / 2, 250.0))]
                for p in task["quantiles"]
            ],
        }, sys.stdout)


main()
