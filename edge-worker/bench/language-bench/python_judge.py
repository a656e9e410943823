"""python_judge.py <folder> <package>

What is public in an importable Python package, as Python itself tells: the package is imported, `inspect` and the modules' own
`__all__` say which names are public, `ast` says at which lines they are defined. Prints a JSON list of
{"path": "click.core.Command.invoke", "kind": "function", "file": "click/core.py", "lines": [1, 2]}.

Public is what can be reached from a module without a name that begins with an underscore: the names of `__all__`; without one, what the
module defines itself without an underscore, and what it imports under the same name with `as` or with a star. Of a public class:
what its body defines without an underscore, and methods with two on both sides. Tests (`tests`, `conftest`) are not for users.
"""
import ast
import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
package = sys.argv[2]
sys.path.insert(0, str(folder))

BLOCKS = (ast.If, ast.Try, ast.With)
trees = {}


def tree_of(path):
    if path not in trees:
        trees[path] = ast.parse(Path(path).read_text(encoding="utf-8"))
    return trees[path]


def statements(body):
    """The statements of a body, those under `if`, `try` and `with` too."""
    for node in body:
        if isinstance(node, BLOCKS):
            yield from statements(node.body)
            for handler in getattr(node, "handlers", []):
                yield from statements(handler.body)
            yield from statements(getattr(node, "orelse", []))
            yield from statements(getattr(node, "finalbody", []))
        else:
            yield node


def targets(node):
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from targets(item)
    elif isinstance(node, ast.Starred):
        yield from targets(node.value)


def definitions(body):
    """name -> (kind, lines, class node or None) of what a body defines; the first kind stays."""
    found = {}

    def add(name, kind, line, node=None):
        if name not in found:
            found[name] = (kind, [], [])
        found[name][1].append(line)
        if node is not None:
            found[name][2].append(node)

    for node in statements(body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            add(node.name, "function", node.lineno)
        elif isinstance(node, ast.ClassDef):
            add(node.name, "class", node.lineno, node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for name in targets(target):
                    add(name, "value", node.lineno)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            add(node.target.id, "value", node.lineno)
        elif hasattr(ast, "TypeAlias") and isinstance(node, ast.TypeAlias):
            add(node.name.id, "value", node.lineno)
    return found


def members(prefix, file, nodes, out):
    for node in nodes:
        for name, (kind, lines, classes) in definitions(node.body).items():
            is_dunder = name.startswith("__") and name.endswith("__") and kind == "function"
            if name.startswith("_") and not is_dunder:
                continue
            out.setdefault((f"{prefix}.{name}", file), [kind, []])[1].extend(lines)
            members(f"{prefix}.{name}", file, classes, out)


def emit(module_name, name, out):
    module = sys.modules.get(module_name)
    path = getattr(module, "__file__", None)
    if path is None or not path.endswith(".py") or folder not in Path(path).resolve().parents:
        return False
    found = definitions(tree_of(path).body).get(name)
    if found is None:
        return False
    kind, lines, classes = found
    file = str(Path(path).resolve().relative_to(folder))
    out.setdefault((f"{module_name}.{name}", file), [kind, []])[1].extend(lines)
    members(f"{module_name}.{name}", file, classes, out)
    return True


def imported_as_itself(body):
    """Names that `from .x import y as y` passes on, and modules that `from .x import *` takes from."""
    names, stars = {}, []
    for node in statements(body):
        if isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    stars.append(source)
                elif alias.asname == alias.name:
                    names[alias.name] = source
    return names, stars


def origin(module, name):
    """The module that defines what `module.name` is: itself, else by the object, else by following the imports that brought the name."""
    if name in definitions(tree_of(module.__file__).body):
        return module.__name__, name
    value = getattr(module, name, None)
    if inspect.isclass(value) or inspect.isroutine(value):
        home = sys.modules.get(getattr(value, "__module__", None) or "")
        if home is not None and getattr(home, "__file__", "").endswith(".py") and getattr(value, "__qualname__", None) == value.__name__:
            if value.__name__ in definitions(tree_of(home.__file__).body):
                return home.__name__, value.__name__
    seen = set()
    while (module.__name__, name) not in seen:
        seen.add((module.__name__, name))
        body = tree_of(module.__file__).body
        if name in definitions(body):
            return module.__name__, name
        step = None
        for node in statements(body):
            if isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        step = (source, alias.name)
        if step is None:
            return None
        try:
            base = module.__name__ if hasattr(module, "__path__") else module.__package__
            module = importlib.import_module(step[0], base)
        except ImportError:
            return None
        name = step[1]
        if not getattr(module, "__file__", None) or not module.__file__.endswith(".py"):
            return None
    return None


def public_names(module):
    body = tree_of(module.__file__).body
    if hasattr(module, "__all__"):
        return list(module.__all__)
    names = [name for name in definitions(body) if not name.startswith("_")]
    as_itself, stars = imported_as_itself(body)
    base = module.__name__ if hasattr(module, "__path__") else module.__package__
    for source in stars:
        names.extend(name for name in public_names(importlib.import_module(source, base)) if not name.startswith("_"))
    return names + list(as_itself)


top = importlib.import_module(package)
names = [package] + [info.name for info in pkgutil.walk_packages(top.__path__, package + ".", onerror=lambda name: None)]
out = {}
for name in names:
    if any(part.startswith("_") or part in ("tests", "conftest") for part in name.split(".")):
        continue
    try:
        module = importlib.import_module(name)
    except Exception as error:
        print(f"{name} is not importable here: {error}", file=sys.stderr)
        continue
    if not getattr(module, "__file__", None):
        continue
    for public in public_names(module):
        home = origin(module, public)
        if home is not None:
            emit(home[0], home[1], out)
json.dump([{"path": path, "kind": kind, "file": file, "lines": sorted(lines)} for (path, file), (kind, lines) in sorted(out.items())], sys.stdout)
