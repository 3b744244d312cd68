"""An ensemble's ranges in the report's table of needs."""

from __future__ import annotations

import re
import shutil

import polars as pl

from bridgehead.report.html import write_report


def test_cells_show_ranges_and_mark_signs_that_are_not_sure(delta, delta_folder, delta_page, tmp_path):
    folder = tmp_path / "appraisal"
    shutil.copytree(delta_folder, folder)
    long = pl.read_csv(folder / "matrix_long.csv", schema_overrides={"line": pl.String})
    cells = long.filter(pl.col("change").is_not_null()).select("need", "line", "scenario", "change")
    sure = pl.Series([True, *([False] * (cells.height - 1))])
    ranges = cells.with_columns(
        pl.col("change").alias("median"), (pl.col("change") - 1).alias("p5"), (pl.col("change") + 1).alias("p95"),
        pl.when(sure).then(1.0).otherwise(0.5).alias("positive"), pl.lit(1000).alias("draws"),
    )  # fmt: skip
    ranges.write_csv(folder / "ranges.csv")
    write_report(folder, delta, folder / "report.html")
    page = (folder / "report.html").read_text(encoding="utf-8")
    marks = re.findall(r'<small class="(ends[^"]*)">', page)
    assert marks.count("ends") == 1
    assert marks.count("ends unsure") > 1
    assert f"agree on the sign in 1 of {cells.height} cells" in page
    assert "over 1,000 draws" in page
    assert '<small class="ends' not in delta_page
    assert "no ensemble of the same numbers stands beside them" in delta_page
    lead = [row for row in ranges.filter(pl.col("line") == "1").to_dicts() if row["scenario"] == "sci_tech_city"]
    assert len(re.findall(r'</span><small class="ends[^"]*" data-tip', page)) == len(lead) > 0  # the first page: a range a need
