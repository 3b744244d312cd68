"""Every snippet of README and docs runs, every link leads somewhere, every function that the codebook names is there.

Conventions of the pages, all invisible to a reader:
  ```python and ```console blocks of a page run in order, in one folder and one Python session of the page's own.
  In ```console the lines after `$ ` are commands; the other lines are what they print, as is a ```text block right after a
  snippet. `…` stands for anything, blanks count as one.
  <!-- file: NAME --> before a block: its content is that file. <!-- exit: N -->: the last command ends with N.
  <!-- slow -->: `make test` leaves it out. <!-- not run: WHY -->: nobody runs it.
"""

from __future__ import annotations

import itertools
import re
import shlex
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridgehead.report.cli import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"((?:<!--[^>]*-->\n)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"<!-- (file|exit|slow|not run):? ?(.*?) ?-->")


@dataclass(frozen=True)
class Snippet:
    """A fenced block: its language, text, line, what its comments say, and the text block right after it."""

    lang: str
    text: str
    line: int
    notes: dict[str, str]
    shown: str | None


def snippets(page: Path) -> list[Snippet]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    found = list(BLOCK.finditer(text))
    after = {one.end(): other for one, other in itertools.pairwise(found) if not text[one.end() : other.start()].strip()}
    made = []
    for match in found:
        follower = after.get(match.end())
        shown = follower[3] if follower is not None and follower[2] == "text" else None
        line = text.count("\n", 0, match.start(2)) + 1
        made.append(Snippet(match[2], match[3], line, dict(NOTE.findall(match[1])), shown))
    return made


def runs(page: Path) -> bool:
    return any(s.lang in ("python", "console") and "not run" not in s.notes for s in snippets(page))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def assert_shown(shown: str, printed: str, where: str) -> None:
    """What a page shows was printed, in this order; `…` stands for anything."""
    have, at = squeezed(printed), 0
    for part in filter(None, (squeezed(part) for part in shown.split("…"))):
        found = have.find(part, at)
        assert found >= 0, f"{where} shows {part!r}; printed was\n{printed}"
        at = found + len(part)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """(command, what is shown after it) of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def run_console(snippet: Snippet, where: str, capfd: pytest.CaptureFixture) -> None:
    """Run the commands of a block; ours in this process, which is what keeps the pages fast."""
    todo = list(commands(snippet.text))
    for number, (command, shown) in enumerate(todo):
        words = shlex.split(command)
        if words[0] == "bridgehead":
            code = run(words[1:])
        else:
            code = subprocess.run(["bash", "-c", command], check=False).returncode
        printed = capfd.readouterr()
        last = number == len(todo) - 1
        assert code == (int(snippet.notes.get("exit", 0)) if last else 0), f"{where}: {command}\n{printed.out}{printed.err}"
        assert_shown(shown, printed.out + printed.err, f"{where}: {command}")


def run_page(page: Path, capfd: pytest.CaptureFixture, *, slow: bool) -> None:
    """Run the snippets of a page; with `slow` those marked slow too."""
    session = vars(sys.modules["page"])
    for snippet in snippets(page):
        where = f"{page.relative_to(ROOT)}:{snippet.line}"
        if "file" in snippet.notes:
            Path(snippet.notes["file"]).write_text(snippet.text, encoding="utf-8")
        elif "not run" in snippet.notes or ("slow" in snippet.notes and not slow):
            continue
        elif snippet.lang == "python":
            exec(compile("\n" * snippet.line + snippet.text, str(page), "exec", dont_inherit=True), session)
            assert_shown(snippet.shown or "", capfd.readouterr().out, where)
        elif snippet.lang == "console":
            run_console(snippet, where, capfd)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder and a Python module of the page's own, a wide terminal without colours, English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "page", types.ModuleType("page"))
    for name, value in {"COLUMNS": "160", "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize("page", [p for p in PAGES if runs(p) and p.name != "README.zh.md"], ids=lambda p: p.name)
def test_the_snippets_of_a_page_run(page, folder, capfd):
    """README.zh.md has the snippets of README.md: another test holds them equal."""
    run_page(page, capfd, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if any("slow" in s.notes for s in snippets(p))], ids=lambda p: p.name)
def test_the_slow_snippets_run_too(page, folder, capfd):
    run_page(page, capfd, slow=True)


def test_scenarios_shown_fit_the_toy(toy_region):
    from bridgehead.policy import read_scenario

    shown = [s for page in PAGES for s in snippets(page) if s.lang == "toml" and "[[lever]]" in s.text]
    assert shown
    for snippet in shown:
        import tomllib

        read_scenario(tomllib.loads(snippet.text), toy_region)


def test_every_language_of_a_block_is_known():
    known = {"python", "console", "toml", "text", "bibtex"}
    odd = [f"{p.name}:{s.line} {s.lang!r}" for p in PAGES for s in snippets(p) if s.lang not in known]
    assert not odd
