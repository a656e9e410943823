#!/usr/bin/env python3
"""Vectors that the TypeScript reader must reproduce, computed here straight from the formula.

    write_golden.py --model common/models/small --out common/test/fixtures/table-golden.jsonl

The texts are our own. They are chosen for their corners: unknown words, stems, pieces, repeated words, long bodies,
closures with arrows, where clauses, macros, empty text, text that is not ASCII.
"""
import argparse, json, math, os

import numpy as np

from table_features import FIELDS, Vocabulary, chunk_fields, docs_tokens, item_fields, query_tokens
from table_file import read_table

QUERIES = [
    "Returns the number of elements in the queue",
    "Creates a new connection pool with the given capacity",
    "how do I retry a failed request?",
    "parse_header fails on emptyline",
    "blörgified tables, 12 HTTPServer2 entries",
    "FooBarBazQuxing unzippered trees",
    "",
    "日本語",
]
ITEMS = [
    ("len", "method", "ring::Ring::len", "pub fn len(&self) -> usize {\n    self.head - self.tail\n}", ""),
    ("push_back", "method", "ring::Ring::push_back", "pub fn push_back(&mut self, value: T) -> Result<(), Full<T>> {\n    if self.len() == self.slots.len() { return Err(Full(value)) }\n    self.slots[self.head] = Some(value);\n    self.head += 1;\n    Ok(())\n}", "Adds a value at the back. Fails when the ring is full, and then gives the value back."),
    ("Ring", "struct", "ring::Ring", "pub struct Ring<T> {\n    slots: Vec<Option<T>>,\n    head: usize,\n    tail: usize,\n}", "A queue of fixed capacity."),
    ("Pair", "struct", "ring::Pair", "pub struct Pair(pub u8, pub u16);", ""),
    ("fold_while", "method", "ring::Ring::fold_while", "pub fn fold_while<B, F>(self, start: B, mut step: F) -> Option<B>\nwhere\n    F: FnMut(B, T) -> Option<B>,\n{\n    None\n}", ""),
    ("load", "fn", "ring::store::load", "pub(crate) async unsafe fn load<'a>(path: &'a Path, each: impl Fn(&str) -> bool) -> &'a mut std::vec::Vec<Entry> {\n    todo!()\n}", ""),
    ("Callback", "type", "ring::Callback", "pub type Callback = Box<dyn Fn(&Event) -> bool + Send>;", "What is called for each event."),
    ("Überlauf", "enum", "ring::Überlauf", "pub enum Überlauf { Voll, Leer(String) }", "Größe überschritten"),
    ("many", "fn", "many", "fn many() {\n" + "".join("    let value%d = word%s(%d);\n" % (i, chr(97 + i % 26) * 3, i) for i in range(90)) + "}", "word " * 200),
    ("into_inner", "method", "a::b::c::d::e::f::g::h::i::j::Guard::into_inner", "const fn into_inner(self) -> T { self.0 }", ""),
]

# Items of other languages, as chunks give them.
CHUNKS = [
    {"name": "add_edge", "kind": "method", "path": "ring.graph.Graph", "head": "async def add_edge(self, a: Node, *, weight: float = 1.0) -> Edge | None:", "body": "if a not in self._nodes:\n    raise KeyError(a)", "marks": ["kind:method", "self:own", "ret:Edge"], "docs": "Joins two nodes."},
    {"name": "readFully", "kind": "fn", "path": "org.ring.io.Streams", "head": "public static byte[] readFully(InputStream in) throws IOException", "body": "{ return in.readAllBytes(); }", "marks": ["kind:function", "ret:byte"], "docs": ""},
    {"name": "Queue", "kind": "interface", "path": "ring", "head": "export interface Queue<T>", "body": "", "marks": ["kind:interface"], "docs": "First in, first out."},
]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--model", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    tokens, E, wq, wd, F = read_table(os.path.join(a.model, "table.bin"))
    vocabulary = Vocabulary(tokens)

    def bag(ws, weights, field=None):
        count = {}
        for w in ws:
            for t in vocabulary.ids(w):
                count[t] = count.get(t, 0) + 1
        share = 1 if field is None else F[field] / math.sqrt(len(count) or 1)
        return sum((share * weights[t] * (1 if field is None else 1 + math.log(n)) * E[t].astype(float) for t, n in count.items()), np.zeros(E.shape[1]))

    def unit(v):
        return [round(float(x), 6) for x in v / (np.linalg.norm(v) or 1)]

    with open(a.out, "w", encoding="utf-8") as f:
        for q in QUERIES:
            f.write(json.dumps({"query": q, "vector": unit(bag(query_tokens(q), wq))}, ensure_ascii=False) + "\n")
        for name, kind, path, code, docs in ITEMS:
            fields = item_fields(name, kind, path, code) + [docs_tokens(docs)]
            v = sum(bag(ws, wq if FIELDS[i] == "docs" else wd, i) for i, ws in enumerate(fields))
            f.write(json.dumps({"name": name, "kind": kind, "path": path, "code": code, "docs": docs, "vector": unit(v)}, ensure_ascii=False) + "\n")
        for item in CHUNKS:
            fields = chunk_fields(item) + [docs_tokens(item["docs"])]
            v = sum(bag(ws, wq if FIELDS[i] == "docs" else wd, i) for i, ws in enumerate(fields))
            f.write(json.dumps({"fields": {k: item[k] for k in ("name", "path", "head", "body", "docs", "marks")}, "vector": unit(v)}) + "\n")


if __name__ == "__main__":
    main()
