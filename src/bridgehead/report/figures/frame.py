"""What every section is made of: the page's context, and the few HTML pieces they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.report.figures.names import Names
from bridgehead.report.figures.tables import Tables
from bridgehead.report.figures.words import Both, attributes, escape, say, span
from bridgehead.report.maps import MapShapes

__all__ = ["Html", "Page", "chooser", "finite", "note", "panel", "section", "table"]


class Html(str):
    """Text that is HTML already and is not escaped again."""


@dataclass(frozen=True)
class Page:
    """All that a section may look at. `scenarios` in the order of the matrix' columns, `solved` those with numbers."""

    region: Any
    tables: Tables
    names: Names
    shapes: MapShapes
    scenarios: tuple[str, ...]
    solved: tuple[str, ...]

    @property
    def lead(self) -> str | None:
        """The scenario the report opens with: the zones together, else the last solved one."""
        joint = self.names.joint
        if joint in self.solved:
            return joint
        return self.solved[-1] if self.solved else None


def finite(value: object) -> float | None:
    """A number as float, or None when it is missing or not finite."""
    if value is None or isinstance(value, (str, bool)):
        return None
    number = float(value)
    return number if number == number and abs(number) != float("inf") else None


def cell(content: object) -> str:
    """Anything as HTML: ready HTML as it is, a pair as two spans, other text escaped."""
    if isinstance(content, Html):
        return content
    if isinstance(content, Both):
        return span(content)
    return escape("" if content is None else content)


def section(key: str, body: Iterable[str], *, lead: str = "lead") -> Html:
    """A section with its title and opening text from strings.toml (`<key>.title`, `<key>.<lead>`)."""
    head = f'<h2 id="{key}-h">{span(say(f"{key}.title"))}</h2><p class="lead">{span(say(f"{key}.{lead}"), markup="html")}</p>'
    return Html(f'<section id="{key}" aria-labelledby="{key}-h">{head}{"".join(body)}</section>')


def note(text: Both, css: str = "note") -> Html:
    """A paragraph beside a figure."""
    return Html(f'<p class="{css}">{span(text, markup="html")}</p>')


def panel(title: Both, body: str, text: Both | None = None, css: str = "") -> Html:
    """A titled figure with an optional sentence below its title."""
    below = f'<p class="sub">{span(text, markup="html")}</p>' if text else ""
    return Html(f'<figure class="panel {css}"><figcaption>{span(title)}</figcaption>{below}{body}</figure>')


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], *, css: str = "", numbers: Sequence[int] = ()) -> Html:
    """A table; columns in `numbers` are right-aligned."""

    def line(cells: Sequence[object], tag: str) -> str:
        made = []
        for index, content in enumerate(cells):
            kind = ' class="num"' if index in numbers else ""
            scope = ' scope="col"' if tag == "th" else ""
            made.append(f"<{tag}{scope}{kind}>{cell(content)}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return Html(f'<div class="scroll"><table class="{css}"><thead>{line(heads, "th")}</thead><tbody>{body}</tbody></table></div>')


def chooser(page: Page, name: str, label: Both) -> Html:
    """A scenario chooser; all of the page's choosers named "scenario" move together."""
    options = []
    for group, members in _groups(page):
        inner = "".join(_option(key, page.names.scenario(key), chosen=key == page.lead) for key in members)
        options.append(f"<optgroup {attributes('label', group)}>{inner}</optgroup>")
    return Html(f'<label class="choose"><span>{span(label)}</span><select data-choose="{name}">{"".join(options)}</select></label>')


def _groups(page: Page) -> list[tuple[Both, list[str]]]:
    groups: dict[str, list[str]] = {}
    for key in page.solved:
        zone = page.names.is_zone(key)
        group = "zones" if zone else str(page.names.scenarios.get(key, {}).get("government") or "other")
        groups.setdefault(group, []).append(key)
    titles = {"zones": say("words.zones"), "other": say("words.scenarios")}
    return [(titles.get(group) or page.names.government(group), members) for group, members in groups.items()]


def _option(key: str, text: Both, *, chosen: bool) -> str:
    return (
        f'<option value="{escape(key)}" data-en="{escape(text.en)}" data-zh="{escape(text.zh)}"{" selected" if chosen else ""}>'
        f"{escape(text.en)}</option>"
    )
