"""Visitors of the workbench: a browser's window that notes every problem, every answer, and every request that would leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CERTIFIED = ".badge[data-phase=certified]"


@dataclass
class Visitor:
    """One window on a server. `problems`: errors of the console; `left`: requests to anywhere else, all of which are blocked."""

    context: Any
    address: str
    problems: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    solved: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0

    def __post_init__(self) -> None:
        self.context.route("**/*", self._pass)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("response", self._note)

    def _pass(self, route: Any) -> None:
        if route.request.url.startswith((f"{self.address}/", "data:")):
            route.continue_()
        else:
            self.left.append(route.request.url)
            route.abort()

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.text} {message.location.get('url', '')}".strip())

    def _note(self, response: Any) -> None:
        if response.url.endswith("/solve") and response.ok:
            self.solved.append(response.json())

    def open(self, state: str = "lang=en", *, until: str = CERTIFIED) -> Any:
        """Open the state that an address names, and wait until the screen is there."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/#{state}")
        self.page.wait_for_selector(until)
        self.seen = 0
        return self.page

    def slide(self, flow: str, percent: float) -> None:
        """Type how far the border of one flow opens."""
        self.seen = len(self.solved)
        box = self.page.locator(f"[data-flow={flow}] .exact")
        box.fill(str(percent))
        box.press("Enter")

    def settled(self) -> dict[str, Any]:
        """The last answer of the server since `slide`, once its certificate is complete and its needs are shown."""
        for _ in range(600):
            if len(self.solved) > self.seen:
                break
            self.page.wait_for_timeout(50)
        assert len(self.solved) > self.seen, "nothing was solved"
        self.page.wait_for_selector(CERTIFIED)
        self.page.wait_for_selector(".needs-panel.busy", state="detached")
        return self.solved[-1]

    def answered(self, outcome: str) -> None:
        """Wait for an answer of the server with this outcome: the page may show it before it is noted here."""
        for _ in range(200):
            if self.solved and self.solved[-1]["outcome"] == outcome:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the last answer is {self.solved[-1:]}, not {outcome}")

    def needs(self) -> dict[str, str]:
        """What stands in the column of changes, by need and line."""
        rows = self.page.eval_on_selector_all(
            ".needs-panel tr[data-need]",
            "rows => rows.map(row => [`${row.dataset.need}|${row.dataset.line}`, row.querySelector('.pill')?.textContent ?? ''])",
        )
        return dict(rows)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements of a kind."""
        return self.page.locator(selector).all_inner_texts()

    def state(self) -> str:
        """The state that the address tells."""
        self.page.wait_for_timeout(400)  # the address is written once the hand rests
        return self.page.url.split("#", 1)[1]


UNNAMED = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=tab], svg[tabindex], [role=img]")]
  .filter((node) => node.getClientRects().length && !node.closest("[aria-hidden=true]"))
  .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length || node.title || node.querySelector("[aria-label]")))
  .map((node) => node.outerHTML.slice(0, 120))"""
"""Controls without a name for a screen reader."""

WIDE = "document.documentElement.scrollWidth"

RAW = r"""() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    if (/^[a-z]+\.[a-z_]+$/.test(text) || /\{\w+\}|undefined|NaN|\[object/.test(text)) found.push(text);
  }
  return found;
}"""
"""Texts that are keys, unfilled fields, or no words at all."""
