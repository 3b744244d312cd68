"""Small pieces that both pages of an estimation are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bridgehead.report.estimate.words import tell
from bridgehead.report.figures.frame import Html
from bridgehead.report.figures.words import Both, span

__all__ = ["card", "key", "list_of", "part"]


def part(name: str, body: str) -> Html:
    """A section with its title and opening sentence from text/estimate.toml."""
    title, lead = tell(f"page.section.{name}"), tell(f"page.lead.{name}")
    return Html(
        f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h">{span(title)}</h2><p class="lead">{span(lead)}</p>{body}</section>'
    )


def card(title: Both, big: Both, below: Both, *, lead: bool = False) -> Html:
    """A number on a card."""
    css = "card lead-card" if lead else "card"
    return Html(f'<div class="{css}"><h3>{span(title)}</h3><p class="big">{span(big)}</p><p>{span(below)}</p></div>')


def key(entries: Sequence[tuple[str, Both]]) -> str:
    """What the marks of a chart stand for."""
    parts = []
    for css, text in entries:
        parts.append(f'<span class="en"><i class="{css}"></i>{text.en}</span><span class="zh"><i class="{css}"></i>{text.zh}</span>')
    return f'<p class="key">{"".join(parts)}</p>'


def list_of(lines: Iterable[Both]) -> str:
    """Sentences a reader must not miss; nothing where there are none."""
    items = "".join(f"<li>{span(line)}</li>" for line in lines)
    return f'<div class="read"><ul style="columns:1">{items}</ul></div>' if items else ""
