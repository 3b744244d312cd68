"""Scenarios as they come from a page or program: JSON of the TOML schema, a preset of the region, or a text."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bridgehead.errors import Fault, PolicyError, did_you_mean
from bridgehead.report.web.engine.hot import Hot

DATES = ("from", "until", "starts", "ends", "opened")
MOST_LEVERS = 1000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BASELINE = {"format": 1, "name": "Baseline", "name_zh": "基准"}


def scenario_asked(hot: Hot, arguments: Mapping[str, Any]) -> str:
    """The TOML text of the scenario a call names: `text`, `preset` or `scenario`; none of them is the baseline."""
    from bridgehead.policy import scenario_text

    if arguments.get("text") is not None:
        return arguments["text"]
    preset = arguments.get("preset")
    if preset is not None:
        if preset not in hot.presets:
            fault = Fault("there is no such strategy or zone", preset, "", did_you_mean(preset, hot.presets))
            raise PolicyError("the scenario cannot be used", [fault])
        return scenario_text(hot.presets[preset])
    return scenario_text(read_json(arguments.get("scenario") or BASELINE, hot.region))


def read_json(content: Mapping[str, Any], region: Any) -> Any:
    """A scenario from JSON of the TOML schema; PolicyError lists every fault. JSON has no dates: days are texts there."""
    from bridgehead.policy import read_scenario

    if not isinstance(content, Mapping):
        raise PolicyError("the scenario cannot be used", [Fault("it is no table of keys", "scenario", "a scenario file as JSON")])
    table = _with_days(content)
    if isinstance(table.get("lever"), list):
        require_few(len(table["lever"]))
        table["lever"] = [_with_days(lever) if isinstance(lever, Mapping) else lever for lever in table["lever"]]
    return read_scenario(table, region)


def _with_days(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _day(value) if key in DATES else value for key, value in table.items() if value is not None}


def _day(value: Any) -> Any:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def read_text(text: str, region: Any) -> Any:
    """A scenario from the text of its file; PolicyError lists every fault with its row."""
    from bridgehead.policy import read_scenario

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_bytes(text.encode())
        require_few(text.count("[["))
        return read_scenario(path, region)


def require_few(levers: int) -> None:
    """PolicyError for more levers than anybody means: whether they depend on an order is looked at for every pair."""
    if levers > MOST_LEVERS:
        raise PolicyError("the scenario cannot be used", [Fault(f"it has {levers} levers", expected=f"at most {MOST_LEVERS}")])


def check(hot: Hot, arguments: Mapping[str, Any]) -> dict[str, str]:
    """The text of a scenario that fits the region: as it came where it came as a text, else as the command line writes it."""
    from bridgehead.policy import scenario_text

    if arguments.get("text") is not None:
        scenario = read_text(arguments["text"], hot.region)
    else:
        scenario = read_text(scenario_asked(hot, arguments), hot.region)
    return {"text": scenario_text(scenario)}


def as_json(text: str) -> dict[str, Any]:
    """A TOML text as JSON of the same schema, days as texts."""
    return _plain(parsed(text))


def parsed(text: str) -> dict[str, Any]:
    """The content of a scenario's text, whatever its line ends and with or without a byte order mark."""
    return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value
