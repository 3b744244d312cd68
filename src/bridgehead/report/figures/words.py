"""Words in two languages: every text of the report is a pair (English, Chinese) and both stand in the page.

The page shows one of the two by a class on its root element, so that switching costs no reload and no network.
"""

from __future__ import annotations

import functools
import html
import re
import tomllib
from importlib import resources
from typing import NamedTuple

__all__ = ["Both", "attributes", "both", "escape", "join", "load_text", "same", "say", "say_from", "span", "svg_text"]


class Both(NamedTuple):
    """One text in English and in Chinese, plain (not yet escaped)."""

    en: str
    zh: str


def both(en: object, zh: object | None = None) -> Both:
    """A pair of texts; without a Chinese one the English stands in both languages."""
    english = "" if en is None else str(en)
    chinese = str(zh) if zh not in (None, "") else english
    return Both(english, chinese)


def same(text: object) -> Both:
    """A text that is the same in both languages, such as an id or a number."""
    return both(text)


def escape(text: object) -> str:
    """Text made safe inside HTML, SVG and double-quoted attributes."""
    return html.escape(str(text), quote=True)


def span(text: Both | str, *, markup: str = "plain") -> str:
    """HTML of a pair: two spans of which the page shows one. `markup="html"` knows **strong** and <small>."""
    pair = same(text) if isinstance(text, str) else text
    clean = _rich if markup == "html" else escape
    if pair.en == pair.zh:
        return clean(pair.en)
    return f'<span class="en" lang="en">{clean(pair.en)}</span><span class="zh" lang="zh">{clean(pair.zh)}</span>'


SMALL = re.compile(r"&lt;(/?small)&gt;")


def _rich(text: str) -> str:
    # Names of scenarios and places stand among our own words: all is escaped, and the two marks we use are put back.
    return SMALL.sub(r"<\1>", re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False)))


def attributes(name: str, text: Both) -> str:
    """An attribute in both languages: `name="…" data-name-en="…" data-name-zh="…"`; the page's script swaps them."""
    return f'{name}="{escape(text.en)}" data-{name}-en="{escape(text.en)}" data-{name}-zh="{escape(text.zh)}"'


def svg_text(x: float, y: float, text: Both, css: str = "", anchor: str = "start") -> str:
    """SVG text in both languages at one point."""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    if text.en == text.zh:
        return f'<text {where} class="{css}">{escape(text.en)}</text>'
    return (
        f'<text {where} class="en {css}" lang="en">{escape(text.en)}</text>'
        f'<text {where} class="zh {css}" lang="zh">{escape(text.zh)}</text>'
    )


def join(parts: list[Both], en: str = ", ", zh: str = "、") -> Both:
    """Several pairs as one, with each language's own separator."""
    return Both(en.join(part.en for part in parts), zh.join(part.zh for part in parts))


@functools.cache
def load_text(name: str) -> dict:
    """The parsed TOML file `text/<name>.toml` of the report."""
    source = resources.files("bridgehead.report").joinpath("text", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def say(key: str, /, **values: object) -> Both:
    """The text `section.key` of strings.toml with its {fields} filled; a field may itself be a pair.

    Raises KeyError when the key is unknown: a missing text is a fault of the report, never a blank.
    """
    return say_from("strings", key, **values)


def say_from(name: str, key: str, /, **values: object) -> Both:
    """As `say`, from another of the report's text files."""
    entry: dict = load_text(name)
    for part in key.split("."):
        entry = entry[part]
    english = {k: v.en if isinstance(v, Both) else v for k, v in values.items()}
    chinese = {k: v.zh if isinstance(v, Both) else v for k, v in values.items()}
    if not values:
        return Both(entry["en"], entry["zh"])
    return Both(entry["en"].format(**english), entry["zh"].format(**chinese))
