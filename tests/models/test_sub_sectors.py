"""Sub-sectors: strategic emerging industries split off the secondary sector, where a region gives the split."""

from __future__ import annotations

import shutil

import numpy as np
import polars as pl
import pytest

from bridgehead.appraise.path_run import paths_of
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.models import solve
from bridgehead.models.path_settings import path_settings, path_years
from bridgehead.policy import enact, read_scenario
from bridgehead.region import read_region

SPLIT = 0.3


def split_off(folder, part_of="secondary"):
    """The toy with three tenths of its secondary sector as a sector of its own that is like the rest of it."""
    shutil.copytree(case_folder("toy") / "region", folder)
    text = (folder / "region.toml").read_text(encoding="utf-8")
    (folder / "region.toml").write_text(text.replace('"secondary", ', '"secondary", "emerging", '), encoding="utf-8")
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None)
    made = (pl.col("variable") == "value_added") & (pl.col("sector") == "secondary")
    value = pl.col("value").cast(pl.Float64)
    rest = facts.with_columns(pl.when(made).then(value * (1 - SPLIT)).otherwise(value).alias("value"))
    own = facts.filter(made).with_columns(pl.lit("emerging").alias("sector"), value * SPLIT)
    pl.concat([rest, own]).write_csv(folder / "facts.csv")
    sectors = pl.read_csv(folder / "sectors.csv").with_columns(pl.lit(None, dtype=pl.String).alias("part_of"))
    like = sectors.filter(pl.col("sector") == "secondary").with_columns(
        pl.lit("emerging").alias("sector"), pl.lit(part_of).alias("part_of")
    )
    pl.concat([sectors, like]).write_csv(folder / "sectors.csv")
    table = pl.read_csv(folder / "input_output.csv")
    users = pl.concat([table, table.filter(pl.col("user") == "secondary").with_columns(pl.lit("emerging").alias("user"))])
    used = pl.col("input") == "secondary"
    inputs = users.with_columns(pl.when(used).then(pl.col("share") * (1 - SPLIT)).otherwise(pl.col("share")).alias("share"))
    extra = users.filter(used).with_columns(pl.lit("emerging").alias("input"), pl.col("share") * SPLIT)
    pl.concat([inputs, extra]).write_csv(folder / "input_output.csv")
    return folder


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    return calibrate(read_region(split_off(tmp_path_factory.mktemp("split") / "region")))


def lever(baseline, **more):
    row = {"lever": "productivity", "place": "B11", "sector": "secondary", "multiply": 1.3, **more}
    return enact(read_scenario({"format": 1, "name": "plan", "lever": [row]}, baseline.region), baseline).given


def test_a_sub_sector_that_is_like_the_rest_changes_nothing(toy, split):
    """Wages, homes, rents and what sectors make together are those of the undivided region, in the data and under a lever on the whole."""
    groups = [split.region.sector_mask(name) for name in ("primary", "secondary", "tertiary")]
    for one, two in ((toy.equilibrium, split.equilibrium), (solve(toy, lever(toy)), solve(split, lever(split)))):
        for name in ("wage", "residents", "rent_home", "welfare", "jobs"):
            np.testing.assert_allclose(one.state[name], two.state[name], rtol=1e-9)
        together = np.column_stack([two.state["output"][:, mask].sum(axis=1) for mask in groups])
        np.testing.assert_allclose(one.state["output"], together, rtol=1e-9)


def test_a_part_can_be_named_alone(split):
    whole, part = solve(split, lever(split)), solve(split, lever(split, sector="emerging"))
    place, made = split.region.place_ids.index("B11"), split.equilibrium.state["output"]
    alone, together = (found.state["output"][place] / made[place] for found in (part, whole))
    assert alone[2] > alone[1] + 0.1  # emerging alone grows
    np.testing.assert_allclose(together[1], together[2], rtol=1e-9)  # with the whole both do


def test_on_a_path_it_grows_by_a_trend_of_its_own_and_the_whole_is_its_parts(split):
    years = path_years(2023, None, 2033)
    settings = path_settings(split.region, years, {"productivity_trend_emerging": 0.06})
    table = paths_of(split, settings).tables["sectors"].filter((pl.col("level") == "inside") & (pl.col("year") == 2033))
    made = dict(table.filter(pl.col("variable") == "real_value_added").select("sector", "baseline").iter_rows())
    gained = dict(table.filter(pl.col("variable") == "productivity").select("sector", "baseline").iter_rows())
    assert set(made) == {"primary", "secondary", "emerging", "tertiary"}
    assert gained["emerging"] == pytest.approx(0.6, abs=0.02)  # density adds a little
    assert gained["tertiary"] == pytest.approx(0.3, abs=0.02)
    assert gained["secondary"] == pytest.approx(0.7 * 0.3 + 0.3 * 0.6, abs=0.02)  # the whole
    # Shares of spending are constant (Cobb-Douglas), so a sector that gets more productive gets cheaper and not larger.
    assert made["emerging"] / made["secondary"] == pytest.approx(SPLIT, abs=2e-3)
    assert made["emerging"] < made["secondary"] < sum(made[name] for name in ("primary", "secondary", "tertiary"))


def test_a_part_of_a_part_is_a_fault(tmp_path):
    folder = split_off(tmp_path / "region", part_of="emerging")
    with pytest.raises(DataError, match="'emerging' is part of 'emerging', which is itself"):
        read_region(folder)
