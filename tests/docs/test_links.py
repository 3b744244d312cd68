"""Links of the pages lead to files and headings; functions, files, verbs and tables that the pages name exist."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bridgehead"
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`([\w/]+\.py)(?::([\w.]+))?`")
PICTURE_LIMIT = 400_000


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    found = re.findall(r"^#+ (.*)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in found}


@functools.cache
def names_in(file: Path) -> set[str]:
    """Functions and classes of a file, methods as Class.method."""
    names = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    lost = []
    for target in LINK.findall(prose(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert not lost


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_functions_and_files_named_exist(page):
    lost = []
    for path, name in NAMED.findall(prose(page)):
        places = [root / path for root in (SOURCE, ROOT, SOURCE / "appraise")]
        file = next((place for place in places if place.is_file()), None)
        if file is None or (name and name not in names_in(file)):
            lost.append(f"{path}:{name}")
    assert not lost


def test_the_codebook_names_functions_on_every_page_of_the_engine():
    """No market, closure or step of the inversion of the regional model is missing from the codebook."""
    named = {path for path, _ in NAMED.findall(prose(ROOT / "docs" / "model.md"))}
    regional = (SOURCE / "models" / "regional.py").read_text(encoding="utf-8")
    used = {m.replace(".", "/") + ".py" for m in re.findall(r"from bridgehead\.(blocks\.\w+) import", regional)}
    assert used <= named
    steps = {f"calibrate/{file.name}" for file in (SOURCE / "calibrate").glob("*.py")} - {"calibrate/__init__.py"}
    assert steps <= named


def test_every_measure_is_explained():
    from bridgehead.appraise import MEASURES

    page = prose(ROOT / "docs" / "outcomes.md")
    assert not [name for name in MEASURES if f"`{name}`" not in page]


def test_every_table_variable_parameter_and_lever_is_in_the_formats():
    from bridgehead.appraise import TABLES
    from bridgehead.policy import LEVERS
    from bridgehead.region import FACT_VARIABLES, PARAMETERS
    from bridgehead.region.schemas import STEMS

    page = prose(ROOT / "docs" / "formats.md")
    names = [*TABLES, *LEVERS, *FACT_VARIABLES, *PARAMETERS, *(f"{stem}.csv" for stem in STEMS)]
    assert not [name for name in names if f"`{name}`" not in page]


def test_every_verb_is_explained():
    from bridgehead.report.commands import VERBS

    page = prose(ROOT / "docs" / "commands.md")
    assert not [verb for verb in VERBS if f"`{verb}" not in page]


def test_pictures_are_there_in_both_languages_and_load_quickly():
    for name in ("maps", "needs"):
        for lang in ("en", "zh"):
            picture = ROOT / "docs" / "images" / f"{name}-{lang}.png"
            assert picture.is_file(), picture
            assert picture.stat().st_size <= PICTURE_LIMIT, picture


def test_both_languages_of_the_readme_have_the_same_parts():
    def parts(name: str) -> tuple[int, int, list[str]]:
        text = (ROOT / name).read_text(encoding="utf-8")
        code = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
        return text.count("\n## "), len(re.findall(r"!\[", text)), [body for lang, body in code if lang in ("python", "console")]

    assert parts("README.md") == parts("README.zh.md")
