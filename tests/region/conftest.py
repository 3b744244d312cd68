"""A copy of the toy region to change, and the region itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.region import Region, read_region


@pytest.fixture(scope="session")
def toy_folder() -> Path:
    return case_folder("toy") / "region"


@pytest.fixture(scope="session")
def toy(toy_folder: Path) -> Region:
    return read_region(toy_folder)


@pytest.fixture
def folder(toy_folder: Path, tmp_path: Path) -> Path:
    """A copy of the toy's folder that a test may change."""
    return Path(shutil.copytree(toy_folder, tmp_path / "toy", copy_function=shutil.copyfile))


@pytest.fixture
def edit(folder: Path) -> Callable[..., None]:
    """Replace text in a file of the copy; the text must be there."""

    def replace(file: str, old: str, new: str, *, count: int = 1) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    return replace


@pytest.fixture
def faults(folder: Path) -> Callable[[], list[str]]:
    """All faults of the copy, as they are shown."""

    def read() -> list[str]:
        with pytest.raises(DataError) as caught:
            read_region(folder)
        assert str(caught.value).startswith("the region folder 'toy' cannot be used:\n  - ")
        return [str(fault) for fault in caught.value.faults]

    return read


@pytest.fixture
def squares() -> dict[str, shapely.Polygon]:
    """A made-up map: the toy's inside places as squares of 0.1 degrees, three a column, from south-west on."""
    order = ("A11", "A12", "A13", "A21", "A22", "ZA", "ZB", "B11", "B12", "B21", "B22", "B23")
    corners = {place: (120.0 + 0.1 * (i // 3), 30.5 + 0.1 * (i % 3)) for i, place in enumerate(order)}
    grid = {place: tuple(round(x, 1) for x in corner) for place, corner in corners.items()}
    return {p: shapely.box(x, y, round(x + 0.1, 1), round(y + 0.1, 1)) for p, (x, y) in grid.items()}


@pytest.fixture
def collection() -> Callable[[dict[str, shapely.Geometry]], dict[str, Any]]:
    """Shapes by place as a GeoJSON FeatureCollection."""

    def build(shapes: dict[str, shapely.Geometry]) -> dict[str, Any]:
        features = [
            {"type": "Feature", "properties": {"place": place}, "geometry": json.loads(shapely.to_geojson(shape))}
            for place, shape in shapes.items()
        ]
        return {"type": "FeatureCollection", "features": features, "datum": "WGS84", "licence": "made up"}

    return build
