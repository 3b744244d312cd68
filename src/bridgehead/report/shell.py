"""What every verb of the command shares: its options, its language, where it prints, and the folder it writes.

Nothing here imports the engine, so that `bridgehead --help` answers at once.
"""

from __future__ import annotations

import functools
import inspect
import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Language", "Shell", "plain_data", "require_folder", "system_language", "verb"]


class Language(StrEnum):
    """The languages the command speaks."""

    en = "en"
    zh = "zh"


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the locale: Chinese where it says so, else English. The first variable set decides, as in POSIX.

    >>> system_language({"LANG": "zh_CN.UTF-8"}).value, system_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}).value
    ('zh', 'en')
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return Language.zh if environment[name].lower().startswith("zh") else Language.en
    return Language.en


@dataclass(frozen=True)
class Shell:
    """How one call of the command answers: its language, and whether it prints for people, for machines or not at all."""

    lang: str = "en"
    json: bool = False
    debug: bool = False
    quiet: bool = False

    def text(self, key: str, **values: object) -> str:
        """The text `section.name` of text/terminal.toml in the call's language, with its {fields} filled."""
        from bridgehead.report.figures.words import load_text

        entry: Any = load_text("terminal")
        for part in key.split("."):
            entry = entry[part]
        return entry[self.lang].format(**values) if values else entry[self.lang]

    def choose(self, english: object, chinese: object = None) -> str:
        """The one of two texts that is in the call's language; the English one where there is no other."""
        return str(chinese if self.lang == "zh" and chinese else english)

    def console(self) -> Console:
        """The terminal that results are printed on."""
        return _console(to_stderr=False)

    def notes(self) -> Console:
        """The terminal for progress and remarks, which are no part of the result (standard error)."""
        return _console(to_stderr=True)

    def show(self, *parts: object) -> None:
        """Print for people; with `--json` nothing, for standard output then holds one document only."""
        if self.json or self.quiet:
            return
        from rich.text import Text

        console = self.console()
        for part in parts:
            # Text in a file or a pipe is not broken into lines: whoever reads it there searches it.
            soft = isinstance(part, str | Text) and not console.is_terminal
            console.print(part, markup=False, highlight=False, soft_wrap=soft)

    def document(self, content: Mapping[str, object]) -> None:
        """Print the result for machines; without `--json` nothing."""
        if self.json and not self.quiet:
            sys.stdout.write(json.dumps(plain_data(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    console = Console(stderr=to_stderr, highlight=False)
    # A file or a pipe has no width of its own; tables are made for 120 columns then.
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 120
    return console


def plain_data(value: object) -> Any:
    """The value as JSON can hold it: arrays as lists, paths and other objects as text, numbers that are none as null."""
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain_data(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_data(entry) for entry in value]
    for method in ("to_dicts", "tolist", "as_dict"):
        if hasattr(value, method):
            return plain_data(getattr(value, method)())
    return str(value)


LanguageOption = Annotated[Language | None, typer.Option("--lang", help="Language of the answer; the default is the locale's.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, for machines.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]

_COMMON = (
    inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=LanguageOption),
    inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption),
    inspect.Parameter("debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=DebugOption),
)
_CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


def verb(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """A verb with the options that every verb has: it gets them as a `Shell`, its first argument.

    `--lang`, `--json` and `--debug` may stand before the verb or behind it; behind wins.
    """

    @functools.wraps(function)
    def command(*, context: typer.Context, lang: Language | None, json: bool, debug: bool, **values: object) -> int | None:
        before = context.obj or {}
        language = lang or before.get("lang") or system_language()
        shell = Shell(Language(language).value, json or before.get("json", False), debug or before.get("debug", False))
        return function(shell, **values)

    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    command.__signature__ = inspect.Signature([_CONTEXT, *own, *_COMMON])
    command.__annotations__ = {}
    return command


def require_folder(path: Path) -> Path:
    """The path, if it is a folder; else a DataError that says what is there and what is near."""
    from bridgehead.errors import DataError, Fault, did_you_mean

    if path.is_dir():
        return path
    near = sorted(entry.name for entry in path.parent.iterdir() if entry.is_dir()) if path.parent.is_dir() else []
    what = "is a file, not a folder" if path.exists() else "does not exist"
    raise DataError(f"the folder '{path}' cannot be read", [Fault(what, str(path), "a folder", did_you_mean(path.name, near))])
