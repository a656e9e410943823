#!/usr/bin/env python3
"""Fits the weights of the search ranker (common/src/search/ranking-weights.ts) on sources that the model has not seen.

    for f in queries questions; do
      node edge-worker/dist/bench/dump-signals.js --data VAL --queries VAL/$f.jsonl --sources VAL/src --out val-$f.jsonl
    done
    npm run bench:questions -- --questions edge-worker/training/questions --repositories REPOSITORIES --dump repositories.jsonl
    fit_ranking.py --dumps val-queries.jsonl val-questions.jsonl --repositories repositories.jsonl [--check dev-queries.jsonl dev-questions.jsonl] [--out common/src/search/ranking-weights.ts]

Score of an item = sum over gates g and signals s of  gate_g(query) W[g][s] signal_s(query, item), and over the item's traits t of  T[t].
W and T minimise a listwise cross-entropy plus L2: over the pool items of a crate without documentation (`--dumps`), and over whole repositories with documentation
and tests (`--repositories`), there half over symbols and half over files, a file's score being the smooth maximum of its items'. What counts how much: SHARES.
Printed: what each third of the crates and repositories gets under the weights of the other two, then `--check` under all; the check is looked at, never fitted to.
"""
import argparse, collections, json, os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy: a sum's order, and so the file, depends on it

import numpy as np
from scipy.optimize import minimize

SENTENCES, QUESTIONS, REPOSITORIES = SHARES = (0.2, 0.15, 0.65)
STYLES = {"symbol": 0.25, "semantic": 0.35, "architecture": 0.25, "keywords": 0.1, "error": 0.05}  # of the questions about repositories
L2, L2_TRAITS = 3e-3, 2e-3
ALWAYS = 0.2  # the first gate is always 1; its weights are pulled less
SHARPNESS = 2  # of a file's smooth maximum
FOLDS = 3


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--dumps", nargs="+", required=True)
    ap.add_argument("--repositories", nargs="+", required=True)
    ap.add_argument("--check", nargs="+", default=[])
    ap.add_argument("--out")
    ap.add_argument("--without", nargs="*", default=[], help="signals, gates or traits to leave out")
    a = ap.parse_args()
    header, queries = read(a.dumps + a.repositories)
    gates, signals, traits = header["gates"], header["signals"], header["traits"]
    mask = np.array([[g not in a.without and s not in a.without for s in signals] for g in gates])
    kept = np.array([t not in a.without for t in traits])
    fold = {}
    for whole in (False, True):
        for i, c in enumerate(sorted({q["crate"] for q in queries if q["whole"] == whole})):
            fold[whole, c] = i % FOLDS
    values = {}
    for f in range(FOLDS):
        weights = fit([q for q in queries if fold[q["whole"], q["crate"]] != f], mask, kept)
        for i, q in enumerate(queries):
            if fold[q["whole"], q["crate"]] == f:
                values[i] = measure(q, weights)
    print("%d folds:" % FOLDS, summary(queries, [values[i] for i in range(len(queries))]))
    weights = fit(queries, mask, kept)
    if a.check:
        check = read(a.check)[1]
        print("check:  ", summary(check, [measure(q, weights) for q in check]))
    if a.out:
        write(a.out, gates, signals, traits, weights)


def read(paths):
    header, queries = None, []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            head = json.loads(next(lines))
            assert header in (None, head), "dumps of different rankers"
            header = head
            for line in lines:
                d = json.loads(line)
                whole = "targets" in d
                # What is in no pool is dropped from the results before ranks are counted.
                items = [i for i in d["items"] if whole or i["id"] is not None]
                files = list(dict.fromkeys(i.get("file") for i in items))
                at = {f: n for n, f in enumerate(files)}
                grades = collections.Counter()
                for t in d.get("targets", []):
                    grades[t["file"]] = max(grades[t["file"]], t["grade"])
                queries.append({
                    "whole": whole,
                    "crate": d["crate"],
                    "style": d["style"] or "doc",
                    "signals": np.array([i["s"] for i in items], float).reshape(len(items), -1),
                    "traits": np.array([[t in i["traits"] for t in head["traits"]] for i in items], float),
                    "target": np.array([i["target"] for i in items]) > 0,
                    "file": np.array([at[i.get("file")] for i in items]),
                    "file_grade": np.array([grades[f] for f in files], float),
                    "best_gain": gain(sorted(grades.values(), reverse=True)),
                    "gates": np.array([d["gates"][g] for g in head["gates"]], float),
                })
    return header, queries


def score(q, weights):
    W, T = weights
    return q["signals"] @ (q["gates"] @ W) + q["traits"] @ T


def gain(grades):
    return sum(g / np.log2(i + 2) for i, g in enumerate(grades[:10]))


def measure(q, weights):
    """MRR@10 of a crate's pool, NDCG@10 of a repository's files."""
    s = score(q, weights)
    if q["whole"]:
        order = dict.fromkeys(q["file"][np.argsort(-s, kind="stable")[:50]])
        return gain([q["file_grade"][f] for f in order]) / q["best_gain"]
    if not q["target"].any():
        return 0.0
    rank = 1 + int((s[~q["target"]] > s[q["target"]].max()).sum())
    return 1 / rank if rank <= 10 else 0.0


def summary(queries, values):
    of = collections.defaultdict(list)
    for q, v in zip(queries, values):
        kind = "repositories" if q["whole"] else "doc" if q["style"] == "doc" else "questions"
        of[kind].append(v)
        if q["style"] != "doc":
            of[kind[:4] + ":" + q["style"]].append(v)
    return "  ".join("%s %.3f (%d)" % (k, np.mean(v), len(v)) for k, v in sorted(of.items()))


def fit(queries, mask, kept):
    """`mask`: the entries of W that may differ from 0; `kept`: those of T."""
    parts = []
    for whole, doc, share in ((False, True, SENTENCES), (False, False, QUESTIONS), (True, False, REPOSITORIES)):
        some = [q for q in queries if q["whole"] == whole and (q["style"] == "doc") == doc and q["target"].any()]
        count = collections.Counter(q["style"] for q in some)
        part_of = STYLES if whole else {style: 1 / len(count) for style in count}
        weight = np.array([part_of[q["style"]] / count[q["style"]] for q in some])
        weight *= share / weight.sum()
        parts += [(Batch(some), weight / 2, Batch.by_item), (Batch(some), weight / 2, Batch.by_file)] if whole else [(Batch(some), weight, Batch.by_item)]
    pull = L2 * np.ones(mask.shape)
    pull[0] *= ALWAYS
    size = mask.sum()

    def unpack(v):
        W, T = np.zeros(mask.shape), np.zeros(kept.shape)
        W[mask], T[kept] = v[:size], v[size:]
        return W, T

    def loss(v):
        W, T = unpack(v)
        total, dW, dT = (pull * W * W).sum() + L2_TRAITS * (T * T).sum(), 2 * pull * W, 2 * L2_TRAITS * T
        for batch, weight, how in parts:
            s = np.einsum("ij,ij->i", batch.X, (batch.G @ W)[batch.row]) + batch.K @ T
            value, d = how(batch, s, weight)
            total += value
            dW = dW + batch.G.T @ np.add.reduceat(d[:, None] * batch.X, batch.start, axis=0)
            dT = dT + batch.K.T @ d
        return total, np.concatenate([dW[mask], dT[kept]])

    return unpack(minimize(loss, np.zeros(size + kept.sum()), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


class Batch:
    """The candidates of many queries below one another. Each way of counting gives the loss and its slope by the items' scores."""

    def __init__(self, queries):
        self.X = np.concatenate([q["signals"] for q in queries])
        self.K = np.concatenate([q["traits"] for q in queries])
        self.target = np.concatenate([q["target"] for q in queries])
        self.G = np.stack([q["gates"] for q in queries])
        n = np.array([len(q["target"]) for q in queries])
        self.start = np.concatenate([[0], np.cumsum(n)[:-1]])
        self.row = np.repeat(np.arange(len(queries)), n)
        files = np.array([len(q["file_grade"]) for q in queries])
        self.file_start = np.concatenate([[0], np.cumsum(files)[:-1]])
        self.file = np.concatenate([q["file"] for q in queries]) + self.file_start[self.row]
        self.file_row = np.repeat(np.arange(len(queries)), files)
        grades = np.concatenate([q["file_grade"] for q in queries])
        self.wanted = grades / np.maximum(1e-9, np.add.reduceat(grades, self.file_start))[self.file_row]

    def by_item(self, s, weight):
        e = np.exp(s - np.maximum.reduceat(s, self.start)[self.row])
        right = np.where(self.target, e, 0)
        all_, found = np.add.reduceat(e, self.start), np.add.reduceat(right, self.start) + 1e-12
        return (weight * np.log(all_ / found)).sum(), weight[self.row] * (e / all_[self.row] - right / found[self.row])

    def by_file(self, s, weight):
        most = np.full(len(self.wanted), -1e9)
        np.maximum.at(most, self.file, s)
        e = np.exp(SHARPNESS * (s - most[self.file]))
        sums = np.bincount(self.file, e, len(most))
        files = most + np.log(sums) / SHARPNESS
        top = np.maximum.reduceat(files, self.file_start)
        f = np.exp(files - top[self.file_row])
        all_ = np.add.reduceat(f, self.file_start)
        value = (weight * (np.log(all_) + top)).sum() - (weight[self.file_row] * self.wanted * files).sum()
        slope = weight[self.file_row] * (f / all_[self.file_row] - self.wanted)
        return value, slope[self.file] * e / sums[self.file]


def write(path, gates, signals, traits, weights):
    """Replaces the two tables in the file, and nothing else of it."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    W, T = weights
    entry = lambda name, v, indent: "%s%s: %s," % (indent, name, repr(round(float(v), 2)))
    rows = ["  %s: {\n%s\n  },\n" % (g, "\n".join(entry(s, v, "    ") for s, v in zip(signals, values) if abs(v) >= 0.005)) for g, values in zip(gates, W)]
    for name, body in (
        ("RANKING_WEIGHTS: RankingWeights", "".join(rows)),
        ("TRAIT_WEIGHTS: TraitWeights", "".join(entry(t, v, "  ") + "\n" for t, v in zip(traits, T) if abs(v) >= 0.05)),
    ):
        begin = text.index("export const %s = {" % name)
        end = text.index("\n}\n", begin) + 3
        text = text[:begin] + "export const %s = {\n%s}\n" % (name, body) + text[end:]
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
