"""The pictures of README.md, taken from the report that `make appraise` wrote, in headless Chromium.

    python tools/pictures.py [REPORT] [--out docs/images]

Each picture is a part of the page, in English and in Chinese: the maps, and the table of needs. Nothing is drawn here. A picture
over 400 kB is an error: the README must load quickly.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 400_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SCENARIO = "sci_tech_city"
# name -> (section of the page, width and height of the window by language, what is left out of the section)
PICTURES = {
    "maps": ("maps", {"en": (860, 770), "zh": (860, 770)}, ".lead, .note, .sub, .bar, .twin, #maps h2, #maps h3, .map:first-of-type"),
    "needs": ("needs", {"en": (1280, 1250), "zh": (1280, 1050)}, ".lead, .note, .sub, .bar .tool, .reasons, #needs h3, #needs details"),
}
STYLE = """
<style>
.top, .contents, .skip, footer, main > :not(#{section}) {{ display: none !important }}
{left_out} {{ display: none !important }}
.layout {{ display: block !important; padding: 0 18px !important; max-width: none }}
main {{ padding: 0 !important }} .maps {{ grid-template-columns: 1fr !important }} .inset {{ width: 27% !important }} #{section} {{ border: 0; margin: 0; padding: 14px 0 0 }} h2 {{ font-size: 24px }}
</style>
<script>addEventListener("load", () => {{ if (typeof choose === "function") choose("{scenario}") }});</script>
"""


def main() -> int:
    """Take every picture; 1 and a message where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", nargs="?", type=Path, default=ROOT / "out" / "yangtze" / "report.html")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    args = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no browser: one of {', '.join(BROWSERS)} is needed", file=sys.stderr)
        return 1
    if not args.report.is_file():
        print(f"no report at {args.report}: run `make appraise` first", file=sys.stderr)
        return 1
    args.out.mkdir(parents=True, exist_ok=True)
    page = args.report.read_text(encoding="utf-8")
    return max(take(browser, page, name, lang, args.out) for name in PICTURES for lang in ("en", "zh"))


def take(browser: str, page: str, name: str, lang: str, out: Path) -> int:
    """One picture of one part of the page in one language; 1 when it is too large."""
    section, sizes, left_out = PICTURES[name]
    width, height = sizes[lang]
    style = STYLE.format(section=section, left_out=left_out, scenario=SCENARIO)
    target = (out / f"{name}-{lang}.png").resolve()
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.html"
        part.write_text(page.replace("</body>", style + "</body>"), encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}"]
        command += ["--virtual-time-budget=4000", f"--user-data-dir={folder}/profile", f"--screenshot={target}", f"{part.as_uri()}#{lang}"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    size = target.stat().st_size
    print(f"{target.name}: {size / 1000:.0f} kB")
    return int(size > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
