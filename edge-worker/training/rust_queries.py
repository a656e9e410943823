#!/usr/bin/env python3
"""Queries in people's words for the items of the training crates, from the crates' own sources.

    rust_queries.py --training corpus/training --sources <cargo registry>/src/<index> --evaluation corpus/retrieval --out rust-queries.jsonl.gz

One line a query: {crate, idx, query, source}. Sources of a query:

    later    a later sentence of the item's documentation
    section  a sentence of its sections (errors, panics, arguments)
    link     a sentence elsewhere (module docs, README, changelog, other items) that links to the item or names it in code quotes
    comment  a comment inside the item's code (the item is then shown without its comments)
    test     the words of a test's name, for the functions that the test calls
    literal  an error text, for the function that holds it

Only crates of crates.tsv at exactly those versions are read. A query whose stemmed words are too much like one of the evaluation is left out.
"""
import argparse, collections, glob, gzip, json, os, re

from table_features import IDENTIFIER, words

NEAR_COPY = 0.6  # Jaccard of stemmed words
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|b?"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.[^\'\n]*)\'', re.S)
SENTENCE = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z`\[*])|\n\s*\n|\n\s*[-*]\s")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){8,200})"')
DOCUMENTED = re.compile(r"((?:^[ \t]*///[^\n]*\n)+)((?:[ \t]*#\[[^\n]*\n|[ \t]*//[^/\n][^\n]*\n)*)^[ \t]*((?:pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+|async\s+|unsafe\s+|extern\s+(?:\"[^\"]*\"\s+)?)*(?:fn|struct|enum|union|trait|type)\s+([A-Za-z_]\w*)[^\n]*)", re.M)
TEST = re.compile(r"#\[(?:tokio::|actix_rt::|async_std::|futures_test::)?test[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)\s*\(\)[^{]*\{")
PLACEHOLDER = re.compile(r"\{[^}]*\}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("training", "sources", "evaluation", "out"):
        ap.add_argument("--" + name, required=True)
    a = ap.parse_args()
    rd = lambda f: [json.loads(line) for line in gzip.open(os.path.join(a.training, f), "rt", encoding="utf-8")]
    items, pairs = rd("items.jsonl.gz"), rd("pairs.jsonl.gz")
    first = collections.defaultdict(set)
    for p in pairs:
        first[p["idx"]] |= {" ".join(words(p["query"])), " ".join(words(p["rest"] or ""))}
    by_crate = collections.defaultdict(list)
    for i, item in enumerate(items):
        by_crate[item["crate"]].append(i)
    near = NearCopies(a.evaluation)
    counts, left, seen = collections.Counter(), collections.Counter(), set()
    with gzip.GzipFile(a.out, "wb", mtime=0) as out:
        for line in list(open(os.path.join(a.training, "crates.tsv"), encoding="utf-8"))[1:]:
            crate, version = line.split("\t")[:2]
            folder = os.path.join(a.sources, "%s-%s" % (crate, version))
            mine = Crate(items, by_crate[crate], folder)
            for idx, query, source in mine.queries():
                text = tidy(query)
                key = (idx, text.lower())
                if key in seen or not 2 <= len(words(text)) <= 40 or " ".join(words(text)) in first[idx]:
                    continue
                seen.add(key)
                if near.has(text):
                    left[source] += 1
                    continue
                counts[source] += 1
                out.write((json.dumps({"crate": crate, "idx": idx, "query": text, "source": source}) + "\n").encode())
    print("kept", dict(counts), "near copies", dict(left))


class Crate:
    def __init__(self, items, mine, folder):
        self.items, self.mine = items, mine
        self.by_name = collections.defaultdict(list)
        for i in mine:
            self.by_name[items[i]["name"]].append(i)
        self.files = {}
        for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
            if path.endswith((".rs", ".md")) and os.path.getsize(path) < 2_000_000:
                with open(path, encoding="utf-8", errors="replace") as f:
                    self.files[os.path.relpath(path, folder)] = f.read()

    def queries(self):
        for i in self.mine:
            yield from self.inside(i)
        for path, text in self.files.items():
            if path.endswith(".md"):
                if not re.search(r"licen|code_of_conduct|contributing|security", path, re.I):
                    yield from self.links(re.sub(r"```.*?```", "\n\n", text, flags=re.S), None)
                continue
            if path.startswith("src"):
                yield from self.docs(text)
            yield from self.tests(text)

    def inside(self, i):
        """Comments and error texts of the item itself."""
        item = self.items[i]
        if item["kind"] not in ("fn", "method"):
            return
        block = []
        for m in TOKENS.finditer(item["code_without_docs"]):
            t = m.group()
            if t.startswith("//"):
                yield_text = t.lstrip("/!").strip()
                block.append((m.start(), m.end(), yield_text))
        for text in joined(item["code_without_docs"], block):
            for sentence in SENTENCE.split(text)[:3]:
                if prose(sentence, 4) and not re.search(r"SAFETY|TODO|FIXME|XXX|NOTE:|clippy|https?:|;\s*$|[{}=<>]{1}.*[;{}]", sentence):
                    yield i, sentence, "comment"
        for m in LITERAL.findall(item["code_without_docs"]):
            if len(re.findall(r"[a-z]{2,}", m)) >= 3 and " " in m.strip():
                yield i, PLACEHOLDER.sub(" ", re.sub(r"\\.", " ", m)), "literal"

    def docs(self, text):
        """Later sentences of documented items, and what documentation says of other items."""
        for m in DOCUMENTED.finditer(text):
            target = self.find(m.group(4), m.group(3))
            body = "\n".join(re.sub(r"^\s*/// ?", "", line) for line in m.group(1).splitlines())
            body = re.sub(r"```.*?(```|\Z)", "\n\n", body, flags=re.S)
            parts = re.split(r"^#+\s*(\w+).*$", body, flags=re.M)
            for n in range(0, len(parts), 2):
                heading = parts[n - 1].lower() if n else ""
                if heading in ("examples", "example", "safety", "notes"):
                    continue
                for k, sentence in enumerate(SENTENCE.split(parts[n])):
                    if target is not None and (n or k) and prose(sentence, 4):
                        yield target, re.sub(r"\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])?", r"\1", sentence), "section" if n else "later"
            yield from self.links(body, target)
        module = "\n".join(re.sub(r"^\s*//! ?", "", line) for line in re.findall(r"^\s*//!.*$", text, re.M))
        yield from self.links(re.sub(r"```.*?(```|\Z)", "\n\n", module, flags=re.S), None)

    def links(self, text, own):
        """Sentences that name an item in code quotes or a link; the name itself is left out of the query."""
        for sentence in SENTENCE.split(text):
            if len(sentence) > 400:
                continue
            for m in re.finditer(r"\[?`([A-Za-z_][\w:.]*)(?:\(\)|!)?`\]?", sentence):
                name = re.split(r"::|\.", m.group(1))
                found = self.by_name.get(name[-1], [])
                if len(name) > 1 and len(found) > 1:
                    found = [i for i in found if ("::" + name[-2] + "::") in self.items[i]["path"]] or found
                found = [i for i in found if self.items[i]["public"]] or found
                if not 1 <= len(found) <= 2 or own in found:
                    continue
                rest = sentence[: m.start()] + " " + sentence[m.end() :]
                if prose(rest, 4):
                    for i in found:
                        yield i, re.sub(r"\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])?", r"\1", rest), "link"

    def tests(self, text):
        for m in TEST.finditer(text):
            name = re.sub(r"^(test_|it_|should_)+|_test$|_works$|_\d+$", "", m.group(1))
            if len(words(name)) < 2:
                continue
            body = text[m.end() : m.end() + 3000]
            close = re.search(r"^\}|\n    \}\n", body, re.M)
            body = body[: close.start()] if close else body
            called = collections.Counter(re.findall(r"\b([a-z_]\w*)(?=\s*(?:::<[^>]*>)?\()|\b([A-Z]\w+)(?=::)", body))
            found = []
            for a, b in called:
                ids = [i for i in self.by_name.get(a or b, []) if self.items[i]["public"] or not self.items[i]["timpl"]]
                if 1 <= len(ids) <= 2 and a not in ("new", "from", "into", "unwrap", "clone", "len", "get", "next", "build"):
                    found.append((len(ids), a or b, ids))
            own = set(words(name))
            for _, called_name, ids in found:
                shared = own & set(words(called_name))
                if len(found) <= 3 or shared:
                    for i in ids:
                        yield i, " ".join(words(name)), "test"

    def find(self, name, line):
        """The one item of that name whose code has this line."""
        found = self.by_name.get(name, [])
        head = re.sub(r"\s+", "", line)[:60]
        exact = [i for i in found if head[:40] in re.sub(r"\s+", "", self.items[i]["code_without_docs"][:300])]
        return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def joined(code, block):
    """Line comments that follow each other are one text."""
    text, end = "", None
    for start, stop, line in block:
        if end is not None and code[end:start].strip() == "":
            text += " " + line
        else:
            if text:
                yield text
            text = line
        end = stop
    if text:
        yield text


def without_comments(code):
    return TOKENS.sub(lambda m: "" if m.group().startswith(("//", "/*")) else m.group(), code)


def prose(text, least):
    """Words of English rather than code."""
    ws = re.findall(r"\b[A-Za-z][a-z]+\b", text)
    return len(ws) >= least and len(text) < 300 and sum(map(len, ws)) > 0.6 * len(re.sub(r"\s", "", text))


def tidy(text):
    return re.sub(r"\s+", " ", re.sub(r"[*`\[\]|]+|\(https?:[^)]*\)|https?:\S+", " ", text)).strip(" .:;,-#>")


class NearCopies:
    def __init__(self, folder):
        self.texts = []
        for f in ("queries.jsonl", "questions.jsonl"):
            with open(os.path.join(folder, f), encoding="utf-8") as lines:
                self.texts += [stemmed(json.loads(line)["query"]) for line in lines]
        self.by_word = collections.defaultdict(list)
        for n, t in enumerate(self.texts):
            for w in t:
                self.by_word[w].append(n)

    def has(self, text):
        mine = stemmed(text)
        shared = collections.Counter(n for w in mine for n in self.by_word.get(w, ()))
        return any(k / (len(mine) + len(self.texts[n]) - k) >= NEAR_COPY for n, k in shared.items())


def stemmed(text):
    return {re.sub(r"(ies|es|s|ing|ed)$", "", w) if len(w) > 4 else w for w in words(text)}


if __name__ == "__main__":
    main()
