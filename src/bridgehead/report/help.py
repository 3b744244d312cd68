"""`--help` in the reader's language, and without what the command-line library writes after options that take no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import typer

from bridgehead.report.shell import Language, system_language

HELP = ["-h", "--help"]


def readable(command: Any, arguments: Sequence[str]) -> Any:
    """The command and its verbs with plain flags; in Chinese where the call or the locale says so and help is asked for."""
    for _, option in _options(command):
        if getattr(option, "is_flag", False):
            option.metavar = ""
    if language_of(arguments) == Language.zh and (not arguments or set(HELP) & set(arguments)):
        _in_chinese(command)
    return command


def language_of(arguments: Sequence[str]) -> Language:
    """The language of a call that is not parsed yet: `--lang` wherever it stands, else the locale's.

    >>> language_of(["solve", "--help", "--lang", "zh"]).value, language_of(["--lang=en"]).value
    ('zh', 'en')
    """
    said = [value for flag, value in pairwise(arguments) if flag == "--lang"]
    said += [argument.partition("=")[2] for argument in arguments if argument.startswith("--lang=")]
    return Language(said[-1]) if said and said[-1] in set(Language) else system_language()


def _options(command: Any) -> Iterator[tuple[Any, Any]]:
    """Every verb, the command itself included, with each of its options and arguments."""
    for each in (command, *getattr(command, "commands", {}).values()):
        for option in (*each.params, each.get_help_option(typer.Context(each, help_option_names=HELP))):
            yield each, option


def _in_chinese(command: Any) -> None:
    """Put the texts of text/help.toml in the place of the English ones.

    Chinese has no spaces to break a line at, and the library's tables cut off what they cannot break: here they fold it.
    """
    from typer import rich_utils

    from bridgehead.report.figures.words import load_text

    _fold(rich_utils)
    words = load_text("help")
    for each, option in _options(command):
        option.help = words["options"].get(option.help, option.help)
        each.help = words["verbs"].get(each.help, each.help)
    for name in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE", "REQUIRED_LONG_STRING", "DEFAULT_STRING"):
        english = getattr(rich_utils, name)
        setattr(rich_utils, name, words["panels"].get(english, english))


def _fold(rich_utils: Any) -> None:
    """Have the library fold long words, in the tables of verbs and in the texts of options."""
    from rich.table import Table

    made = getattr(rich_utils, "_make_rich_text", None)

    class FoldingTable(Table):
        def add_row(self, *cells: Any, **options: Any) -> None:
            super().add_row(*cells, **options)
            for column in self.columns:
                column.overflow = "fold"

    def folding(**options: Any) -> Any:
        text = made(**options)
        text.overflow = "fold"
        return text

    rich_utils.Table = FoldingTable
    if made is not None:
        rich_utils._make_rich_text = folding
