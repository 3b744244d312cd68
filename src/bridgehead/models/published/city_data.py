"""A city as data: blocks with their jobs, residents, floor prices and land, and minutes between them; read from and written to files."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from bridgehead.errors import DataError, Faults
from bridgehead.models.published.replication import folder_of_data, read_columns, write_table

FILES = ("city.csv", "tt.csv", "ttpub.csv")
NUMBERS = ("x_km", "y_km", "K_m2", "Q", "HM", "HR", "east")
WHERE = (
    "Berlin's travel times and floor prices are not public with the paper's code (Ahlfeldt/ARSW2015-toolkit on GitHub); take another "
    "city, or write a made-up one with bridgehead.models.published.city_synthetic.synthetic_city(2000, seed=1) and write_city"
)


@dataclass(frozen=True, eq=False)
class City:
    """A city of n blocks: plain NumPy arrays in one order.

    ids [block]; x_km, y_km; land K [m²] > 0; floor_price Q [money a m², any unit] > 0 where anyone lives or works; jobs H_M and
    residents H_R [people], 0 where there is no such activity; east [bool]; minutes and minutes_public [home, work].
    """

    ids: tuple[str, ...]
    x_km: np.ndarray
    y_km: np.ndarray
    land: np.ndarray
    floor_price: np.ndarray
    jobs: np.ndarray
    residents: np.ndarray
    east: np.ndarray
    minutes: np.ndarray
    minutes_public: np.ndarray

    def __post_init__(self) -> None:
        check_city(self, "city")

    @property
    def size(self) -> int:
        """How many blocks there are."""
        return len(self.ids)


def check_city(city: City, place: str) -> None:
    """DataError with every fault of a city's numbers."""
    faults = Faults(f"the city '{place}' cannot be used", DataError)
    count = len(city.ids)
    if len(set(city.ids)) < count:
        faults.add("block ids are not unique", place="id", expected="one row a block")
    used = (city.jobs > 0) | (city.residents > 0)
    for name, wrong, expected in (
        ("K_m2", ~(city.land > 0), "land above 0"),
        ("HM", ~(city.jobs >= 0), "0 or more jobs"),
        ("HR", ~(city.residents >= 0), "0 or more residents"),
        ("Q", used & ~(city.floor_price > 0), "a floor price above 0 where anyone lives or works"),
    ):
        for row in np.flatnonzero(wrong | ~np.isfinite(_column(city, name)))[:5]:
            faults.add(f"{_column(city, name)[row]:g} in block {city.ids[row]}", place=f"{name}, row {row + 2}", expected=expected)
    for name, total in (("HM", city.jobs.sum()), ("HR", city.residents.sum())):
        if not total > 0:
            faults.add("nobody at all", place=name, expected="a city with jobs and residents")
    for name, minutes in (("tt", city.minutes), ("ttpub", city.minutes_public)):
        if minutes.shape != (count, count):
            faults.add(
                f"{minutes.shape[0]} x {minutes.shape[-1]} entries", place=name, expected=f"{count} x {count}, as city.csv has blocks"
            )
        elif not (np.isfinite(minutes) & (minutes >= 0)).all():
            row, column = np.argwhere(~(np.isfinite(minutes) & (minutes >= 0)))[0]
            faults.add(f"{minutes[row, column]:g} minutes", place=f"{name}, row {row + 1}, column {column + 1}", expected="0 or more")
    faults.raise_if_any()


def _column(city: City, name: str) -> np.ndarray:
    return {"K_m2": city.land, "HM": city.jobs, "HR": city.residents, "Q": city.floor_price}[name]


def read_city(folder: Path | None) -> City:
    """The city of a folder: city.csv (id, x_km, y_km, K_m2, Q, HM, HR, east), tt.csv and ttpub.csv (minutes, n x n, no header)."""
    folder = folder_of_data("arsw2015", folder, WHERE, FILES)
    columns = read_columns(folder / "city.csv")
    faults = Faults(f"the folder '{folder.name}' cannot be used", DataError)
    for name in ("id", *NUMBERS):
        if name not in columns:
            faults.add(f"there is no column '{name}'", place="city.csv", expected="id, " + ", ".join(NUMBERS))
    faults.raise_if_any()
    numbers = {name: _numbers(columns[name], name, faults) for name in NUMBERS}
    minutes = {name: _matrix(folder / f"{name}.csv", len(columns["id"]), faults) for name in ("tt", "ttpub")}
    city = None
    try:
        city = City(
            ids=tuple(columns["id"]),
            x_km=numbers["x_km"],
            y_km=numbers["y_km"],
            land=numbers["K_m2"],
            floor_price=numbers["Q"],
            jobs=numbers["HM"],
            residents=numbers["HR"],
            east=numbers["east"] > 0,
            minutes=minutes["tt"],
            minutes_public=minutes["ttpub"],
        )
    except DataError as error:
        faults.found += error.faults
    faults.raise_if_any()
    return cast("City", city)


def _numbers(texts: list[str], name: str, faults: Faults) -> np.ndarray:
    """A column as numbers; cells that are none are faults, and 1 in their place so that no fault is told twice."""
    values = np.ones(len(texts))
    for row, text in enumerate(texts):
        try:
            values[row] = float(text)
        except ValueError:
            faults.add(f"'{text}' in column {name}", place=f"city.csv:{row + 2}", expected="a number; 0 where there is no such activity")
    if name == "east":
        for row in np.flatnonzero(~np.isin(values, (0.0, 1.0)) & np.isfinite(values)):
            faults.add(f"{values[row]:g} in column east", place=f"city.csv:{row + 2}", expected="0 or 1")
    return values


def _matrix(path: Path, count: int, faults: Faults) -> np.ndarray:
    """A table of minutes without a header; where it cannot be read, a fault, and zeros so that no fault is told twice."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # an empty file is told by its size
            return np.loadtxt(path, delimiter=",", ndmin=2, encoding="utf-8-sig")
    except ValueError as error:
        why = str(error).split("; use")[0].rstrip(".")
        faults.add(f"it is not a table of numbers ({why})", place=path.name, expected="minutes, n x n, no header")
        return np.zeros((count, count))


def write_city(city: City, folder: Path | str) -> list[Path]:
    """Write a city in the files that `read_city` reads; minutes to a thousandth."""
    folder = Path(folder)
    columns = {
        "id": list(city.ids),
        "x_km": city.x_km,
        "y_km": city.y_km,
        "K_m2": city.land,
        "Q": city.floor_price,
        "HM": city.jobs,
        "HR": city.residents,
        "east": city.east.astype(int),
    }
    files = [write_table(columns, folder / "city.csv")]
    for name, minutes in (("tt", city.minutes), ("ttpub", city.minutes_public)):
        files.append(folder / f"{name}.csv")
        np.savetxt(files[-1], minutes, delimiter=",", fmt="%.3f")
    return files
