"""A sharing game of eight governments on the first case: 256 coalitions, one solve a distinct set of levers, and all rules.

python benchmarks/sharing.py [--governments A,B,…]
"""

from __future__ import annotations

import argparse
import time

from bridgehead.appraise.sharing import share
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.policy import scenarios_of
from bridgehead.region import read_region

EIGHT = "shanghai,zhejiang,china,jinshan,pinghu,jiaxing,jiangsu,jiashan"


def main() -> None:
    """Print the seconds of the game, compiling apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--governments", default=EIGHT)
    players = parser.parse_args().governments.split(",")
    baseline = calibrate(read_region(case_folder("yangtze") / "region"))
    city = scenarios_of(baseline.region)["sci_tech_city"]
    for label in ("first time, with compiling", "again"):
        begin = time.perf_counter()
        found = share(baseline, city, governments=players)
        solved = len({found.table.acting(group) for group in found.table.groups})
        print(f"{label}: {len(found.table.groups)} coalitions, {solved} sets of levers: {time.perf_counter() - begin:.2f} s")


if __name__ == "__main__":
    main()
