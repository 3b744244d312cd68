"""The frame of every page: one self-contained HTML file in two languages, with a contents list and no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from bridgehead.report.figures.words import Both, attributes, escape, say, span

__all__ = ["document", "hero"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; img-src data:"
"""Nothing comes from elsewhere, and only the page's own script runs, whatever stands in names and notes of the data."""
MARK = (
    '<svg class="mark" viewBox="0 0 32 20" aria-hidden="true">'
    '<path d="M2 16h28M6 16V8M26 16V8M6 9c6 6 14 6 20 0M16 3v13" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
)


def document(
    title: Both, where: Both, contents: Sequence[tuple[str, Both]], body: str, *, lang: str = "en", scripts: Sequence[str] = ("report.js",)
) -> str:
    """A whole page. where: what stands beside the brand; contents: (anchor, title) of every section, the first is where skipping leads."""
    first = "zh" if lang == "zh" else "en"
    script = _joined(scripts)
    policy = POLICY.format(script=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())
    return (
        f'<!doctype html>\n<html lang="{first}" class="lang-{first}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title.en)}</title><style>{_asset('report.css')}</style></head><body>"
        f'<a class="skip" href="#{contents[0][0]}">{span(say("page.skip"))}</a>{_top(where)}<div class="layout">{_contents(contents)}'
        f'<main>{body}</main></div><div id="tip" role="status" hidden></div>'
        f"<script>{script}</script></body></html>\n"
    )


def hero(eyebrow: Sequence[Both], title: Both, ask: Both, period: Both) -> str:
    """The head of a page: what it is, of what, the question it answers, and how to take it."""
    above = " · ".join(span(part) for part in eyebrow)
    return (
        f'<div class="hero"><p class="eyebrow">{above}</p><h1>{span(title)}</h1>'
        f'<p class="ask">{span(ask)}</p><p class="period">{span(period)}</p></div>'
    )


def _top(where: Both) -> str:
    switch = "".join(
        f'<button type="button" data-lang="{code}" lang="{code}" aria-pressed="{"true" if code == "en" else "false"}">{text}</button>'
        for code, text in (("en", "English"), ("zh", "中文"))
    )
    group = f'<span class="switch" role="group" {attributes("aria-label", say("page.switch"))}>{switch}</span>'
    button = f'<button type="button" class="tool" id="print">{span(say("page.print"))}</button>'
    brand = f'<span class="brand">{MARK}Bridgehead</span><span class="where">{span(where)}</span>'
    return f'<header class="top">{brand}{group}{button}</header>'


def _contents(contents: Sequence[tuple[str, Both]]) -> str:
    items = "".join(f'<li><a href="#{key}">{span(title)}</a></li>' for key, title in contents)
    return f'<nav class="contents" {attributes("aria-label", say("words.contents"))}><ol>{items}</ol></nav>'


def _joined(scripts: Sequence[str]) -> str:
    return "\n".join(_asset(name) for name in scripts)


def _asset(name: str) -> str:
    return resources.files("bridgehead.report").joinpath("assets", name).read_text(encoding="utf-8")
