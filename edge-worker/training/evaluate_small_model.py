#!/usr/bin/env python3
"""Ranks the retrieval benchmark with a written table, reading nothing but the file.

    evaluate_small_model.py --model common/models/small --data corpus/retrieval --out run.jsonl [--queries questions.jsonl]
    [--random SEED]  the control: the token vectors replaced by random ones of the same shape
"""
import argparse, json, os

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np

from table_features import Vocabulary, item_fields
from table_file import read_table
from train_small_model import Ragged, embed, encode_item, encode_query


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--model", required=True)
    ap.add_argument("--data", required=True)
    ap.add_argument("--queries")
    ap.add_argument("--out", required=True)
    ap.add_argument("--random", type=int)
    a = ap.parse_args()
    tokens, E, wq, wd, F = read_table(os.path.join(a.model, "table.bin"))
    if a.random is not None:
        E = np.random.default_rng(a.random).integers(-127, 128, E.shape)
    E, vocabulary = E.astype(np.float32), Vocabulary(tokens)
    rd = lambda p: [json.loads(line) for line in open(p, encoding="utf-8")]
    queries = rd(a.queries or os.path.join(a.data, "queries.jsonl"))
    with open(a.out, "w") as out:
        for crate in dict.fromkeys(q["crate"] for q in queries):
            docs = rd(os.path.join(a.data, crate + ".docs.jsonl"))
            r = Ragged([encode_item(item_fields(d["name"], d["kind"], d["path"], d["code_without_docs"]), vocabulary) for d in docs])
            row, token, field, factor = r.take(np.arange(len(docs)))
            D, _ = embed((row, token, factor * F[field]), len(docs), wd, E)
            qs = [q for q in queries if q["crate"] == crate]
            r = Ragged([encode_query(q["query"], vocabulary) for q in qs])
            row, token, _, factor = r.take(np.arange(len(qs)))
            Q, _ = embed((row, token, factor), len(qs), wq, E)
            for q, s in zip(qs, Q @ D.T):
                out.write(json.dumps({"query_id": q["query_id"], "ranked": [docs[i]["id"] for i in np.argsort(-s, kind="stable")[:10]]}) + "\n")


if __name__ == "__main__":
    main()
