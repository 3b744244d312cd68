"""The workbench under load: one user and fifty users who move levers, over real HTTP to a real server on this machine.

Floor of one answer: a scenario of the case solved and certified (about 35 ms of processor time, `benchmarks/case.py`), its changes by
place, and 180 kB of JSON. Two processes solve, so fifty users who each ask as soon as they are answered wait about 25 solves;
users who look at the map in between, as people do, wait for few. Bounded: so many questions a user, and at most `SECONDS` in all.

    python benchmarks/workbench.py [CASE] [USERS] [QUESTIONS]
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

SECONDS = 240.0
LOOKS = 2.0
"""Seconds a user looks at the map before the next move."""


@dataclass
class Tally:
    """Answers of one round: seconds each took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def line(self, name: str, wall: float, processor: float) -> str:
        """The round in one line. processor: seconds that the server and its processes used in all."""
        ranked = sorted(self.seconds)
        p50, p95, worst = (1000 * ranked[min(len(ranked) - 1, int(q * len(ranked)))] for q in (0.5, 0.95, 1.0))
        rate, each = len(ranked) / wall, 1000 * processor / len(ranked)
        times = f"p50 {p50:6.0f} ms  p95 {p95:6.0f} ms  max {worst:6.0f} ms"
        return f"{name:44} {len(ranked):5} answers  {times}  {rate:5.1f}/s  processor {each:4.0f} ms each  errors {len(self.errors)}"


def processor_seconds(process: subprocess.Popen) -> float:
    """Processor seconds that the server and the processes it began have used (Linux; 0 elsewhere)."""
    tick, used = os.sysconf("SC_CLK_TCK"), 0.0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if process.pid in (int(entry.parent.name), int(fields[1])):
            used += (int(fields[11]) + int(fields[12])) / tick
    return used


def lever(region: dict, user: int, number: int) -> dict:
    """A lever at a strength that nobody asked for before: nothing is answered from memory."""
    inside = [place["id"] for place in region["places"] if not place["outside"]]
    strength = 1.0 + (1 + number + 100 * user) / 20_000
    return {"format": 1, "name": "moved", "lever": [{"lever": "productivity", "place": inside[user % len(inside)], "multiply": strength}]}


async def moves(address: str, case: str, region: dict, user: int, questions: int, looks: float, tally: Tally) -> None:
    """One user: a session, then levers moved one after another."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        client.headers["x-csrf-token"] = (await client.get("/api/session")).json()["csrf"]
        await asyncio.sleep(looks * (user % 50) / 50)
        for number in range(questions):
            asked = {"scenario": lever(region, user, number), "view": "map", "number": number}
            since = time.perf_counter()
            answer = await client.post(f"/api/regions/{case}/solve", json=asked)
            tally.seconds.append(time.perf_counter() - since)
            if answer.status_code != 200 or answer.json()["outcome"] != "solved":
                tally.errors.append(answer.text[:200])
            await asyncio.sleep(looks)


async def played(address: str, case: str, region: dict, users: int, questions: int, looks: float, first: int) -> tuple[Tally, float]:
    """All users at once."""
    tally, since = Tally(), time.perf_counter()
    everybody = [moves(address, case, region, first + user, questions, looks, tally) for user in range(users)]
    await asyncio.wait_for(asyncio.gather(*everybody), SECONDS)
    return tally, time.perf_counter() - since


def served(case: str, store: str) -> tuple[subprocess.Popen, str]:
    """A server on a free port, and its address."""
    command = [sys.executable, "-m", "bridgehead.report.cli", "serve", case, "--port", "0", "--store", store, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = ""
    while not said.rstrip().endswith("}"):
        said += process.stdout.readline()
    return process, json.loads(said)["address"].replace("localhost", "127.0.0.1")


def first_screen(address: str, case: str, since: float) -> dict:
    """Print how soon what the first screen needs was there; the region."""
    with httpx.Client(base_url=address, timeout=120) as client:
        region = client.get(f"/api/regions/{case}").json()
        client.get(f"/api/regions/{case}/map")
        print(f"{'from nothing to the map':44} {time.perf_counter() - since:5.1f} s")
        while client.get(f"/api/regions/{case}/baseline").status_code == 503:
            time.sleep(0.05)
        print(f"{'from nothing to the baseline and the levers':44} {time.perf_counter() - since:5.1f} s")
        again = time.perf_counter()
        for path in ("", "/map", "/baseline", "/levers"):
            client.get(f"/api/regions/{case}{path}")
        print(f"{'all of the first screen from a warm server':44} {1000 * (time.perf_counter() - again):5.0f} ms")
    return region


def main() -> None:
    """Print the table."""
    case = sys.argv[1] if len(sys.argv) > 1 else "yangtze"
    users, questions = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((2, 50), (3, 8)))
    print(f"load average {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores before the start")
    with tempfile.TemporaryDirectory() as store:
        since = time.perf_counter()
        process, address = served(case, store)
        try:
            region = first_screen(address, case, since)
            time.sleep(15)  # the second process gets ready
            for name, how in (
                ("one user, one move after another", (1, 40, 0.0, 1000)),
                (f"{users} users who look {LOOKS:g} s in between", (users, questions, LOOKS, 0)),
                (f"{users} users who never wait", (users, questions, 0.0, 2000)),
            ):
                before = processor_seconds(process)
                tally, wall = asyncio.run(played(address, case, region, *how))
                print(tally.line(name, wall, processor_seconds(process) - before))
                for error in tally.errors[:3]:
                    print("   ", error)
        finally:
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()


if __name__ == "__main__":
    main()
