"""The page on the workbench: its program runs, and its calls are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_client_of_the_docs_runs(server, tmp_path):
    """The program on docs/workbench.md, as it stands there."""
    page = (ROOT / "docs" / "workbench.md").read_text(encoding="utf-8")
    program = page.split("<!-- file: client.py -->\n```python\n", 1)[1].split("```", 1)[0]
    assert len(program.splitlines()) <= 20
    (tmp_path / "client.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "client.py", server.address]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0].startswith("certified · distance ")
    assert re.fullmatch(r"jobs at ZB: \+\d+\.\d\d %", said[1])
    assert re.fullmatch(r"Net gain in real value added: [+-]\d+\.\d{3} bn yuan a year", said[2])
    assert (tmp_path / "places.csv").read_text(encoding="utf-8").startswith("place,name,")


def test_every_call_is_on_the_page(client):
    """What the docs name is there, and OpenAPI describes every call with a sentence."""
    schema = client.get("/openapi.json").json()
    page = (ROOT / "docs" / "workbench.md").read_text(encoding="utf-8")
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            assert about.get("description"), (method, path)
    named = set(re.findall(r"`(?:POST )?(/api/[a-z]+)", page))
    assert {"/" + "/".join(path.split("/")[1:3]) for path in schema["paths"] if path.startswith("/api/")} == named
