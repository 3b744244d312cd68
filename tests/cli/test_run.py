"""What becomes of an error inside a verb."""

from __future__ import annotations

import json

import pytest

from bridgehead.errors import DataError, Fault, SolveError
from bridgehead.report import cli


@pytest.fixture
def failing(monkeypatch):
    """Make the verb `cite` fail as told."""

    def fail_with(error: BaseException) -> None:
        def verb(shell) -> None:
            """Fail."""
            raise error

        monkeypatch.setitem(cli.VERBS, "cite", verb)

    return fail_with


def test_every_fault_is_listed(failing, capsys):
    failing(
        DataError("the region folder 'x' cannot be used", [Fault("no land", "places.csv:3", "km2 above 0"), Fault("NaN", "facts.csv:9")])
    )
    assert cli.run(["cite"]) == 1
    said = capsys.readouterr().err
    assert "the region folder 'x' cannot be used" in said
    assert "places.csv:3: no land; expected km2 above 0" in said
    assert "facts.csv:9: NaN" in said
    assert "Traceback" not in said


def test_an_unsolved_scenario_is_exit_code_2(failing, capsys):
    failing(SolveError("the scenario has no certified solution; no number of it is shown", [Fault("gap 1e-3", "wage at Pinghu")]))
    assert cli.run(["cite", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == 2
    assert document["faults"] == [{"cause": "gap 1e-3", "place": "wage at Pinghu", "expected": "", "cure": ""}]


def test_an_interruption_is_130(failing, capsys):
    failing(KeyboardInterrupt())
    assert cli.run(["cite"]) == 130
    assert "Interrupted. Nothing was written." in capsys.readouterr().err


def test_a_fault_of_our_own_says_so(failing, capsys):
    failing(ZeroDivisionError("division by zero"))
    assert cli.run(["cite"]) == 70
    said = capsys.readouterr().err
    assert "This is a fault of Bridgehead, not of your input: ZeroDivisionError: division by zero" in said
    assert "Traceback" not in said


def test_debug_shows_the_traceback(failing, capsys):
    failing(ZeroDivisionError("division by zero"))
    assert cli.run(["cite", "--debug"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_the_input_s_fault(failing, capsys):
    failing(PermissionError(13, "Permission denied", "borders.csv"))
    assert cli.run(["cite"]) == 1
    assert "borders.csv: Permission denied" in capsys.readouterr().err


def test_options_may_stand_before_or_behind_the_verb(monkeypatch):
    seen = []

    def verb(shell) -> None:
        """Look."""
        seen.append((shell.lang, shell.json, shell.debug))

    monkeypatch.setitem(cli.VERBS, "cite", verb)
    cli.run(["--lang", "zh", "--debug", "cite", "--json"])
    cli.run(["--lang", "zh", "cite", "--lang", "en"])
    assert seen == [("zh", True, True), ("en", False, False)]
