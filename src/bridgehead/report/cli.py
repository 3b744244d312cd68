"""The command `bridgehead`: its verbs, and what becomes of an error.

Exit codes: 0 fine, 1 the input is at fault (usage included), 2 not solved, 70 a fault of Bridgehead itself, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bridgehead.errors import BridgeheadError, DataError, Fault, did_you_mean
from bridgehead.report.commands import VERBS
from bridgehead.report.help import HELP, readable
from bridgehead.report.shell import DebugOption, JsonOption, LanguageOption, verb
from bridgehead.version import VERSION

__all__ = ["main", "run"]

BUG = 70
INTERRUPTED = 130


def _show_version(asked: bool) -> None:  # noqa: FBT001 (Typer's callback)
    if asked:
        typer.echo(f"bridgehead {VERSION}")
        raise typer.Exit


VersionOption = Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")]


def _before_verb(
    context: typer.Context,
    *,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
    version: VersionOption = False,
) -> None:
    """What regional strategies and zones do to places: from official statistics to a certified appraisal."""
    context.obj = {"lang": lang, "json": as_json, "debug": debug}


def application() -> typer.Typer:
    """The command with all its verbs, in the order in which `--help` lists them."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": HELP})
    app.callback()(_before_verb)
    for name, function in VERBS.items():
        app.command(name)(verb(function))
    return app


def main() -> None:
    """The entry point: run the command on the process's arguments and leave with its exit code."""
    code = run(sys.argv[1:])
    # All is said and written: an interruption from here on would only break the interpreter's farewell.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code; every error becomes a message. A traceback is shown with `--debug` only."""
    debug, as_json = "--debug" in arguments, "--json" in arguments
    try:
        command = readable(typer.main.get_command(application()), arguments)
        code = command.main(args=list(arguments) or ["--help"], prog_name="bridgehead", standalone_mode=False)
        if code == INTERRUPTED:
            return _report_interruption()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _report_interruption()
    except BrokenPipeError:
        # The reader went away (`bridgehead … | head`): say nothing, and keep the interpreter from flushing into the void.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        known = _as_known(error)
        return _report_bug(error, as_json=as_json) if known is None else _report(known, as_json=as_json)


def _as_known(error: Exception) -> BridgeheadError | None:
    """The error as one the user can act on, or None where it is a fault of Bridgehead."""
    if isinstance(error, BridgeheadError):
        return error
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        return _usage_error(error)
    if isinstance(error, OSError) and error.filename is not None:
        return DataError("a file cannot be used", [Fault(error.strerror or str(error), str(error.filename))])
    return None


def _usage_error(error: Exception) -> DataError:
    """The command-line library's error in our words: what was not understood, and what was probably meant."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "bridgehead"
    cure = f"`{path} --help` lists what can be written"
    verbs = list(getattr(getattr(context, "command", None), "commands", {}))
    if hasattr(error, "option_name") and "o such option" in error.message:
        options = [name for parameter in context.command.params for name in parameter.opts if name.startswith("--")]
        fault = Fault(f"unknown option '{error.option_name}'", path, "", f"{did_you_mean(error.option_name, options)} {cure}")
    elif verbs and "o such command" in error.message:
        word = error.message.split("'")[1]
        fault = Fault(f"unknown verb '{word}'", path, "", f"{did_you_mean(word, verbs)} {cure}")
    else:
        fault = Fault(error.format_message().replace("Value error, ", "").rstrip("."), path, "", cure)
    return DataError("the command is not understood", [fault])


def _report(error: BridgeheadError, *, as_json: bool) -> int:
    if as_json:
        document = {"error": error.message, "exit_code": error.exit_code, "faults": [fault.as_dict() for fault in error.faults]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        from bridgehead.report.terminal import show_error

        show_error(error)
    return error.exit_code


def _report_bug(error: Exception, *, as_json: bool) -> int:
    said = f"{type(error).__name__}: {error}"
    if as_json:
        document = {"error": f"a fault of Bridgehead, not of the input: {said}", "exit_code": BUG, "faults": []}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stderr.write(
            f"This is a fault of Bridgehead, not of your input: {said}\n"
            "Nothing was written. Run the command again with --debug and report what it prints, with the version that "
            "`bridgehead doctor` names.\n"
        )
    return BUG


def _report_interruption() -> int:
    sys.stderr.write("\nInterrupted. Nothing was written.\n")
    return INTERRUPTED


if __name__ == "__main__":
    main()
