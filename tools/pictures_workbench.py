"""The pictures of docs/workbench.md, taken of a running workbench in headless Chromium.

    python tools/pictures_workbench.py [--out docs/images] [--lang en]

Starts `bridgehead serve` with a store of its own, opens each view as its address tells, and takes it at a laptop's size. Pictures get a
palette of 255 colours, which a third of the bytes hold; one over 400 kB is an error. Needs Chromium and the packages of the tests.
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright
from scipy.spatial import cKDTree

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 400_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1366, "height": 768}
CITY = "from=preset%3Asci_tech_city"
CERTIFIED = ".badge[data-phase=certified]"
# name -> (state in the address, what is there once the screen is, what is clicked before the picture, what must be there then)
VIEWS: dict[str, tuple[str, str, str, str]] = {
    "workbench": (CITY, CERTIFIED, "", "button.pill"),
    "workbench-place": (f"{CITY}&place=330482z&tab=flows", CERTIFIED, "", ".flow-title"),
    "workbench-compare": ("view=compare", ".map-panel.diff .map-frame:not(.busy):not(.refused)", "", ".map-panel.diff .fill"),
    "workbench-sharing": (f"view=sharing&{CITY}", "#run-share", "#run-share", ".verdict"),
    "workbench-path": (f"view=path&{CITY}", "#run-path", "#run-path", ".player .year"),
}
PIXELS = """async (url) => {
  const image = new Image(); image.src = url; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), paint = canvas.getContext("2d");
  paint.drawImage(image, 0, 0);
  const { data } = paint.getImageData(0, 0, image.width, image.height), parts = [];
  for (let i = 0; i < data.length; i += 32768) parts.push(String.fromCharCode(...data.subarray(i, i + 32768)));
  return [image.width, image.height, btoa(parts.join(""))];
}"""


def palette_png(pixels: np.ndarray) -> bytes:
    """A picture [height, width, 3] as PNG with the 255 colours that most of it has, each other one drawn in the nearest."""
    colours, where, count = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    # Frequent colours that are nearly another one would crowd out the rare ones, such as a thin bold line.
    order, kept = np.argsort(-count), np.empty((0, 3))
    for colour in colours[order].astype(float):
        if len(kept) == 255:
            break
        if not len(kept) or np.abs(kept - colour).sum(axis=1).min() > 9:
            kept = np.vstack([kept, colour])
    nearest = cKDTree(kept).query(colours)[1].astype(np.uint8)[where.ravel()].reshape(pixels.shape[:2])
    rows = np.hstack([np.zeros((len(nearest), 1), np.uint8), nearest]).tobytes()

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0)
    colours_of = kept.astype(np.uint8).tobytes()
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"PLTE", colours_of) + part(b"IDAT", zlib.compress(rows, 9)) + part(b"IEND", b"")
    )


def smaller(page: Any, png: bytes) -> bytes:
    """A PNG with a palette; the browser reads the pixels."""
    width, height, raw = page.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(png).decode())
    return palette_png(np.frombuffer(base64.b64decode(raw), np.uint8).reshape(height, width, 4)[:, :, :3])


def take(page: Any, plain: Any, address: str, name: str, lang: str, out: Path) -> int:
    """One picture of one view in one language; 1 when it is too large."""
    state, ready, click, then = VIEWS[name]
    page.goto("about:blank")
    page.goto(f"{address}#lang={lang}&{state}")
    page.wait_for_selector(ready, timeout=180_000)
    if click:
        page.click(click)
    page.wait_for_selector(then, timeout=180_000)
    page.wait_for_timeout(1500)
    target = out / f"{name}-{lang}.png"
    target.write_bytes(smaller(plain, page.screenshot()))
    size = target.stat().st_size
    print(f"{target.name}: {size / 1000:.0f} kB")
    return int(size > LIMIT)


def main() -> int:
    """Start a workbench, take every picture, end it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--lang", nargs="*", default=["en", "zh"])
    args = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no browser: one of {', '.join(BROWSERS)} is needed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as store:
        command = [sys.executable, "-m", "bridgehead.report.cli", "serve", "yangtze", "--port", "0", "--store", store, "--json"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            said = ""
            while not said.rstrip().endswith("}"):
                said += server.stdout.readline()
            address = json.loads(said)["address"]
            with sync_playwright() as driver:
                opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
                page, plain = opened.new_page(viewport=SIZE), opened.new_page()
                return max(take(page, plain, address, name, lang, args.out) for lang in args.lang for name in VIEWS)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
