"""The library of scenarios: saved, named, annotated, copied, deleted and brought back, with who changed what when."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bridgehead.report.web.store import Store, now, revisions, scenarios

MOST_TEXT = 512 * 1024


class NotThere(Exception):
    """No scenario of that number, or it is deleted."""


class Changed(Exception):
    """Somebody else changed the scenario meanwhile; `current` is what it is now."""

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__("the scenario was changed meanwhile")
        self.current = current


class Library:
    """Saved scenarios. Texts are TOML, byte for byte what the command line reads and writes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def all(self, region: str | None) -> list[dict[str, Any]]:
        """What is saved, of one region or of all, the latest change first."""
        asked = sa.select(scenarios).where(~scenarios.c.deleted).order_by(scenarios.c.changed.desc(), scenarios.c.id.desc())
        with self.store.read() as connection:
            rows = connection.execute(asked if region is None else asked.where(scenarios.c.region == region)).mappings().all()
        return [dict(row) for row in rows]

    def find(self, id: int, *, deleted: bool = False) -> dict[str, Any]:
        """One scenario. NotThere where it is not, or deleted and `deleted` ones are not asked for."""
        with self.store.read() as connection:
            return self._row(connection, id, deleted=deleted)

    @staticmethod
    def _row(connection: sa.Connection, id: int, *, deleted: bool = False) -> dict[str, Any]:
        row = connection.execute(sa.select(scenarios).where(scenarios.c.id == id)).mappings().first()
        if row is None or (row["deleted"] and not deleted):
            raise NotThere
        return dict(row)

    def add(self, region: str, text: str, note: str, who: str, *, action: str = "created") -> dict[str, Any]:
        """Save a new scenario."""
        at, name = now(), name_in(text)
        values = {"region": region, "name": name, "note": note, "text": text, "revision": 1, "owner": who, "deleted": False}
        with self.store.change() as connection:
            times = {"created": at, "changed": at, "changed_by": who}
            id = connection.execute(sa.insert(scenarios).values(**values, **times)).inserted_primary_key[0]
            row = self._row(connection, id)
            self._log(connection, row, action)
        return row

    def change(self, id: int, revision: int, who: str, *, text: str | None = None, note: str | None = None) -> dict[str, Any]:
        """A new revision of a scenario. Changed where `revision` is no longer the newest."""
        with self.store.change() as connection:
            row = self._row(connection, id)
            new = {"text": row["text"] if text is None else text, "note": row["note"] if note is None else note}
            new["name"] = name_in(new["text"])
            if all(row[key] == value for key, value in new.items()):
                if row["revision"] != revision:
                    raise Changed(row)
                return row
            return self._next(connection, row, revision, who, new, action_of(row, new))

    def delete(self, id: int, who: str) -> None:
        """Delete a scenario; its history stays, and brings it back."""
        with self.store.change() as connection:
            row = self._row(connection, id)
            self._next(connection, row, row["revision"], who, {"deleted": True}, "deleted")

    def restore(self, id: int, revision: int, who: str) -> dict[str, Any]:
        """An earlier revision as the newest one, also of a scenario that was deleted."""
        with self.store.change() as connection:
            row, old = self._row(connection, id, deleted=True), self._revision(connection, id, revision)
            new = {"text": old["text"], "note": old["note"], "name": old["name"], "deleted": False}
            return self._next(connection, row, row["revision"], who, new, "restored")

    def _next(
        self, connection: sa.Connection, row: dict[str, Any], revision: int, who: str, new: Mapping[str, Any], action: str
    ) -> dict[str, Any]:
        values = {**new, "revision": revision + 1, "changed": now(), "changed_by": who}
        which = (scenarios.c.id == row["id"]) & (scenarios.c.revision == revision)
        if connection.execute(sa.update(scenarios).where(which).values(**values)).rowcount == 0:
            raise Changed(row)
        found = self._row(connection, row["id"], deleted=True)
        self._log(connection, found, action)
        return found

    @staticmethod
    def _log(connection: sa.Connection, row: Mapping[str, Any], action: str) -> None:
        values = {key: row[key] for key in ("revision", "name", "note", "text")}
        connection.execute(
            sa.insert(revisions).values(scenario=row["id"], at=row["changed"], who=row["changed_by"], action=action, **values)
        )

    @staticmethod
    def _revision(connection: sa.Connection, id: int, revision: int) -> dict[str, Any]:
        which = (revisions.c.scenario == id) & (revisions.c.revision == revision)
        row = connection.execute(sa.select(revisions).where(which)).mappings().first()
        if row is None:
            raise NotThere
        return dict(row)

    def revision(self, id: int, revision: int) -> dict[str, Any]:
        """A scenario as it was."""
        with self.store.read() as connection:
            return self._revision(connection, id, revision)

    def history(self, id: int) -> list[dict[str, Any]]:
        """Who changed what when, the latest first; `changes` names every input that differs from the revision before."""
        asked = sa.select(revisions).where(revisions.c.scenario == id).order_by(revisions.c.revision)
        with self.store.read() as connection:
            self._row(connection, id, deleted=True)
            rows = [dict(row) for row in connection.execute(asked).mappings()]
        before: dict[str, Any] | None = None
        found = []
        for row in rows:
            told = {key: row[key] for key in ("revision", "at", "who", "action", "name", "note")}
            found.append(told | {"changes": changes_between(before, row)})
            before = row
        return found[::-1]


def changes_between(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every input that differs between two revisions."""
    from bridgehead.region.differences import differing, flat_scenario

    return [] if before is None else differing(flat_scenario(before["text"]), flat_scenario(after["text"]))


def name_in(text: str) -> str:
    """The name that a scenario's text gives it."""
    return str(tomllib.loads(text.removeprefix("\ufeff"))["name"])


def action_of(row: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What a change is called in the history."""
    if row["text"] == new["text"]:
        return "annotated"
    renamed = row["name"] != new["name"]
    levers = [tomllib.loads(each["text"].removeprefix("\ufeff")).get("lever") for each in (row, new)]
    return "renamed" if renamed and levers[0] == levers[1] else "changed"
