"""What a solving process can be asked, by name, and the regions it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import to_json

from bridgehead.errors import DataError, Fault
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.process import Tell


def _describe(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.describe import describe

    return describe(hot.id, hot.region)


def _levers(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.levers import levers

    return levers(hot)


def _calibrate(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.baseline import baseline

    return baseline(hot)


def _warm(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.solving import warm

    return warm(hot)


def _solve(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.solving import solve

    return solve(hot, arguments)


def _check(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.reading import check

    return check(hot, arguments)


def _certificate(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.solving import certificate

    return certificate(hot, arguments["scenario"])


def _matrix(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.matrix import matrix

    return matrix(hot, arguments["scenario"])


def _place(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.places import place

    return place(hot, arguments["scenario"], arguments["place"])


def _flows(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.places import flows

    return flows(hot, arguments["scenario"], arguments["place"], arguments["flow"], arguments["top"])


def _explain(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.places import explain

    return explain(hot, arguments["scenario"], arguments["place"])


def _compare(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.further import compare

    return compare(hot, arguments["a"], arguments["b"])


def _mechanisms(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.further import mechanisms

    return mechanisms(hot, arguments["scenario"])


def _shadow_prices(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.further import shadow_prices

    return shadow_prices(hot, arguments["scenario"], arguments["of"])


def _file(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.files import file_of

    return file_of(hot, arguments["scenario"], arguments["name"], arguments["lang"])


def _path(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.jobs import path

    return path(hot, arguments, tell)


def _share(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.jobs import share

    return share(hot, arguments, tell)


def _appraise(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.jobs import appraise

    return appraise(hot, arguments, tell)


def _optimise(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.jobs import optimise

    return optimise(hot, arguments, tell)


def _ensemble(hot: Hot, arguments: dict[str, Any], tell: Tell) -> Any:
    from bridgehead.report.web.engine.jobs import ensemble

    return ensemble(hot, arguments, tell)


CALLS: dict[str, Callable[[Hot, dict[str, Any], Tell], Any]] = {
    "describe": _describe,
    "levers": _levers,
    "calibrate": _calibrate,
    "warm": _warm,
    "solve": _solve,
    "check": _check,
    "certificate": _certificate,
    "matrix": _matrix,
    "place": _place,
    "flows": _flows,
    "explain": _explain,
    "compare": _compare,
    "mechanisms": _mechanisms,
    "shadow_prices": _shadow_prices,
    "file": _file,
    "path": _path,
    "share": _share,
    "appraise": _appraise,
    "optimise": _optimise,
    "ensemble": _ensemble,
}
"""Each imports what it needs when first called, so that a region is described before the engine is loaded."""


class Engine:
    """The regions a process holds, and the calls it answers."""

    def __init__(self) -> None:
        self.regions: dict[str, Hot] = {}

    def answer(self, call: str, arguments: dict[str, Any], body: bytes, tell: Tell) -> bytes:
        """The answer of one call as JSON text; numbers that are none are null."""
        if call == "open":
            found: Any = self.open(arguments["region"], arguments["folder"], arguments.get("most_places"))
        elif call == "close":
            found = self.regions.pop(arguments["region"], None) is not None
        else:
            found = CALLS[call](self._hot(arguments["region"]), arguments, tell)
        return found if isinstance(found, bytes) else to_json(found, inf_nan_mode="null")

    def open(self, id: str, folder: str, most_places: int | None = None) -> dict[str, Any]:
        """Read a region folder; DataError lists every fault of it, or says that it has more places than this server solves."""
        from bridgehead.region import read_region

        region = read_region(folder)
        count = len(region.place_ids)
        if most_places is not None and count > most_places:
            fault = Fault(f"there are {count} places", "places.csv", f"at most {most_places}", "solve it with the command line")
            raise DataError("the region is too large for this server", [fault])
        self.regions[id] = Hot(id, region)
        return {"data_hash": self.regions[id].region.folder_hash}

    def _hot(self, id: str) -> Hot:
        if id not in self.regions:
            raise DataError(f"there is no region '{id}'")
        return self.regions[id]
