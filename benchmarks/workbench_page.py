"""The page in a browser on this machine: how soon the first screen is there, and how soon the map has its new colours after a move.

Floor of a move: a scenario solved and certified (`benchmarks/case.py`), 170 kB of JSON, and one frame of the browser (17 ms). Asked of
a warm server; each strength is new, so that nothing is answered from memory. In between, the page asks for the rest of the
certificate and the needs of the move before, as it does for a user who looks.

    python benchmarks/workbench_page.py [CASE] [MOVES]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time

import httpx
from playwright.sync_api import Page, sync_playwright
from workbench import processor_seconds, served

MOVE = """async (strength) => {
  const slider = document.querySelector("[data-flow=trade] .range"), map = document.querySelector(".map-main");
  const since = performance.now();
  const painted = new Promise((resolve) => {
    const seen = new MutationObserver((changes) => {
      if (!changes.some((change) => change.attributeName === "fill")) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - since)));
    });
    seen.observe(map, { subtree: true, attributes: true, attributeFilter: ["fill"] });
  });
  slider.value = strength;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return Promise.race([painted, new Promise((resolve) => setTimeout(() => resolve(null), 3000))]);
}"""
CERTIFIED = ".badge[data-phase=certified]"
WARM = 3


def first_screen(page: Page, address: str) -> None:
    """Print how soon the map, and all of the first screen, is there."""
    since = time.perf_counter()
    page.goto(f"{address}#lang=en")
    page.wait_for_selector(".map-main .fill")
    shown = time.perf_counter() - since
    page.wait_for_selector(CERTIFIED)
    print(f"first screen from a warm server: map {shown:.2f} s, numbers and certificate {time.perf_counter() - since:.2f} s")


def moves(page: Page, count: int) -> list[float]:
    """Milliseconds from the move of a slider to the frame with new colours, after a few moves that are not counted."""
    taken = []
    for number in range(WARM + count):
        took = page.evaluate(MOVE, 5 + number)
        page.wait_for_selector(CERTIFIED)
        if took is not None and number >= WARM:
            taken.append(took)
    return sorted(taken)


def main() -> None:
    """Print the two lines."""
    case = sys.argv[1] if len(sys.argv) > 1 else "yangtze"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    print(f"load average {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores before the start")
    with tempfile.TemporaryDirectory() as store, sync_playwright() as driver:
        process, address = served(case, store)
        try:
            while httpx.get(f"{address}healthz").json()["regions"].get(case) != "ready":
                time.sleep(0.2)
            time.sleep(15)  # the second process gets ready
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            first_screen(page, address)
            before = processor_seconds(process)
            taken = moves(page, count)
            each = 1000 * (processor_seconds(process) - before) / (WARM + count)
            p50, p95 = (taken[min(len(taken) - 1, int(q * len(taken)))] for q in (0.5, 0.95))
            times = f"p50 {p50:.0f} ms  p95 {p95:.0f} ms  max {taken[-1]:.0f} ms"
            print(
                f"a move to new colours on the map, {len(taken)} moves: {times}  processor of the server, needs and certificate included {each:.0f} ms each"
            )
            browser.close()
        finally:
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()


if __name__ == "__main__":
    main()
