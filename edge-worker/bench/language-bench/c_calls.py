"""Who calls what in a C or C++ project, by clang: one JSON line a call or use of a function, offsets in bytes.

Usage: python c_calls.py FOLDER LANGUAGE [-Iinclude...] -- FILE... (sources, relative to the folder)
"""

import json
import os
import sys

from clang.cindex import CursorKind, Index

folder = os.path.realpath(sys.argv[1])
at = sys.argv.index("--")
flags = sys.argv[3:at]
CALLABLE = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.FUNCTION_TEMPLATE)
index = Index.create()
told = set()
# The definition of a function that other sources only see declared: by its name as the linker knows it.
definitions = {}
uses = []


def place(location):
    if location.file is None:
        return None
    path = os.path.realpath(location.file.name)
    if not path.startswith(folder + os.sep):
        return None
    return {"file": os.path.relpath(path, folder), "offset": location.offset}


def visit(root):
    waiting = [root]
    while waiting:
        cursor = waiting.pop()
        if cursor.kind in CALLABLE and cursor.is_definition():
            home = place(cursor.location)
            if home is not None:
                definitions.setdefault(cursor.get_usr(), home)
                print(json.dumps({"kind": "seen", "from": home, "to": home}))
        if cursor.kind == CursorKind.CALL_EXPR or cursor.kind == CursorKind.DECL_REF_EXPR:
            target = cursor.referenced
            if target is not None and target.kind in CALLABLE:
                start = place(cursor.extent.start)
                if start is not None:
                    kind = "call" if cursor.kind == CursorKind.CALL_EXPR else "value"
                    uses.append((kind, start, target.get_usr(), place(target.location)))
        waiting.extend(cursor.get_children())


for file in sys.argv[at + 1 :]:
    # 0x200: go on after an include that is not there.
    unit = index.parse(os.path.join(folder, file), args=["-x", sys.argv[2], *flags], options=0x200)
    visit(unit.cursor)

for kind, start, usr, declared in uses:
    to = definitions.get(usr, declared)
    line = json.dumps({"kind": kind, "from": start, "to": to})
    if to is not None and line not in told:
        told.add(line)
        print(line)
