"""The rules of the house, read from the source: imports go one way, pieces are small, public names are explained."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "bridgehead"
ROOMS = (
    "version",
    "float64",
    "variables",
    "errors",
    "region",
    "kernels",
    "solve",
    "blocks",
    "models",
    "calibrate",
    "policy",
    "appraise",
    "ensemble",
    "cases",
    "testing",
    "report",
    "__main__",
)
BODY_LINES, FILE_LINES = 40, 400
FILES = sorted(SOURCE.rglob("*.py"))
each_file = pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(SOURCE)) for file in FILES])


@functools.cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def room_of(module: str) -> str:
    """The room a dotted name below `bridgehead` belongs to; the package's own front has none."""
    return module.split(".")[0]


def room_of_file(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, at any depth, with its line. Names from the package's front count as modules of it."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            if node.module == "bridgehead":
                yield from ((node.lineno, f"bridgehead.{alias.name}") for alias in node.names)
            elif node.module:
                yield node.lineno, node.module


def test_every_file_is_in_a_room():
    assert FILES
    unknown = sorted({room_of_file(file) for file in FILES} - set(ROOMS) - {"__init__"})
    assert not unknown, f"not rooms of the house: {unknown}"


@each_file
def test_a_room_imports_only_the_rooms_above_it(file):
    room = room_of_file(file)
    if room == "__init__":
        return
    above = ROOMS[: ROOMS.index(room) + 1]
    wrong = [
        f"line {line}: {name}"
        for line, name in imports(file)
        if name.startswith("bridgehead.") and room_of(name.removeprefix("bridgehead.")) not in above
    ]
    assert not wrong, f"{room} imports from below: {wrong}"


@each_file
def test_each_world_keeps_to_its_libraries(file):
    """JAX begins at the kernels; labels and tables end before them; the terminal is the report's alone."""
    room, where = room_of_file(file), file.relative_to(SOURCE).as_posix()
    barred: set[str] = set()
    if room in ("__init__", "version", "variables", "errors", "region"):
        barred |= {"jax", "jaxlib"}
    if room in ("kernels", "solve", "blocks") or (room == "models" and where != "models/results.py"):
        barred |= {"polars", "shapely", "pyogrio", "pyproj"}
    if room != "report":
        barred |= {"typer", "rich", "altair", "vl_convert"}
    wrong = [f"line {line}: {name}" for line, name in imports(file) if name.split(".")[0] in barred]
    assert not wrong, wrong


@each_file
def test_pieces_are_small(file):
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES, f"{lines} lines, at most {FILE_LINES}"
    long = [f"{node.name} ({count} lines)" for node in functions(file) if (count := body_lines(node)) > BODY_LINES]
    assert not long, f"bodies of more than {BODY_LINES} lines: {long}"


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(parsed(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@each_file
def test_public_names_are_explained(file):
    tree = parsed(file)
    silent = [f"{node.lineno} {name}" for name, node in public_names(tree) if not ast.get_docstring(node)]
    assert not silent, f"without a docstring: {silent}"
    assert ast.get_docstring(tree) or not tree.body, "the module says nothing of itself"


def public_names(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions and classes of a module, and the methods of its classes, but those that start with an underscore."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            inner = (item for item in node.body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"))
            yield from ((f"{node.name}.{item.name}", item) for item in inner)


@each_file
def test_nothing_is_left_undone(file):
    """No word for later stands in the source; the pattern is put together so that this file holds none itself."""
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"]) + r")\b")
    found = [number for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if words.search(line)]
    assert not found, f"left undone in lines {found}"


@each_file
def test_no_mutable_default_and_no_positional_switch(file):
    """Defaults are never lists or dicts; a True or False is passed by its name. Typer's verbs get all by name."""
    wrong = []
    for node in functions(file):
        defaults = [*node.args.defaults, *(value for value in node.args.kw_defaults if value is not None)]
        wrong += [f"{node.name}: mutable default" for value in defaults if isinstance(value, ast.List | ast.Dict | ast.Set)]
        if "report/commands" not in file.as_posix():
            switches = [value for value in node.args.defaults if isinstance(value, ast.Constant) and isinstance(value.value, bool)]
            wrong += [f"{node.name}: positional True or False"] * len(switches)
    assert not wrong, wrong
