"""What the built-in model sees of a query and of a code item.

This is the reference for `common/src/ports/embedder/table-words.ts`: the two
must agree token for token (`common/test/ports/embedder/static-table.test.ts`
checks vectors written by this side with `write_golden.py`). Only ASCII letters, digits and `_` count.
"""
import re

# HTTPServer2 -> HTTP, Server, 2
SUBWORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
IDENTIFIER = re.compile(r"[A-Za-z0-9_]+")

FIELDS = ("name", "path", "head", "body", "marks", "docs")
NAME, PATH, HEAD, BODY, MARKS, DOCS = range(6)

PATH_WORDS = 8  # the last ones of the parent's path
HEAD_WORDS = 80  # the first ones up to the body
BODY_WORDS = 60  # distinct ones
DOCS_WORDS = 120  # the first ones
LONGEST_WORD = 64  # a longer one is data

RECEIVER = re.compile(r"^\s*(&?)\s*(?:'\w+\s+)?(mut\s+)?self\b", re.ASCII)
WHERE = re.compile(r"\bwhere\b", re.ASCII)
RETURN = re.compile(r"->\s*(&?)\s*(?:'\w+\s+)?(mut\s+)?(?:impl\s+|dyn\s+)?([A-Za-z0-9_:]+)\s*(<?)\s*(&?)\s*(?:'\w+\s*,?\s*)?(?:mut\s+)?([A-Za-z0-9_:]*)", re.ASCII)


def words(text):
    """Lower-case sub-words in their order."""
    return [w.lower() for w in SUBWORD.findall(text)]


def split_code(code):
    """(head, body): the text up to the first brace, and the rest."""
    at = code.find("{")
    return (code, "") if at < 0 else (code[:at], code[at:])


def marks(name, kind, head):
    """Structure marks: kind, receiver, return type, qualifiers, the whole name."""
    out = ["<kind:%s>" % kind]
    fn = re.search(r"\bfn\b", head)
    if kind in ("method", "fn") and fn:
        before = head[: fn.start()]
        for word in ("async", "unsafe", "const"):
            if re.search(r"\b%s\b" % word, before):
                out.append("<%s>" % word)
        opened = head.find("(")
        receiver = RECEIVER.match(head[opened + 1 :]) if opened >= 0 else None
        if receiver is None:
            out.append("<self:none>")
        elif receiver.group(1):
            out.append("<self:mut>" if receiver.group(2) else "<self:ref>")
        else:
            out.append("<self:own>")
        arrow = None
        for arrow in RETURN.finditer(WHERE.split(head)[0]):
            pass  # the last arrow: earlier ones belong to closures in the parameters
        if arrow is None:
            out.append("<ret:none>")
        else:
            if arrow.group(1):
                out.append("<ret:&mut>" if arrow.group(2) else "<ret:&>")
            out.append("<ret:%s>" % arrow.group(3).split("::")[-1].lower())
            if arrow.group(4) and arrow.group(6):
                out.append("<ret<%s>" % arrow.group(6).split("::")[-1].lower())
    if "_" in name:
        out.append("<n:%s>" % name.lower())
    return out


def query_tokens(text, limit=None):
    """Words, pairs of neighbours (`number_of`), the first word (`^returns`), and whole names that are written out."""
    ws = words(text)[:limit]
    out = list(ws)
    out += ["%s_%s" % (a, b) for a, b in zip(ws, ws[1:])]
    out += ["^" + w for w in ws[:1]]
    out += ["<n:%s>" % i.lower() for i in IDENTIFIER.findall(text) if "_" in i]
    return out


def docs_tokens(text):
    """Documentation reads like a query; only its beginning counts."""
    return query_tokens(text[: DOCS_WORDS * 16], DOCS_WORDS) if text else []


def item_fields(name, kind, path, code):
    """The words of the first five fields, repeated as often as they occur."""
    head, body = split_code(code)
    parent = path.rsplit("::", 1)[0] if "::" in path else ""
    return [words(name), words(parent)[-PATH_WORDS:], words(head)[:HEAD_WORDS], distinct(body), marks(name, kind, head)]


def distinct(body):
    """Words in their order up to the first that would be one distinct word too many."""
    seen, kept = set(), []
    for w in words(body):
        if w not in seen:
            if len(seen) == BODY_WORDS:
                break
            seen.add(w)
        kept.append(w)
    return kept


def chunk_fields(item):
    """The same of an item that our own chunker read: head, body and marks are given (`edge-worker/bench/training-items.ts`)."""
    given = ["<kind:%s>" % item["kind"]] + ["<%s>" % m.lower() for m in item["marks"] if not m.startswith("kind:")]
    if "_" in item["name"]:
        given.append("<n:%s>" % item["name"].lower())
    return [words(item["name"]), words(item["path"])[-PATH_WORDS:], words(item["head"])[:HEAD_WORDS], distinct(item["body"]), given]


class Vocabulary:
    """Token -> row. A word that is missing tries its stem, then the longest pieces from the left."""

    def __init__(self, tokens):
        self.rows = {t: i for i, t in enumerate(tokens)}
        self.cache = {}

    def ids(self, token):
        """Rows of one token: one, none, or a few pieces."""
        row = self.rows.get(token)
        if row is not None:
            return [row]
        if not token.isalpha():
            return []  # marks, pairs and numbers have no parts
        if token not in self.cache:
            self.cache[token] = self._unknown(token)
        return self.cache[token]

    def _unknown(self, word):
        for stem in stems(word):
            if len(stem) > 2 and stem in self.rows:
                return [self.rows[stem]]
        out, at = [], 0
        if len(word) > LONGEST_WORD:
            return out
        while at < len(word):
            for end in range(len(word), at + 2, -1):  # pieces of 3 letters or more
                if word[at:end] in self.rows:
                    out.append(self.rows[word[at:end]])
                    at = end
                    break
            else:
                at += 1
        return out


def stems(word):
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("ed"):
        yield word[:-2]
        yield word[:-1]
    if word.endswith("ing"):
        yield word[:-3]
        yield word[:-3] + "e"
