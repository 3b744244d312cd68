"""Sharing the toy's new town: coalitions are solved scenarios, memory serves, and the verdict follows from the game."""

from __future__ import annotations

import json

import pytest

from bridgehead.appraise.sharing import balance, balance_by_year, share
from bridgehead.appraise.sharing.coalitions import Table
from bridgehead.appraise.sharing.games import Game, is_efficient, total
from bridgehead.appraise.sharing.players import consent, players_of
from bridgehead.appraise.sharing.result import verdict_of
from bridgehead.errors import PolicyError
from bridgehead.policy import read_scenario
from bridgehead.report.cli import run
from bridgehead.report.share import document, verdict_text
from bridgehead.report.shell import Shell


def land(**more):
    return {"format": 1, "name": "land", "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2, **more}]}


def test_only_the_levers_act_that_all_who_must_consent_are_members_of(shared):
    acting = {tuple(sorted(group)): shared.table.acting(group) for group in shared.table.groups}
    assert acting[()] == acting[("A",)] == acting[("home",)] == ()
    assert acting[("B",)] == acting[("B", "home")] == (2, 3)  # productivity and land of B's side
    assert acting[("A", "B")] == (0, 1, 2, 3)


def test_a_coalition_is_worth_the_change_of_its_members_own_budgets(shared):
    for group in shared.table.groups[1:]:
        found = shared.table.member_values(group, "budget")
        assert shared.game(group) == pytest.approx(sum(found[p] for p in group), abs=1e-12)
    assert shared.game({"A"}) == 0.0  # nothing acts, and nothing changes: exactly


def test_the_value_of_a_coalition_is_that_of_its_scenario_solved_apart(shared, books, town):
    """The coalition of B alone against a scenario file with B's levers and nobody else's."""
    from dataclasses import replace

    alone = replace(town, name="alone", id="alone", levers=town.levers[2:], text=None)
    found = share(books, alone, governments=["A", "B", "home"])
    assert found.game({"B"}) == pytest.approx(shared.game({"B"}), rel=1e-9)


def test_each_distinct_set_of_levers_is_solved_once(books, town, monkeypatch):
    count = []
    measure = Table._measure
    monkeypatch.setattr(Table, "_measure", lambda self, levers: count.append(levers) or measure(self, levers))
    found = share(books, town, governments=["A", "B", "B1", "home"])
    assert len(found.table.groups) == 16
    assert sorted(count) == sorted(set(count))
    assert len(count) == 3


def test_districts_that_play_are_asked_where_their_places_are_touched(books_region, town):
    players = players_of(books_region, town, ["A", "B", "B1"])
    assert consent(town.levers[3], books_region, players) == {"B", "B1"}
    said = read_scenario(land(by=["B"]), books_region)
    assert consent(said.levers[0], books_region, players) == {"B"}


def test_every_split_gives_out_what_there_is(shared):
    for split in shared.splits:
        assert split.found.allocation is not None
        assert is_efficient(shared.game, split.found.allocation)
        for payer, receiver, amount, _ in split.payments:
            assert payer != receiver
            assert amount > 0


def test_the_balance_adds_up(shared):
    for row in balance(shared):
        assert sum(row["items"].values()) == pytest.approx(row["budget"])
        assert row["present_value"] == pytest.approx(row["budget"] * shared.present_value)


def test_years_add_up_to_the_present_value(shared):
    """Outlay now, the same change every year after: discounted it is the change of the budget by annuity."""
    last = {row["government"]: row["present_value_to_date"] for row in balance_by_year(shared)}
    for row in balance(shared):
        assert last[row["government"]] == pytest.approx(row["present_value"])
    assert len(balance_by_year(shared)) == 3 * 21
    start = {row["government"]: row for row in balance_by_year(shared) if row["year"] == 0}
    sold = {row["government"]: row["land_sales"] - row["outlay"] for row in balance(shared)}
    assert {government: row["balance"] for government, row in start.items()} == sold


def test_acceptable_ranges_hold_the_splits_of_the_core(shared):
    for split in shared.splits:
        if split.in_core:
            for player, (low, high) in shared.verdict.acceptable.items():
                assert low - shared.game.tolerance <= split.found.allocation[player] <= high + shared.game.tolerance


def test_welfare_is_by_registration_and_counts_everyone_once(books, town):
    found = share(books, town, kind="welfare")
    assert found.table.by_origin
    context = found.table.runner.context(found.table.runner.solve(town), "scenario")
    gain = context.welfare_function(context.mainland)(context.after.state, context.after.given)
    assert sum(found.books.keeps.values()) == pytest.approx(float(gain), rel=1e-9)


def test_a_government_that_does_not_play_keeps_its_levers_still(books, town):
    found = share(books, town, governments=["B", "home"])
    assert found.table.never == {0: ("A",), 1: ("A",)}
    assert found.game({"B", "home"}) >= found.game({"B"})
    with pytest.raises(PolicyError) as raised:
        share(books, town, governments=["A", "home"])
    assert "no lever can act with these governments alone" in str(raised.value)
    assert "lever 4 (lever 'land') needs the consent of B" in str(raised.value)


def test_who_shares_is_checked(books_region, town):
    with pytest.raises(PolicyError) as raised:
        players_of(books_region, town, ["A", "A", "Bee"])
    said = str(raised.value)
    assert "unknown government 'Bee'" in said
    assert "'A' is asked for twice" in said
    with pytest.raises(PolicyError, match="1 governments; expected from 2 to 10"):
        players_of(books_region, town, ["A"])


@pytest.mark.parametrize(("whole", "signs", "empty"), [(10.0, True, False), (7.0, False, True)])
def test_the_verdict_says_what_is_missing(whole, signs, empty):
    game = Game(("a", "b"), {frozenset("a"): 5.0, frozenset("b"): 4.0, frozenset("ab"): whole})
    verdict = verdict_of(game, {"a": 1.0, "b": whole - 1.0})
    assert (verdict.signs, verdict.core_empty) == (signs, empty)
    assert verdict.grant == pytest.approx(max(0.0, 9.0 - whole))
    assert verdict.losers["a"] == pytest.approx(4.0)
    ranges = [*verdict.acceptable.get("a", ()), *verdict.acceptable.get("b", ())]
    assert ranges == pytest.approx([5.0, 6.0, 4.0, 5.0] if signs else [])


def test_where_nobody_signs_the_answer_says_what_would_have_to_change(shared):
    from dataclasses import replace

    game = Game(("A", "B", "home"), {g: (9.0 if len(g) == 1 else 3.0) for g in shared.game.coalitions})
    found = replace(shared, game=game, verdict=verdict_of(game, dict.fromkeys(game.players, 1.0)))
    english, chinese = (verdict_text(Shell(lang), found).plain for lang in ("en", "zh"))
    assert "No split makes all sign" in english
    assert "0.024 bn yuan a year" in english
    assert "没有能让各方都签署的分配方案" in chinese


def test_the_document_has_what_machines_need(shared):
    found = document(Shell("en"), shared)
    assert found["governments"] == ["A", "B", "home"]
    assert len(found["coalitions"]) == 8
    assert {tuple(each["members"]): each["value"] for each in found["coalitions"]}[()] == 0.0
    assert all(set(each) == {"members", "value"} for each in found["coalitions"])
    assert [each["name"] for each in found["rule_details"]] == [each["name"] for each in found["rules"]]
    for rule in found["rules"]:
        assert set(rule) == {"name", "allocation", "individually_rational", "in_core", "instrument", "years"}
        assert total(rule["allocation"], shared.game.all) == pytest.approx(shared.game(shared.game.all))


def test_the_verb_answers_people_in_both_languages_and_machines(books_folder, capsys):
    assert run(["share", str(books_folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["value"] == "budget"
    assert [rule["name"] for rule in found["rules"]][:2] == ["host_keeps_all", "increment_5050"]
    for lang, words in (("en", ("What coalitions are worth", "Nucleolus")), ("zh", ("各联盟的价值", "核仁"))):
        assert run(["share", str(books_folder), "--value", "welfare", "--lang", lang]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words)


def test_the_verb_refuses_what_it_cannot_do_before_it_calibrates(books_folder, capsys):
    assert run(["share", str(books_folder), "--value", "bugdet", "--years", "-1"]) == 1
    said = capsys.readouterr().err
    assert "unknown value 'bugdet'; expected budget or welfare" in said
    assert "-1 years; expected 1 or more" in said
    assert run(["share", str(books_folder), "--governments", "A,Bee"]) == 1
    assert "unknown government 'Bee'" in capsys.readouterr().err
    assert run(["share", "toy"]) == 1
    assert "nothing says what is shared" in capsys.readouterr().err


def test_what_is_written_can_be_made_again(books_folder, tmp_path, capsys):
    """The tables of the appraisal's section, the certificate of every coalition's levers, and what `rerun` needs."""
    out = tmp_path / "split"
    assert run(["share", str(books_folder), "--years", "10", "--out", str(out)]) == 0
    assert {"budgets.csv", "sharing_rules.csv", "sharing_coalitions.parquet", "run.json"} <= {path.name for path in out.iterdir()}
    made = [json.loads(path.read_text(encoding="utf-8")) for path in (out / "certificates").iterdir()]
    assert [each["outcome"] for each in made] == ["solved"] * 2  # B alone, and all: nothing acts without B
    capsys.readouterr()
    assert run(["rerun", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["identical"] is True
    assert run(["share", str(books_folder), "--governments", "A,Bee", "--out", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "none").exists()
