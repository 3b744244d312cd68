"""`bridgehead cite`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bridgehead.report.shell import Shell
from bridgehead.version import VERSION

TITLE = "Bridgehead: what regional strategies and zones do to places"
AUTHOR = "The Bridgehead developers"
YEAR = 2026


class Style(StrEnum):
    """The forms of a citation."""

    apa = "apa"
    bibtex = "bibtex"


def citations() -> dict[str, str]:
    """How to cite this version, by style."""
    fields = (
        f"  title   = {{{TITLE}}},\n  author  = {{{{{AUTHOR}}}}},\n  year    = {{{YEAR}}},\n"
        f"  version = {{{VERSION}}},\n  note    = {{Computer software, Apache-2.0}}"
    )
    return {
        Style.apa.value: f"{AUTHOR}. ({YEAR}). {TITLE} (Version {VERSION}) [Computer software].",
        Style.bibtex.value: f"@software{{bridgehead,\n{fields}\n}}",
    }


def cite(shell: Shell, style: Annotated[Style | None, typer.Option("--style", help="One style only.")] = None) -> None:
    """How to cite Bridgehead, and what to name beside a number taken from it."""
    texts = citations() if style is None else {style.value: citations()[style.value]}
    shell.show("\n\n".join(texts.values()))
    if style is None:
        shell.show("", shell.text("cite.beside"))
    shell.document({"version": VERSION, **texts})
