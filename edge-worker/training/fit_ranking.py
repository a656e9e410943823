#!/usr/bin/env python3
"""Fits the weights of the search ranker (common/src/search/ranking-weights.ts) on training crates that the model has not seen.

    for f in queries questions; do
      node edge-worker/dist/bench/dump-signals.js --data VAL --queries VAL/$f.jsonl --sources VAL/src --out val-$f.jsonl
    done
    fit_ranking.py --dumps val-queries.jsonl val-questions.jsonl [--check dev-queries.jsonl dev-questions.jsonl] [--out common/src/search/ranking-weights.ts]

Score of an item = sum over gates g and signals s of  gate_g(query) W[g][s] signal_s(query, item). W minimises the listwise cross-entropy of the targets over
the candidates of a dump plus L2. Doc sentences together weigh 1 - QUESTIONS, each style of question QUESTIONS / 6, however many queries it has.
Printed: MRR@10 of each half of the crates under the weights of the other half, then of `--check` under all; the check is looked at, never fitted to.
"""
import argparse, collections, json, os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy: a sum's order, and so the file, depends on it

import numpy as np
from scipy.optimize import minimize

QUESTIONS = 0.6
L2 = 1e-2
ALWAYS = 0.2  # the first gate is always 1; its weights are pulled less
STYLES = ("howto", "where", "behaviour", "error", "keywords", "name")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--dumps", nargs="+", required=True)
    ap.add_argument("--check", nargs="+", default=[])
    ap.add_argument("--out")
    ap.add_argument("--without", nargs="*", default=[], help="signals or gates to leave out")
    a = ap.parse_args()
    header, queries = read(a.dumps)
    gates, signals = header["gates"], header["signals"]
    mask = np.array([[g not in a.without and s not in a.without for s in signals] for g in gates])
    crates = sorted({q["crate"] for q in queries})
    half = {c: i % 2 for i, c in enumerate(crates)}
    folds = [fit([q for q in queries if half[q["crate"]] != h], mask) for h in (0, 1)]
    print("two folds:", summary(queries, [reciprocal_rank(q, folds[half[q["crate"]]]) for q in queries]))
    weights = fit(queries, mask)
    if a.check:
        check = read(a.check)[1]
        print("check:    ", summary(check, [reciprocal_rank(q, weights) for q in check]))
    if a.out:
        write(a.out, gates, signals, weights)


def read(paths):
    header, queries = None, []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            head = json.loads(next(lines))
            assert header in (None, head), "dumps of different rankers"
            header = head
            for line in lines:
                d = json.loads(line)
                queries.append({
                    "crate": d["crate"],
                    "style": d["style"] or "doc",
                    "signals": np.array([i["s"] for i in d["items"]]),
                    "target": np.array([i["target"] for i in d["items"]]) > 0,
                    "gates": np.array([d["gates"][g] for g in head["gates"]], float),
                })
    return header, queries


def reciprocal_rank(q, weights):
    if not q["target"].any():
        return 0.0
    score = q["signals"] @ (q["gates"] @ weights)
    rank = 1 + int((score[~q["target"]] > score[q["target"]].max()).sum())
    return 1 / rank if rank <= 10 else 0.0


def summary(queries, values):
    of = collections.defaultdict(list)
    for q, v in zip(queries, values):
        of[q["style"]].append(v)
        of["doc" if q["style"] == "doc" else "questions"] += [v] if q["style"] != "doc" else []
    return "  ".join("%s %.3f (%d)" % (k, np.mean(of[k]), len(of[k])) for k in ("doc", "questions") + STYLES if of[k])


def fit(queries, mask):
    queries = [q for q in queries if q["target"].any()]
    count = collections.Counter(q["style"] for q in queries)
    share = {"doc": 1 - QUESTIONS, **{s: QUESTIONS / len(STYLES) for s in STYLES}}
    w = np.array([share[q["style"]] / count[q["style"]] for q in queries])
    w /= w.sum()
    X = np.concatenate([q["signals"] for q in queries])
    target = np.concatenate([q["target"] for q in queries])
    n = np.array([len(q["target"]) for q in queries])
    start = np.concatenate([[0], np.cumsum(n)[:-1]])
    row = np.repeat(np.arange(len(queries)), n)
    G = np.stack([q["gates"] for q in queries])
    pull = L2 * np.ones(mask.shape)
    pull[0] *= ALWAYS

    def loss(v):
        W = np.zeros(mask.shape)
        W[mask] = v
        s = np.einsum("ij,ij->i", X, (G @ W)[row])
        e = np.exp(s - np.maximum.reduceat(s, start)[row])
        all_, right = np.add.reduceat(e, start), np.add.reduceat(np.where(target, e, 0), start) + 1e-12
        d = w[row] * (e / all_[row] - np.where(target, e, 0) / right[row])
        gradient = G.T @ np.add.reduceat(d[:, None] * X, start, axis=0)
        return (w * np.log(all_ / right)).sum() + (pull * W * W).sum(), (gradient + 2 * pull * W)[mask]

    W = np.zeros(mask.shape)
    W[mask] = minimize(loss, np.zeros(mask.sum()), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return W


def write(path, gates, signals, weights):
    """Replaces the table in the file, and nothing else of it."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    at = text.index("export const RANKING_WEIGHTS")
    rows = []
    for g, values in zip(gates, weights):
        kept = ["    %s: %s," % (s, repr(round(float(v), 2))) for s, v in zip(signals, values) if abs(v) >= 0.005]
        rows.append("  %s: {\n%s\n  },\n" % (g, "\n".join(kept)))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text[:at] + "export const RANKING_WEIGHTS: RankingWeights = {\n" + "".join(rows) + "}\n")


if __name__ == "__main__":
    main()
