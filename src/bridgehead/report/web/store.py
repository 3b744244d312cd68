"""What the workbench keeps: scenarios with their history, links, regions, jobs, runs and users, in SQLite or PostgreSQL."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

from bridgehead.errors import DataError, Fault

SCHEMA = "1"
META = MetaData()

meta = Table("meta", META, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))
users = Table(
    "users", META,
    Column("name", String(80), primary_key=True), Column("hash", Text, nullable=False),
    Column("epoch", Integer, nullable=False), Column("created", String(32), nullable=False), Column("active", Boolean, nullable=False),
)  # fmt: skip
signed_out = Table("signed_out", META, Column("id", String(24), primary_key=True), Column("until", Float, nullable=False))
scenarios = Table(
    "scenarios", META,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("region", String(80), nullable=False, index=True),
    Column("name", Text, nullable=False), Column("note", Text, nullable=False), Column("text", Text, nullable=False),
    Column("revision", Integer, nullable=False), Column("owner", String(80), nullable=False),
    Column("created", String(32), nullable=False), Column("changed", String(32), nullable=False),
    Column("changed_by", String(80), nullable=False), Column("deleted", Boolean, nullable=False),
)  # fmt: skip
revisions = Table(
    "revisions", META,
    Column("scenario", Integer, ForeignKey("scenarios.id"), primary_key=True), Column("revision", Integer, primary_key=True),
    Column("at", String(32), nullable=False), Column("who", String(80), nullable=False), Column("action", String(20), nullable=False),
    Column("name", Text, nullable=False), Column("note", Text, nullable=False), Column("text", Text, nullable=False),
)  # fmt: skip
links = Table(
    "links", META,
    Column("id", String(24), primary_key=True), Column("state", Text, nullable=False),
    Column("created", String(32), nullable=False), Column("who", String(80), nullable=False),
)  # fmt: skip
runs = Table(
    "runs", META,
    Column("key", String(24), primary_key=True), Column("region", String(80), nullable=False), Column("data_hash", String(64), nullable=False),
    Column("version", String(40), nullable=False), Column("name", Text, nullable=False), Column("text", Text, nullable=False),
    Column("outcome", String(20), nullable=False), Column("created", String(32), nullable=False, index=True),
    Column("who", String(80), nullable=False),
)  # fmt: skip
regions = Table(
    "regions", META,
    Column("id", String(80), primary_key=True), Column("name", Text, nullable=False), Column("title", Text, nullable=False),
    Column("data_hash", String(64), nullable=False), Column("zip", LargeBinary, nullable=False),
    Column("created", String(32), nullable=False), Column("who", String(80), nullable=False),
)  # fmt: skip
jobs = Table(
    "jobs", META,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("kind", String(20), nullable=False),
    Column("region", String(80), nullable=False), Column("name", Text, nullable=False), Column("text", Text, nullable=False),
    Column("options", Text, nullable=False), Column("state", String(20), nullable=False, index=True), Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False), Column("label", Text, nullable=False), Column("error", Text),
    Column("created", String(32), nullable=False), Column("seconds", Float, nullable=False), Column("who", String(80), nullable=False),
    Column("queue", String(80), nullable=False, index=True),
)  # fmt: skip
job_results = Table(
    "job_results", META,
    Column("job", Integer, ForeignKey("jobs.id"), primary_key=True), Column("name", String(80), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip


def now() -> str:
    """The time as it is kept: UTC, to the microsecond, so that changes have an order."""
    return datetime.now(UTC).isoformat()


class Store:
    """A connection to where things are kept. A change is kept whole or not at all: every one is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        # SQLite has one writer at a time; waiting here is cheaper than being told to try again.
        self.writing = threading.Lock()

    @classmethod
    def open(cls, database: str | None, folder: Path) -> Store:
        """The store of an address, or SQLite in a folder. DataError where it cannot be reached, written, or is of another version."""
        engine = _postgresql(database) if database else _sqlite(folder)
        store = cls(engine)
        try:
            store._require_ours()
            META.create_all(engine)
            store._begin()
        except DataError:
            engine.dispose()
            raise
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            engine.dispose()
            where = engine.url.render_as_string(hide_password=True)
            cause = str(error.orig).strip().splitlines()[0]
            raise DataError("the store cannot be used", [Fault(cause, where, cure="name another with --store or --database")]) from error
        return store

    def _require_ours(self) -> None:
        """Refuse what another version made, or another program, before anything is changed there."""
        there = set(sa.inspect(self.engine).get_table_names())
        others = sorted(there & set(META.tables))
        if others and "meta" not in there:
            cure = "a database of its own: createdb NAME"
            raise DataError("the store cannot be used", [Fault(f"it has tables of something else: {', '.join(others)}", cure=cure)])
        if "meta" in there:
            with self.read() as connection:
                have = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "schema"))
            if have not in (None, SCHEMA):
                cure = "use the version that made it, or name another store with --store or --database"
                fault = Fault(f"it has format {have}, and this version reads format {SCHEMA}; it was left as it is", cure=cure)
                raise DataError("the store cannot be used", [fault])

    def _begin(self) -> None:
        """Give a new store its format and secret."""
        with self.change() as connection:
            have = set(connection.scalars(sa.select(meta.c.key)))
            new = {"schema": SCHEMA, "secret": secrets.token_hex(32)}
            missing = [{"key": key, "value": value} for key, value in new.items() if key not in have]
            if missing:
                connection.execute(sa.insert(meta), missing)

    def read(self) -> sa.Connection:
        """A connection for reading."""
        return self.engine.connect()

    def change(self) -> _Change:
        """A transaction: kept when the block ends, undone when it fails."""
        return _Change(self)

    @property
    def secret(self) -> bytes:
        """What this store's sessions are signed with."""
        with self.read() as connection:
            return bytes.fromhex(connection.execute(sa.select(meta.c.value).where(meta.c.key == "secret")).scalar_one())

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class _Change:
    """One transaction, alone where the store has one writer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.alone = store.engine.dialect.name == "sqlite"

    def __enter__(self) -> sa.Connection:
        if self.alone:
            self.store.writing.acquire()
        try:
            self.begun = self.store.engine.begin()
            return self.begun.__enter__()
        except BaseException:
            self._release()
            raise

    def __exit__(self, *error: Any) -> None:
        try:
            self.begun.__exit__(*error)
        finally:
            self._release()

    def _release(self) -> None:
        if self.alone:
            self.store.writing.release()


def _sqlite(folder: Path) -> sa.Engine:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        fault = Fault(error.strerror or str(error), str(folder), "a folder that can be made or written", "name another one with --store")
        raise DataError("the store cannot be used", [fault]) from error
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(folder / "workbench.sqlite")))

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        """Readers never wait for the writer (WAL), and what was kept survives the machine (synchronous)."""
        cursor = connection.cursor()
        for line in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {line}")
        cursor.close()

    return engine


def _postgresql(database: str) -> sa.Engine:
    """The engine of an address such as postgresql://user@host/name; DataError for what is no such address."""
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        raise _no_database(database) from error
    if url.get_backend_name() != "postgresql":
        raise _no_database(database)
    return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=10)


def _no_database(database: str) -> DataError:
    fault = Fault("it is no address of a database that is supported", database.split("@")[-1], "postgresql://USER:PASSWORD@HOST/NAME")
    return DataError("the store cannot be used", [fault])
