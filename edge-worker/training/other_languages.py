#!/usr/bin/env python3
"""Pairs (first sentence of the documentation, code without it) of other languages than Rust, in the form of corpus/training.

    other_languages.py --items DIR --packages packages.tsv --evaluation corpus/retrieval --out DIR

`--items`: <language>/<package>.jsonl, written by `edge-worker/dist/bench/training-items.js` from the packages of corpus/train-packages.txt.
`packages.tsv`: language, package, version, licence, sha256 of what was downloaded, part (train or val); a package that is not in it is not used.
Writes items.jsonl.gz, pairs.jsonl.gz and crates.tsv (package, version, licence, pairs, part).
"""
import argparse, collections, gzip, hashlib, json, os, re

from rust_queries import NearCopies
from table_features import words

PAIRS_A_PACKAGE = 1200
PAIRS_A_LANGUAGE = 11000
BESIDE_A_PAIR = 0.8  # items that no pair is about, kept as negatives
KIND = {"function": "fn", "type_alias": "type"}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("items", "packages", "evaluation", "out"):
        ap.add_argument("--" + name, required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    near = NearCopies(a.evaluation)
    rows = [line.rstrip("\n").split("\t") for line in open(a.packages, encoding="utf-8") if not line.startswith("#")]
    by_language = collections.defaultdict(list)
    for row in rows:
        by_language[row[0]].append(row)
    write = lambda f: gzip.GzipFile(os.path.join(a.out, f), "wb", mtime=0)
    used = 0
    with write("items.jsonl.gz") as items_out, write("pairs.jsonl.gz") as pairs_out, open(os.path.join(a.out, "crates.tsv"), "w") as crates:
        crates.write("crate\tversion\tlicence\tpairs\tpart\tsha256\n")
        for language in sorted(by_language):
            found = {}
            for _, package, version, licence, sha, part in sorted(by_language[language]):
                path = os.path.join(a.items, language, package + ".jsonl")
                found[package] = read_package(path, near) if os.path.exists(path) else ([], {})
            share = min(1.0, PAIRS_A_LANGUAGE / max(1, sum(min(PAIRS_A_PACKAGE, len(p)) for _, p in found.values())))
            for _, package, version, licence, sha, part in sorted(by_language[language]):
                items, pairs = found[package]
                if not items:
                    continue
                order = lambda i: hashlib.sha256(("%s %s %d" % (language, package, i)).encode()).digest()
                most = 400 if part == "val" else int(min(PAIRS_A_PACKAGE, len(pairs)) * share)
                kept = sorted(sorted(pairs, key=order)[:most])
                others = sorted((i for i in range(len(items)) if i not in pairs), key=order)
                beside = [i for i in sorted(pairs, key=order)[most:]] + others
                keep = sorted(set(kept) | set(beside[: int(len(kept) * BESIDE_A_PAIR) + 50]))
                row = {i: used + n for n, i in enumerate(keep)}
                used += len(keep)
                crate = "%s/%s" % (language, package)
                for i in keep:
                    d = items[i]
                    # Parts are cut to about what the table reads of them.
                    items_out.write((json.dumps({"crate": crate, "name": d["name"], "kind": KIND.get(d["kind"], d["kind"]), "path": d["path"], "public": d["public"], "head": d["head"][:1500], "body": d["body"][:2500], "marks": d["marks"]}) + "\n").encode())
                for i in kept:
                    first, rest = pairs[i]
                    own = words(items[i]["name"])
                    named = bool(own) and all(w in words(first) for w in own)
                    pairs_out.write((json.dumps({"crate": crate, "query": first, "rest": rest, "named": named, "idx": row[i]}) + "\n").encode())
                crates.write("\t".join([crate, version, licence, str(len(kept)), part, sha]) + "\n")
            print(language, {p: (len(i), len(q)) for p, (i, q) in found.items()}, "share %.2f" % share)


def read_package(path, near):
    with open(path, encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    # A package may bring its code twice, as modules and as a bundle.
    once, kept = set(), []
    for d in items:
        key = (d["name"], d["docs"], tuple(words(d["body"])[:40]))
        if key not in once:
            once.add(key)
            kept.append(d)
    items = kept
    times, pairs = collections.Counter(), {}
    for i, d in enumerate(items):
        if not d["docs"] or len(d["body"].strip()) < 8 and d["kind"] in ("function", "method"):
            continue
        said = sentences(d["docs"])
        if not said or near.has(said[0]):
            continue
        # Go's documentation begins with the name: `Dict constructs a field ...`.
        opened = re.match(r"(?:The )?\*?%s(?:\(\))?(?: function| method)?[ :,-]+(?=[a-z])" % re.escape(d["name"]), said[0], re.I)
        if opened and len(said[0][opened.end() :].split()) >= 3:
            said[0] = said[0][opened.end()].upper() + said[0][opened.end() + 1 :]
        times[said[0]] += 1
        pairs[i] = (said[0], said[1] if len(said) > 1 else None)
    return items, {i: p for i, p in pairs.items() if times[p[0]] <= 2}


SECTION = re.compile(r"^\s*(?:@\w+|:\w[^:\n]*:|(?:Parameters|Returns?|Args|Arguments|Raises|Yields|Examples?|Notes?|See Also|References|Usage|Attributes)\s*:?\s*$|\*\*\s*(?:Parameters|Returns?|Throws|Since|See)|#+ |>>> |```|\.\. \w+|[-=~]{3,}|<pre|\$ )", re.M)


def sentences(docs):
    """The first sentences of the first two paragraphs that are prose."""
    text = docs.replace("\r", "")
    if text.startswith("@"):
        told = re.findall(r"^@(?:summary|description|desc)\s+([^@]+)", text, re.M)
        text = "\n\n".join(dict.fromkeys(t.strip() for t in told))
    at = SECTION.search(text)
    if at and at.start() == 0 and text.startswith("**"):
        return []
    text = text[: at.start()] if at else text
    text = re.sub(r"\{@\w+\s+([^}]*)\}|<[^<>\n]{1,60}>|:\w+:(?=`)", lambda m: m.group(1) or " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    out = []
    for paragraph in re.split(r"\n\s*\n", text)[:2]:
        paragraph = re.sub(r"\s+", " ", re.sub(r"[`*]+", "", paragraph)).strip()
        for sentence in re.split(r"(?<=[a-z)\]0-9][.!?])\s+(?=[A-Z(])", paragraph)[:2]:
            sentence = sentence.strip(" .:;-")
            ws = re.findall(r"[A-Za-z]+", sentence)
            if 3 <= len(ws) <= 45 and sentence.isascii() and sum(map(len, ws)) > 0.65 * len(sentence.replace(" ", "")):
                if not re.search(r"deprecated|auto-?generated|TODO|FIXME|copyright|eslint|istanbul|@ts-|inherit(ed)? doc|see (the )?(base|parent|super)", sentence, re.I):
                    out.append(sentence)
    return out[:2]


if __name__ == "__main__":
    main()
