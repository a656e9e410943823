#!/usr/bin/env python3
"""Trains the built-in model: a table of token vectors for queries and code.

    train_small_model.py --training corpus/training --teacher models/minilm-l6-v2 --out common/models/small

    document = normalise( sum over fields f of  F[f] / sqrt(n_f) * sum over distinct tokens t of  exp(wd[t]) (1 + ln tf) E[t] )
    query    = normalise( sum over distinct tokens t of  exp(wq[t]) E[t] )

Learnt: E (starts from the teacher's word vectors), wq, wd, F and the temperature, by cross-entropy of the pair
(first sentence of the docs, code without docs) against the batch and random items of the same crates. Gradients are
written by hand: a batch is a sparse matrix times E. One seed, one thread: the same machine writes the same bytes again.
"""
import argparse, collections, gzip, hashlib, json, os, pickle, sys, time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy: a sum's order, and so the file, depends on it

import numpy as np
import scipy.sparse as sp

from made_queries import as_keywords, as_question
from rust_queries import without_comments
from table_features import BODY, DOCS, FIELDS, Vocabulary, chunk_fields, item_fields, query_tokens, words
from table_file import quantise, write_table

REVISION = "2"
TRAINED_FIELDS = 5  # the sixth, docs, is hidden in training; its weight is DOCS_WEIGHT
DOCS_WEIGHT = 1.5  # on hand-written questions of VAL with two sentences of docs left in: 0.508 at 0.7, 0.538 at 1.4, 0.546 at 2, 0.534 at 3
VOCABULARY = {"words": 18000, "pairs": 7500, "names": 1300, "marks": 500}
PACKAGE = 4
SMOOTHING = 1e-3  # a in a / (a + p(t))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--training", required=True, help="folder with items.jsonl.gz, pairs.jsonl.gz, crates.tsv")
    ap.add_argument("--teacher", required=True, help="folder with model.onnx, tokenizer.json, model.json")
    ap.add_argument("--out", required=True, help="folder for table.bin and model.json")
    ap.add_argument("--cache", help="folder that keeps the teacher's word vectors between runs")
    ap.add_argument("--rows", type=int, default=29000)
    ap.add_argument("--dimensions", type=int, default=256)
    ap.add_argument("--passes", type=int, default=4)
    ap.add_argument("--negatives", type=int, default=768)
    ap.add_argument("--rate", type=float, default=3e-3)
    ap.add_argument("--drop", type=float, default=0.2)
    ap.add_argument("--seeds", type=int, nargs="+", default=[1], help="one training each, from the same start; their parameters are averaged")
    ap.add_argument("--others", help="folder of other_languages.py: items.jsonl.gz, pairs.jsonl.gz, crates.tsv")
    ap.add_argument("--queries", help="rust-queries.jsonl.gz of rust_queries.py")
    ap.add_argument("--mix", default="{}", help="JSON: share of each source of further queries that one pass sees")
    ap.add_argument("--anchor", type=float, default=0.0, help="pull towards the start vectors, a share of the distance a step")
    ap.add_argument("--lazy", action="store_true", help="Adam moves only the rows of the batch")
    a = ap.parse_args()

    t0 = time.time()
    log = lambda *m: print("%6.1f s " % (time.time() - t0), *m, flush=True)
    data = Corpus(a.training, a.others, a.queries)
    log("read", len(data.items), "items,", len(data.pairs), "pairs")
    tokens = build_vocabulary(data, a.teacher, a.rows, log)
    data.encode_kept(Vocabulary(tokens), a.cache)
    log("encoded")
    start = teacher_vectors(tokens, a.teacher, a.dimensions, a.cache, log)
    weights = start_weights(data, len(tokens))
    trained = []
    for seed in a.seeds:
        model = Model(start.copy(), *(w.copy() for w in weights), lazy=a.lazy)
        if not trained:
            log("before training: VAL %.4f %s" % (validate(model.table(), data), by_language(model.table(), data)))
        train(model, data, a, seed, log)
        trained.append(model)
    model = average(trained)
    table = model.table()
    q, scale = quantise(table["E"])
    val = validate(dict(table, E=q * scale[:, None]), data)
    log("int8: VAL %.4f, %d queries" % (val, validate.queries))
    log("int8:", by_language(dict(table, E=q * scale[:, None]), data))
    save(a, tokens, table, data, val, log)


# ---- data ------------------------------------------------------------------------------------------------------------


class Ragged:
    """Many short rows of (token, field, factor), end to end."""

    def __init__(self, rows):
        self.start = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(r[0]) for r in rows], out=self.start[1:])
        self.token = np.concatenate([r[0] for r in rows]).astype(np.int32)
        self.field = np.concatenate([r[1] for r in rows]).astype(np.int8)
        self.factor = np.concatenate([r[2] for r in rows]).astype(np.float32)

    def take(self, ids):
        """(row, token, field, factor) of the chosen rows."""
        ids = np.asarray(ids)
        n = self.start[ids + 1] - self.start[ids]
        row = np.repeat(np.arange(len(ids)), n)
        at = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) + np.repeat(self.start[ids], n)
        return row, self.token[at], self.field[at], self.factor[at]


class Corpus:
    def __init__(self, folder, others=None, queries=None):
        rd = lambda f: [json.loads(line) for line in gzip.open(os.path.join(folder, f), "rt", encoding="utf-8")]
        self.files = {f: sha256(os.path.join(folder, f)) for f in ("items.jsonl.gz", "pairs.jsonl.gz", "crates.tsv")}
        self.items, self.pairs = rd("items.jsonl.gz"), rd("pairs.jsonl.gz")
        rows = [line.rstrip("\n").split("\t") for line in open(os.path.join(folder, "crates.tsv"), encoding="utf-8")][1:]
        self.val = {r[0] for r in rows if r[4] == "val"}
        if others:
            first = len(self.items)
            more = lambda f: [json.loads(line) for line in gzip.open(os.path.join(others, f), "rt", encoding="utf-8")]
            self.items += more("items.jsonl.gz")
            self.pairs += [dict(p, idx=p["idx"] + first) for p in more("pairs.jsonl.gz")]
            rows = [line.rstrip("\n").split("\t") for line in open(os.path.join(others, "crates.tsv"), encoding="utf-8")][1:]
            self.val |= {r[0] for r in rows if r[4] == "val"}
            self.files.update({"others/" + f: sha256(os.path.join(others, f)) for f in ("items.jsonl.gz", "pairs.jsonl.gz", "crates.tsv")})
        self.crate_items = collections.defaultdict(list)
        for i, item in enumerate(self.items):
            self.crate_items[item["crate"]].append(i)
        self.fields = [chunk_fields(i) if "head" in i else item_fields(i["name"], i["kind"], i["path"], i["code_without_docs"]) for i in self.items]
        self.extra = [json.loads(line) for line in gzip.open(queries, "rt", encoding="utf-8")] if queries else []
        if queries:
            self.files[os.path.basename(queries)] = sha256(queries)
        # An item that a comment of its own is asked for is shown without its comments: after all items, in the order of `bare`.
        self.bare = sorted({x["idx"] for x in self.extra if x["source"] == "comment"})
        self.bare_row = {i: len(self.items) + n for n, i in enumerate(self.bare)}
        for i in self.bare:
            item = self.items[i]
            self.fields.append(item_fields(item["name"], item["kind"], item["path"], without_comments(item["code_without_docs"])))

    def encode_kept(self, vocabulary, cache):
        """`encode`, kept between runs of the same data and vocabulary."""
        key = hashlib.sha256(json.dumps([self.files, list(vocabulary.rows)]).encode()).hexdigest()[:16]
        path = os.path.join(cache, "encoded-%s.pickle" % key) if cache else None
        if path and os.path.exists(path):
            with open(path, "rb") as f:
                self.docs, self.queries, self.forms, self.more = pickle.load(f)
            return
        self.encode(vocabulary)
        if path:
            with open(path, "wb") as f:
                pickle.dump((self.docs, self.queries, self.forms, dict(self.more)), f)

    def encode(self, vocabulary):
        self.docs = Ragged([encode_item(f, vocabulary) for f in self.fields])
        self.fields = None
        # Four forms of each training query: the sentence, the second sentence, and each without the item's own name.
        rows, self.forms = [], []
        for pair in self.pairs:
            own = set(words(self.items[pair["idx"]]["name"])) if pair["named"] else set()
            full = len(rows)
            rows.append(encode_query(pair["query"], vocabulary))
            bare = rest = bare_rest = -1
            if own:
                bare = len(rows)
                rows.append(encode_query(pair["query"], vocabulary, own))
            if pair["rest"]:
                rest = bare_rest = len(rows)
                rows.append(encode_query(pair["rest"], vocabulary))
                if own:
                    bare_rest = len(rows)
                    rows.append(encode_query(pair["rest"], vocabulary, own))
            self.forms.append((full, bare, rest, bare_rest))
        # Further queries: those of the sources, and those made by rule; in both, the item's own name is hidden as above.
        rng = np.random.default_rng(7)
        self.more = collections.defaultdict(list)  # source -> [(crate, row of docs, row of queries with the name, without it)]

        def see(source, crate, idx, text, doc):
            own = set(words(self.items[idx]["name"])) & set(words(text))
            rows.append(encode_query(text, vocabulary))
            full = bare = len(rows) - 1
            if own and source not in ("test", "literal", "keywords"):
                rows.append(encode_query(text, vocabulary, own))
                bare = len(rows) - 1
            if rows[bare][0]:
                self.more[source].append((crate, doc, full, bare))

        for x in self.extra:
            see(x["source"], x["crate"], x["idx"], x["query"], self.bare_row[x["idx"]] if x["source"] == "comment" else x["idx"])
        for pair in self.pairs:
            item = self.items[pair["idx"]]
            for text in (pair["query"], pair["rest"]):
                if not text:
                    continue
                for source, made in (("question", as_question(text, rng, item["public"])), ("question", as_question(text, rng, item["public"])), ("keywords", as_keywords(text, item["name"], rng)), ("keywords", as_keywords(text, item["name"], rng))):
                    if made:
                        see(source, pair["crate"], pair["idx"], made, pair["idx"])
        for x in self.extra:
            made = as_keywords(x["query"], self.items[x["idx"]]["name"], rng) if x["source"] in ("comment", "later", "link") else None
            if made:
                see("keywords2", x["crate"], x["idx"], made, self.bare_row[x["idx"]] if x["source"] == "comment" else x["idx"])
        self.queries = Ragged(rows)


def encode_item(fields, vocabulary):
    token, field, factor = [], [], []
    for f, ws in enumerate(fields):
        count = {}
        for w in ws:
            for t in vocabulary.ids(w):
                count[t] = count.get(t, 0) + 1
        if count:
            token += count.keys()
            field += [f] * len(count)
            factor.append((1 + np.log(np.fromiter(count.values(), float))) / np.sqrt(len(count)))
    return token, field, np.concatenate(factor) if factor else np.zeros(0)


def encode_query(text, vocabulary, without=()):
    """`without`: words whose tokens, pairs included, are left out."""
    seen = {}
    for t in query_tokens(text):
        if without and (t in without or t.startswith("<n:") or any(p in without for p in t.strip("^").split("_"))):
            continue
        for i in vocabulary.ids(t):
            seen[i] = 1
    ids = list(seen)
    return ids, [0] * len(ids), [1.0] * len(ids)


def build_vocabulary(data, teacher, rows, log):
    """Words, query marks, names and structure of the training crates, then plain words of the teacher's vocabulary."""
    crates = {"words": {}, "pairs": {}, "names": {}, "marks": {}}
    times = collections.Counter()

    def see(group, token, crate):
        times[token] += 1
        crates[group].setdefault(token, set()).add(crate)

    # A language has fewer packages than Rust has crates; each counts for more.
    spread = lambda group, t: sum(PACKAGE if "/" in c else 1 for c in crates[group][t])

    for item, fields in zip(data.items, data.fields):
        c = item["crate"]
        if c in data.val:
            continue
        for f, ws in enumerate(fields):
            for w in ws:
                see("names" if w.startswith("<n:") else "marks" if w.startswith("<") else "words", w, c)
    for pair in data.pairs:
        c = pair["crate"]
        if c in data.val:
            continue
        for text in (pair["query"], pair["rest"] or ""):
            for t in query_tokens(text):
                if t.startswith("<"):
                    continue
                see("pairs" if t[0] == "^" or "_" in t else "words", t, c)
    for x in data.extra:
        if x["crate"] in data.val or x["source"] == "literal":
            continue
        for t in query_tokens(x["query"]):
            if not t.startswith("<") and (x["source"] != "test" or ("_" not in t and t[0] != "^")):
                see("pairs" if t[0] == "^" or "_" in t else "words", t, x["crate"])
    out = []
    for group, least in (("words", 5 if any("/" in i["crate"] for i in data.items) else 2), ("pairs", 6), ("names", 3), ("marks", 3)):
        least_of = lambda t: 3 if t[0] == "^" else least
        known = [t for t, cs in crates[group].items() if spread(group, t) >= least_of(t) or (group == "words" and times[t] >= 30)]
        known.sort(key=lambda t: (-spread(group, t), -times[t], t))
        log("vocabulary:", group, len(known), "known,", min(len(known), VOCABULARY[group]), "kept")
        out += known[: VOCABULARY[group]]
    have = set(out)
    vocab = json.load(open(os.path.join(teacher, "tokenizer.json"), encoding="utf-8"))["model"]["vocab"]
    plain = [w for w, _ in sorted(vocab.items(), key=lambda kv: kv[1]) if w.isascii() and w.isalpha() and len(w) > 2 and w not in have]
    log("vocabulary: plain", len(plain), "known,", min(len(plain), rows - len(out)), "kept")
    return (out + plain)[:rows]


# ---- start -----------------------------------------------------------------------------------------------------------


def teacher_vectors(tokens, teacher, dimensions, cache, log):
    """Each token's text through the teacher (mean pooling), centred, PCA, unit length on average."""
    path = os.path.join(cache, "words.npz") if cache else None
    known = {}
    if path and os.path.exists(path):
        with np.load(path) as kept:
            known = dict(zip(kept["tokens"].tolist(), kept["vectors"]))
    raw = np.zeros((len(tokens), 384), np.float32)
    for i, t in enumerate(tokens):
        if t in known:
            raw[i] = known[t]
    if any(t not in known for t in tokens):
        import onnxruntime, tokenizers

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(os.path.join(teacher, "model.onnx"), options, providers=["CPUExecutionProvider"])
        tokenizer = tokenizers.Tokenizer.from_file(os.path.join(teacher, "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(64)
        ids = [e.ids for e in tokenizer.encode_batch([spoken(t) for t in tokens])]
        order = sorted((i for i in range(len(tokens)) if tokens[i] not in known), key=lambda i: (len(ids[i]), i))
        at = 0
        while at < len(order):  # batches of one length: nothing is padded
            n = len(ids[order[at]])
            batch = [i for i in order[at : at + 128] if len(ids[i]) == n]
            x = np.array([ids[i] for i in batch], np.int64)
            y = session.run(None, {"input_ids": x, "attention_mask": np.ones_like(x), "token_type_ids": np.zeros_like(x)})[0]
            y = y.mean(axis=1)
            raw[batch] = y / np.linalg.norm(y, axis=1, keepdims=True)
            at += len(batch)
        if path:
            os.makedirs(cache, exist_ok=True)
            known.update(zip(tokens, raw))
            np.savez(path, tokens=np.array(list(known)), vectors=np.stack(list(known.values())))
    log("teacher's vectors", raw.shape)
    x = raw.astype(np.float64) - raw.mean(axis=0, dtype=np.float64)
    values, axes = np.linalg.eigh(x.T @ x)
    axes = axes[:, np.argsort(-values)[:dimensions]]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])  # an eigenvector's sign is free
    x = x @ axes
    return (x / np.linalg.norm(x, axis=1).mean()).astype(np.float32)


SPOKEN = {"<self:mut>": "mutable self", "<self:ref>": "self reference", "<self:own>": "consume self", "<self:none>": "static", "<ret:none>": "nothing", "<ret:&>": "return reference", "<ret:&mut>": "return mutable reference"}


def spoken(token):
    """How a token is said to the teacher."""
    if token in SPOKEN:
        return SPOKEN[token]
    for mark, said in (("<kind:", ""), ("<ret:", "return "), ("<ret<", "return "), ("<n:", "")):
        if token.startswith(mark):
            return said + token[len(mark) : -1].replace("_", " ")
    return token.strip("<>^").replace("_", " ")


def start_weights(data, rows):
    """ln(a / (a + p(t))): frequent tokens count less. p is taken on the side where the token is used."""
    train = [i for i, item in enumerate(data.items) if item["crate"] not in data.val]
    d = np.bincount(data.docs.take(train)[1], minlength=rows).astype(np.float64)
    used = [f[0] for f, p in zip(data.forms, data.pairs) if p["crate"] not in data.val]
    q = np.bincount(data.queries.take(used)[1], minlength=rows).astype(np.float64)
    weight = lambda n: np.log(SMOOTHING / (SMOOTHING + n / n.sum())).astype(np.float32)
    return weight(q), 0.7 * weight(d)


# ---- model -----------------------------------------------------------------------------------------------------------


class Adam:
    """`lazy`: rows outside the batch stand still, moments included."""

    def __init__(self, value, rate, lazy=False):
        self.value, self.rate, self.lazy = value, rate, lazy
        self.m, self.v, self.t = np.zeros_like(value), np.zeros_like(value), 0

    def step(self, gradient, share, rows=None, b1=0.9, b2=0.999):
        self.t += 1
        rate = np.float32(self.rate * share * np.sqrt(1 - b2**self.t) / (1 - b1**self.t))
        if rows is not None and self.lazy:
            m = self.m[rows] * np.float32(b1) + gradient * np.float32(1 - b1)
            v = self.v[rows] * np.float32(b2) + gradient * gradient * np.float32(1 - b2)
            self.m[rows], self.v[rows] = m, v
            self.value[rows] -= rate * m / (np.sqrt(v) + np.float32(1e-8))
            return
        self.m *= np.float32(b1)
        self.v *= np.float32(b2)
        if rows is None:
            rows = slice(None)
        self.m[rows] += gradient * np.float32(1 - b1)
        self.v[rows] += gradient * gradient * np.float32(1 - b2)
        move = np.sqrt(self.v)
        move += np.float32(1e-8)
        np.divide(self.m, move, out=move)
        move *= rate
        self.value -= move


class Model:
    def __init__(self, E, wq, wd, lazy=False):
        self.E, self.wq, self.wd, self.start = E, wq, wd, E.copy()
        self.F = np.full(TRAINED_FIELDS, 0.7, np.float32)
        self.log_t = np.log(np.array([0.06], np.float32))
        self.lazy = lazy

    def table(self):
        return {"E": self.E, "wq": np.exp(self.wq), "wd": np.exp(self.wd), "F": self.F}

    def optimisers(self, rate):
        return {k: Adam(getattr(self, k), rate * (1 if k == "E" else 5), lazy=self.lazy and k in ("E", "wq", "wd")) for k in ("E", "wq", "wd", "F", "log_t")}


def embed(parts, n, weight, E):
    """Unit rows, their lengths, and what the way back needs."""
    row, token, factor = parts
    used, column = np.unique(token, return_inverse=True)
    w = (factor * weight[token]).astype(np.float32)
    matrix = sp.csr_matrix((w, (row, column)), shape=(n, len(used)))
    vectors = E[used]
    s = matrix @ vectors
    length = np.maximum(np.linalg.norm(s, axis=1, keepdims=True), 1e-6)
    return s / length, (length, matrix, vectors, used, row, column, w)


def backward(unit, g, saved):
    """Gradient of the token vectors (rows `used`) and of ln(weight) of every entry."""
    length, matrix, vectors, used, row, column, w = saved
    gs = (g - unit * np.sum(g * unit, axis=1, keepdims=True)) / length
    dE = matrix.T @ gs
    dw = np.empty(len(w), np.float32)
    for at in range(0, len(w), 16384):
        part = slice(at, at + 16384)
        dw[part] = np.einsum("ij,ij->i", gs[row[part]], vectors[column[part]])
    return used, np.asarray(dE), dw * w


def average(models):
    """The mean of models that were trained from one start: what each learnt by chance cancels out."""
    for k in ("E", "wq", "wd", "F"):
        setattr(models[0], k, np.mean([getattr(m, k) for m in models], axis=0, dtype=np.float64).astype(np.float32))
    return models[0]


def train(model, data, a, seed, log):
    rng = np.random.default_rng(seed)
    mix = json.loads(a.mix)
    plan = []
    for _ in range(a.passes):
        by_crate = collections.defaultdict(list)  # (row of docs, row of queries)
        for pair, forms in zip(data.pairs, data.forms):
            if pair["crate"] not in data.val:
                by_crate[pair["crate"]].append((pair["idx"], choose_form(forms, rng)))
        for source in sorted(data.more):
            share = mix.get(source, 0)
            chosen = rng.random(len(data.more[source])) < share
            nameless = rng.random(len(chosen)) < 0.8
            for keep, hide, (crate, doc, full, bare) in zip(chosen, nameless, data.more[source]):
                if keep and crate not in data.val:
                    by_crate[crate].append((doc, bare if hide else full))
        chunks = []
        for crate in sorted(by_crate):
            ps = np.array(by_crate[crate])[rng.permutation(len(by_crate[crate]))]
            chunks += [(crate, ps[i : i + 64]) for i in range(0, len(ps), 64)]
        order = rng.permutation(len(chunks))
        plan += [[chunks[i] for i in order[j : j + 8]] for j in range(0, len(order), 8)]
    same_item = np.concatenate([np.arange(len(data.items)), np.array(data.bare, np.int64)])
    opt = model.optimisers(a.rate)
    steps, loss_sum = len(plan), 0.0
    for step, batch in enumerate(plan):
        targets, forms = np.concatenate([ps for _, ps in batch]).T
        crates = sorted({crate for crate, _ in batch})
        pool = np.concatenate([data.crate_items[c] for c in crates])
        pool = np.setdiff1d(pool, same_item[targets])
        negatives = rng.choice(pool, min(a.negatives, len(pool)), replace=False)
        docs = np.concatenate([targets, negatives])
        pairs = targets

        row, token, _, factor = drop(data.queries.take(forms), a.drop, rng)
        Q, saved_q = embed((row, token, factor), len(pairs), np.exp(model.wq), model.E)
        row, dtoken, field, factor = drop(data.docs.take(docs), a.drop, rng)
        D, saved_d = embed((row, dtoken, factor * model.F[field]), len(docs), np.exp(model.wd), model.E)

        temperature = np.exp(model.log_t[0])
        S = (Q @ D.T) / temperature
        same = same_item[targets][:, None] == same_item[docs][None, :]  # an item that two pairs share is no negative
        same[np.arange(len(pairs)), np.arange(len(pairs))] = False
        S[same] = -1e9
        S -= S.max(axis=1, keepdims=True)
        P = np.exp(S)
        P /= P.sum(axis=1, keepdims=True)
        right = P[np.arange(len(pairs)), np.arange(len(pairs))]
        loss_sum += float(-np.log(np.maximum(right, 1e-12)).mean())
        G = P
        G[np.arange(len(pairs)), np.arange(len(pairs))] -= 1
        G /= len(pairs) * temperature
        d_log_t = -np.sum(G * (Q @ D.T))

        uq, gq, wq = backward(Q, G @ D, saved_q)
        ud, gd, wd = backward(D, G.T @ Q, saved_d)
        rows = np.union1d(uq, ud)
        gE = np.zeros((len(rows), model.E.shape[1]), np.float32)
        gE[np.searchsorted(rows, uq)] += gq
        gE[np.searchsorted(rows, ud)] += gd
        n = len(model.wq)
        F = np.bincount(field, weights=wd, minlength=TRAINED_FIELDS).astype(np.float32) / model.F

        share = min(1.0, (step + 1) / 100) * (1 - step / steps)
        opt["E"].step(gE, share, rows)
        opt["wq"].step(np.bincount(token, weights=wq, minlength=n).astype(np.float32)[uq], share, uq)
        opt["wd"].step(np.bincount(dtoken, weights=wd, minlength=n).astype(np.float32)[ud], share, ud)
        if a.anchor:
            model.E -= np.float32(a.anchor * share) * (model.E - model.start)
        opt["F"].step(F, share)
        opt["log_t"].step(np.array([d_log_t], np.float32), share)
        if (step + 1) % 50 == 0 or step + 1 == steps:
            log("step %d of %d, loss %.3f, temperature %.3f" % (step + 1, steps, loss_sum / 50, np.exp(model.log_t[0])))
            loss_sum = 0.0
        if (step + 1) % (steps // a.passes) == 0:
            log("VAL %.4f  F %s  %s" % (validate(model.table(), data), np.round(model.F, 2), by_language(model.table(), data)))


def choose_form(forms, rng):
    full, bare, rest, bare_rest = forms
    other, nameless = rng.random(2)
    if rest >= 0 and other < 0.15:
        return bare_rest if nameless < 0.8 else rest
    return bare if bare >= 0 and nameless < 0.8 else full


def drop(entries, share, rng):
    keep = rng.random(len(entries[0])) >= share
    return tuple(x[keep] for x in entries)


# ---- measure and save ------------------------------------------------------------------------------------------------


def validate(table, data, others=False):
    """MRR@10 per query on the `val` crates in the benchmark's form: a public item, a sentence of 4 words or more that
    is unique in its crate and does not name the item, code that is unique too; the pool is the whole crate."""
    total = n = 0
    pairs = collections.defaultdict(list)
    sentence = collections.Counter((p["crate"], p["query"]) for p in data.pairs if p["crate"] in data.val)
    text = lambda i: i["head"] + i["body"] if "head" in i else i["code_without_docs"]
    code = collections.Counter((i["crate"], text(i)) for i in data.items if i["crate"] in data.val)
    for p, pair in enumerate(data.pairs):
        if pair["crate"] not in data.val or others != ("/" in pair["crate"]) or pair["named"] or len(pair["query"].split()) < 4:
            continue
        item = data.items[pair["idx"]]
        if item["public"] and sentence[pair["crate"], pair["query"]] == 1 and code[pair["crate"], text(item)] == 1:
            pairs[pair["crate"]].append(p)
    for crate in sorted(pairs):
        items = np.array(data.crate_items[crate])
        row, token, field, factor = data.docs.take(items)
        D, _ = embed((row, token, factor * table["F"][field]), len(items), table["wd"], table["E"])
        row, token, _, factor = data.queries.take([data.forms[p][0] for p in pairs[crate]])
        Q, _ = embed((row, token, factor), len(pairs[crate]), table["wq"], table["E"])
        S = Q @ D.T
        target = np.array([data.pairs[p]["idx"] for p in pairs[crate]]) - items[0]
        rank = 1 + (S > S[np.arange(len(S)), target][:, None]).sum(axis=1)
        total += (1 / rank[rank <= 10]).sum()
        n += len(rank)
        language = crate.split("/")[0] if others else "rust"
        validate.by[language] = validate.by.get(language, np.zeros(2)) + [(1 / rank[rank <= 10]).sum(), len(rank)]
    if others:
        return total / max(1, n)
    validate.queries = n
    return total / n


def save(a, tokens, table, data, val, log):
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "table.bin")
    write_table(path, tokens, table["E"], table["wq"], table["wd"], list(table["F"]) + [DOCS_WEIGHT])
    model = {
        "name": "doctown-small",
        "revision": REVISION,
        "dimensions": a.dimensions,
        "max_tokens": 512,
        "pooling": "table",
        "normalize": True,
        "query_prefix": "",
        "document_prefix": "",
        "license": "Apache-2.0",
        "format": 1,
        "rows": len(tokens),
        "table_sha256": sha256(path),
        "training": {
            "seeds": a.seeds,
            "passes": a.passes,
            "negatives": a.negatives,
            "rate": a.rate,
            "drop": a.drop,
            "mix": json.loads(a.mix),
            "lazy": a.lazy,
            "command": "python train_small_model.py " + " ".join(
                "--%s %s" % (k, {"training": "<corpus>/training", "teacher": "<models>/minilm-l6-v2", "out": "common/models/small", "others": "<others>", "queries": "rust-queries.jsonl.gz"}.get(k, "'%s'" % v if k == "mix" else " ".join(map(str, v)) if k == "seeds" else v))
                for k, v in sorted(vars(a).items()) if v not in (None, False) and k != "cache"
            ).replace("--lazy True", "--lazy"),
            "val_by_language": dict(zip(validate.by, ("%.3f (%d)" % (s / n, n) for s, n in validate.by.values()))),
            "val_mrr10": round(float(val), 4),
            "val_queries": validate.queries,
            "data_sha256": data.files,
            "teacher_sha256": {f: sha256(os.path.join(a.teacher, f)) for f in ("model.onnx", "tokenizer.json")},
        },
    }
    with open(os.path.join(a.out, "model.json"), "w") as f:
        f.write(json.dumps(model, indent=2) + "\n")
    log("wrote", path, os.path.getsize(path), "bytes", model["table_sha256"])


validate.by = {}


def by_language(table, data):
    validate.by = {}
    validate(table, data), validate(table, data, True)
    return " ".join("%s %.3f (%d)" % (k, s / n, n) for k, (s, n) in validate.by.items())


def sha256(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


if __name__ == "__main__":
    main()
