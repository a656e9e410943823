"""Queries made from a doc sentence by rule: as a person asks, and as one types into a search box. Deterministic given the random generator."""
import re

from table_features import words

# Third person to the plain verb; a word that is not here and ends in s is tried without it.
PLAIN = {"is": "be", "has": "have", "does": "do", "goes": "go", "tries": "try", "applies": "apply", "copies": "copy", "parses": "parse", "closes": "close", "releases": "release", "uses": "use", "increases": "increase",
         "decreases": "decrease", "changes": "change", "merges": "merge", "replaces": "replace", "produces": "produce", "reduces": "reduce", "traces": "trace", "forces": "force", "encloses": "enclose", "collapses": "collapse",
         "raises": "raise", "composes": "compose", "parallelizes": "parallelize", "serializes": "serialize", "deserializes": "deserialize", "initializes": "initialize", "normalizes": "normalize", "resizes": "resize",
         "invokes": "invoke", "advances": "advance", "slices": "slice", "chooses": "choose", "reverses": "reverse", "traverses": "traverse", "purges": "purge", "emerges": "emerge"}
# What people say for the verbs of documentation.
SAID = {
    "return": ["get", "find", "give me", "read", "obtain", "look up"], "get": ["find", "obtain", "read", "access"], "create": ["make", "build", "set up", "start", "construct"], "construct": ["make", "build", "create"],
    "remove": ["delete", "take out", "drop", "get rid of", "throw away"], "delete": ["remove", "get rid of"], "insert": ["add", "put", "store"], "add": ["insert", "put", "append", "attach"], "append": ["add to the end", "add"],
    "set": ["change", "choose", "configure", "specify"], "check": ["find out", "test", "tell", "know"], "convert": ["turn", "change", "transform", "make"], "retrieve": ["get", "fetch", "read"], "obtain": ["get"],
    "write": ["put", "send", "output"], "read": ["load", "get", "fetch"], "parse": ["read", "interpret", "take apart"], "wait": ["block", "sleep"], "send": ["pass", "transmit", "submit"], "receive": ["get", "read"],
    "determine": ["find out", "work out", "decide"], "compute": ["calculate", "work out"], "calculate": ["compute", "work out"], "iterate": ["go through", "loop over", "walk"], "generate": ["make", "produce", "create"],
    "attempt": ["try"], "try": ["attempt"], "build": ["make", "create"], "register": ["add", "subscribe"], "extract": ["take out", "pull out", "get"], "replace": ["swap", "substitute", "change"], "clear": ["empty", "reset"],
    "format": ["print", "show"], "print": ["show", "output"], "display": ["show", "print"], "initialize": ["set up", "start"], "allocate": ["reserve", "get memory for"], "compare": ["tell apart", "test"], "split": ["cut", "divide", "break up"],
    "merge": ["join", "combine"], "join": ["combine", "connect"], "copy": ["duplicate"], "open": ["start", "load"], "close": ["shut", "end", "stop"], "stop": ["end", "halt"], "start": ["begin", "launch", "run"], "run": ["execute", "start"],
    "execute": ["run"], "load": ["read", "open"], "save": ["store", "keep"], "store": ["keep", "save"], "find": ["look for", "search", "locate"], "search": ["look for", "find"], "count": ["how many", "number of"], "call": ["invoke", "run"],
    "enable": ["turn on", "allow", "switch on"], "disable": ["turn off", "forbid", "switch off"], "sort": ["order"], "decode": ["read", "unpack"], "encode": ["write", "pack"], "validate": ["check"], "verify": ["check"], "ensure": ["make sure"],
    "update": ["change", "refresh"], "handle": ["deal with", "process"], "fetch": ["get", "load", "download"], "consume": ["use up", "take"], "reserve": ["make room for"], "specify": ["say", "choose", "set"], "configure": ["set up", "change"],
}
STOP = set("a an the this that these those of to in on at by for with from into is are be was were has have had it its if as and or not no which when where will would can could may must should any all each every given using used use than then there so such only also we you your i my their them one other whether same new via per".split())
HOWTO = ["how do I %s", "how to %s", "%s", "%s", "I want to %s", "is there a way to %s", "how can I %s", "need to %s", "what is used to %s", "%s?"]
WHERE = ["where is it decided to %s", "where does it %s", "which function would %s", "code that should %s", "which code does %s", "who does %s", "where is the code to %s"]


def plain_verb(word):
    w = word.lower()
    if w in PLAIN:
        return PLAIN[w]
    if not w.endswith("s") or w.endswith("ss") or len(w) < 4:
        return w if w in SAID else None
    if w.endswith("ies"):
        return w[:-3] + "y"
    if re.search(r"(sh|ch|ss|x)es$", w):
        return w[:-2]
    return w[:-1]


def as_question(sentence, rng, public=True):
    """`Removes the last element` -> `how do I take out the last element`; None when it does not begin with a verb."""
    m = re.match(r"(?:This (?:function|method) |Will |Asynchronously |Safely )?([A-Za-z]+)\b\s*(.*)", sentence, re.S)
    if not m:
        return None
    verb = plain_verb(m.group(1))
    rest = m.group(2).strip()
    if verb is None or len(rest.split()) < 2:
        return None
    if rng.random() < 0.6 and verb in SAID:
        verb = SAID[verb][int(rng.integers(len(SAID[verb])))]
    if verb in ("check", "find out", "test", "tell", "know", "return") and rest.startswith("true if "):
        verb, rest = "find out if", rest[8:]
    rest = re.split(r"(?<=\w)[.;:(]|, (?:and|or|which|so|but)\b", rest)[0]
    form = (HOWTO if public or rng.random() < 0.3 else WHERE) if rng.random() < 0.75 else WHERE
    return form[int(rng.integers(len(form)))] % (verb + " " + rest)


def as_keywords(sentence, name, rng):
    """2 to 5 content words of a sentence and of the name, mostly in their order."""
    ws = [w for w in words(sentence) if w not in STOP and len(w) > 1]
    ws = list(dict.fromkeys(ws))
    own = [w for w in words(name) if w not in STOP and len(w) > 2]
    n = int(rng.integers(2, 6))
    if len(ws) > n:
        keep = sorted(rng.permutation(len(ws))[:n])
        ws = [ws[i] for i in keep]
    if own and rng.random() < 0.4:
        at = int(rng.integers(len(own)))
        if own[at] not in ws:
            ws = (ws + [own[at]])[-5:] if rng.random() < 0.5 else ([own[at]] + ws)[:5]
    if rng.random() < 0.25:
        ws = [ws[i] for i in rng.permutation(len(ws))]
    return " ".join(ws) if len(ws) >= 2 else None
