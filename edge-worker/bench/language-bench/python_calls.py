"""Who calls what in a Python project, by jedi: one JSON line a call or use of a function, offsets in bytes.

Usage: python python_calls.py FOLDER FILE... (files relative to the folder)
A call is judged by the definition that jedi goes to from the called name; where jedi finds none, or several, nothing is said.
"""

import ast
import json
import os
import sys

import jedi


def main():
    folder = os.path.realpath(sys.argv[1])
    project = jedi.Project(folder, smart_sys_path=True, added_sys_path=[folder, os.path.join(folder, "src")])
    texts = {}

    def lines_of(file):
        if file not in texts:
            with open(os.path.join(folder, file), encoding="utf-8", newline="") as opened:
                texts[file] = opened.read().splitlines(keepends=True)
        return texts[file]

    def offset(file, line, column):
        lines = lines_of(file)
        return sum(len(each.encode()) for each in lines[: line - 1]) + len(lines[line - 1][:column].encode())

    for file in sys.argv[2:]:
        try:
            source = "".join(lines_of(file))
            tree = ast.parse(source)
        except (SyntaxError, UnicodeDecodeError):
            continue
        script = jedi.Script(source, path=os.path.join(folder, file), project=project)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            if isinstance(function, ast.Name):
                line, column = function.lineno, function.col_offset
            elif isinstance(function, ast.Attribute):
                line, column = function.end_lineno, function.end_col_offset - len(function.attr)
            else:
                continue
            # ast counts bytes, jedi characters.
            characters = len(lines_of(file)[line - 1].encode()[:column].decode())
            try:
                found = script.goto(line, characters, follow_imports=True)
            except Exception:
                continue
            found = [each for each in found if each.type in ("function", "class")]
            if len(found) != 1 or found[0].module_path is None:
                continue
            (target,) = found
            if target.type == "class":
                made = [each for each in target.defined_names() if each.name == "__init__"]
                if len(made) != 1:
                    continue
                target = made[0]
            path = os.path.realpath(str(target.module_path))
            if not path.startswith(folder + os.sep):
                continue
            to = os.path.relpath(path, folder)
            print(
                json.dumps(
                    {
                        "kind": "call",
                        "from": {"file": file, "offset": offset(file, line, characters)},
                        "to": {"file": to, "offset": offset(to, target.line, target.column)},
                        "name": target.name,
                    }
                )
            )


main()
