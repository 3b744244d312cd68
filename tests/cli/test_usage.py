"""The command from outside: exit codes, messages, languages, and that help answers at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

VERBS = ("appraise", "check", "calibrate", "solve", "compare", "explain", "replicate", "rerun", "new", "doctor", "cite")


def bridgehead(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    setting = {**os.environ, "LANG": "en_GB.UTF-8", "LC_ALL": "", "PYTHONIOENCODING": "utf-8", **environment}
    line = [sys.executable, "-m", "bridgehead.report.cli", *arguments]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", env=setting, check=False, timeout=120)


def test_help_lists_every_verb_and_is_what_no_argument_shows():
    answer = bridgehead("--help")
    assert answer.returncode == 0
    assert all(f" {verb} " in answer.stdout for verb in VERBS)
    assert bridgehead().stdout == answer.stdout


def test_help_loads_no_engine():
    """What makes `--help` answer within 0.4 s: nothing heavy is imported for it."""
    code = (
        "import sys; from bridgehead.report.cli import run; run(['solve', '--help']); "
        "print([m for m in ('jax', 'numpy', 'scipy', 'polars', 'shapely', 'altair') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["solv"], "bridgehead: unknown verb 'solv'. Did you mean 'solve'?"),
        (["zzzz"], "unknown verb 'zzzz'. Known are: appraise, check, calibrate"),
        (["solve", "toy", "--scenaro", "x.toml"], "bridgehead solve: unknown option '--scenaro'. Did you mean '--scenario'?"),
        (["--langg", "zh"], "bridgehead: unknown option '--langg'. Did you mean '--lang'?"),
        (["solve", "toy"], "bridgehead solve: Missing option '--out'"),
        (["cite", "extra"], "bridgehead cite: Got unexpected extra argument"),
        (["--lang", "fr", "cite"], "'fr' is not one of 'en', 'zh'"),
    ],
)
def test_usage_faults_are_exit_code_1_with_the_nearest_word(arguments, said):
    answer = bridgehead(*arguments)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "--help` lists what can be written" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


def test_json_faults_are_one_document():
    answer = bridgehead("solve", "toy", "--jsno", "--json")
    document = json.loads(answer.stdout)
    assert answer.returncode == document["exit_code"] == 1
    assert document["error"] == "the command is not understood"
    assert document["faults"][0]["cause"] == "unknown option '--jsno'"
    assert document["faults"][0]["cure"].startswith("did you mean '--json'?")


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        (["cite"], {"LANG": "zh_CN.UTF-8"}, True),
        (["cite", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, False),
        (["--lang", "zh", "cite"], {}, True),
        (["cite"], {}, False),
    ],
)
def test_language_is_the_locale_s_unless_named(arguments, environment, chinese):
    assert ("引用数字时" in bridgehead(*arguments, **environment).stdout) == chinese


def test_cite_names_the_version_in_every_style():
    from bridgehead.version import VERSION

    document = json.loads(bridgehead("cite", "--json").stdout)
    assert document["version"] == VERSION
    assert VERSION in document["apa"]
    assert VERSION in document["bibtex"]
    assert document["bibtex"].startswith("@software{bridgehead,")
    assert bridgehead("--version").stdout == f"bridgehead {VERSION}\n"


@pytest.mark.parametrize("verb", ["check", "calibrate", "solve"])
def test_a_region_that_is_not_there_is_named_and_writes_nothing(verb, tmp_path):
    out = tmp_path / "deep" / "out"
    more = ["--out", str(out)] if verb != "check" else []
    answer = bridgehead(verb, "yangtse", *more)
    assert answer.returncode == 1
    assert "yangtse: there is no such folder or case; expected a region folder or one of" in answer.stderr
    assert "Did you mean 'yangtze'?" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_speaks_chinese_and_cuts_nothing_off():
    """Every verb and option has its Chinese words (text/help.toml), and lines are broken where they can be."""
    whole = bridgehead("--help", "--lang", "zh", COLUMNS="80")
    solve = bridgehead("solve", "--help", COLUMNS="80", LANG="zh_CN.UTF-8")
    assert whole.returncode == solve.returncode == 0
    for said in ("命令", "选项", "求解区域的一个情景"):
        assert said in whole.stdout
    assert "参数" in solve.stdout
    assert "…" not in whole.stdout + solve.stdout
    assert "Options" not in solve.stdout


def test_every_text_of_help_is_known_in_chinese():
    import typer

    from bridgehead.report.cli import application
    from bridgehead.report.figures.words import load_text

    command, words = typer.main.get_command(application()), load_text("help")
    verbs = {each.help for each in command.commands.values()}
    options = {option.help for each in (command, *command.commands.values()) for option in each.params}
    assert verbs <= set(words["verbs"]), "add the Chinese words to report/text/help.toml"
    assert options <= set(words["options"]), "add the Chinese words to report/text/help.toml"


def test_flags_take_no_value_in_help():
    assert "<bool>" not in bridgehead("solve", "--help").stdout
