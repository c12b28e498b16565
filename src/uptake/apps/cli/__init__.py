"""Run the `uptake` command. Each command is a thin wrapper over a public function, in a file of its own.

The file lies in the folder of the command's group. It is imported when the command is called, so that `uptake ask`
does not load the libraries of `uptake learn`. Data goes to stdout, messages go to stderr. Exit codes: 0 done, 1 a check
found something, 2 wrong usage, 3 bad data.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from uptake.capability import EXTRAS
from uptake.config import nearest
from uptake.errors import MissingExtra, StorageFailed, UptakeError

__all__ = ["COMMANDS", "GROUPS", "command_of", "main"]

_INTERRUPTED = "uptake: interrupted; acknowledged turns are stored"
_GRACE_S = 1.0
"""Seconds after Ctrl-C in which a command may end by itself."""
_NEW_OBJECTS = 50_000
"""Allocations between runs of the garbage collector. An assistant is many long-lived objects, hardly any garbage."""

GROUPS: dict[str, dict[str, str]] = {
    "Talk": {
        "demo": "Run the whole learning loop on simulated people, and measure the effect.",
        "chat": "Talk with the assistant in a virtual home.",
        "ask": "Answer one request, and explain the decision.",
    },
    "Learn": {
        "ingest": "Read recorded turns from a file into the log.",
        "learn": "Learn from the log, publish what passes the gates, withdraw rewrites that do harm.",
    },
    "Serve": {
        "serve": "Serve over HTTP, with a console in the browser; learn in the background.",
        "tokens": "Create, list and remove the access tokens of the service.",
        "home": "Import a home from Home Assistant; export learned rewrites to it.",
    },
    "Inspect and control": {
        "report": "Write a report page: what was learned, its effect, what still fails.",
        "rewrites": "List, explain, block and pin rewrites.",
        "concepts": "List, edit and forget the concepts that people taught.",
        "preferences": "List, edit and forget the preferences that people stated.",
        "suggestions": "List and explain unasked suggestions; switch them on or off.",
        "experiments": "Run A/B experiments: withhold rewrites or suggestions from a control arm.",
        "artifacts": "List, compare, publish and roll back versions of learned artifacts.",
        "forget": "Remove a user from the log and from everything that was learned.",
    },
    "Measure": {
        "evaluate": "Evaluate a method on a corpus.",
        "audit": "Audit for bias: groups of people, embeddings, a text generator.",
        "bench": "Measure speed and memory.",
        "simulate": "Simulate households that use the assistant, and write their log.",
        "corpora": "List public corpora, and convert their releases.",
        "train": "Train the models that ship with the package again.",
    },
    "Maintain": {
        "log": "Export, count, compact and expire the log; show traces.",
        "doctor": "Check the installation and the state directory, and repair them.",
        "config": "Show every option, its value, and where the value comes from.",
    },
}
"""Group of commands -> command name -> one-line help. The first word of a group names its folder."""

COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}
"""Command name -> one-line help."""

_FOLDERS = {name: title.split()[0].lower() for title, group in GROUPS.items() for name in group}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return command_of(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"unknown command {args[0]}{nearest(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Help for a command: uptake COMMAND --help. Example: uptake demo",
)
@click.version_option(package_name="uptake")
def _uptake() -> None:
    """Run a conversational agent that learns from how people react, without annotation.

    All state (log, learned artifacts, memory) lies in one directory: --state DIR, else $UPTAKE_STATE, else the
    platform's data directory. Options in DIR/uptake.toml apply to every command.
    """


def command_of(name: str) -> click.Command:
    """Load a command, by its name in `COMMANDS`."""
    found: click.Command = importlib.import_module(f"uptake.apps.cli.{_FOLDERS[name]}.{name}").command
    return found


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. A deliberate error is printed as one line on stderr and gives its exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    with _private_files(), _ends_soon() as codes:
        codes.append(_run(arguments))
    if arguments is None and "duckdb" not in sys.modules:
        gc.freeze()  # no collection at exit; DuckDB needs one, for it warns of connections that are left open
    sys.exit(codes[0])


def _run(arguments: list[str] | None) -> int:
    """Run a command; returns its exit code."""
    code: Any = 0
    try:
        code = _uptake.main(args=arguments, prog_name="uptake", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo(_INTERRUPTED, err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except UptakeError as error:
        click.echo(f"uptake: {error}", err=True)
        code = error.exit_code
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        click.echo(f"uptake: this command needs {error.name}: pip install 'uptake[{extra}]'", err=True)
        code = MissingExtra.exit_code
    except BrokenPipeError:
        _give_up_stdout()
    except OSError as error:
        _give_up_stdout()
        click.echo(f"uptake: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        code = StorageFailed.exit_code
    return code if isinstance(code, int) else 0


def _give_up_stdout() -> None:
    """Redirect stdout to the null device, so that the interpreter does not try to flush it again at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _private_files() -> Iterator[None]:
    """Create files that only their owner can read, for most of them hold what people said."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _ends_soon() -> Iterator[list[int]]:
    """End the process soon after Ctrl-C, whatever still runs; data on the disk survives a kill.

    Yields a list, to which the caller appends the exit code once it is known.
    """
    codes: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield codes
        return

    heard, tells = os.pipe()
    os.set_blocking(tells, False)
    ours = threading.Event()

    def interrupted(number: int, _frame: object) -> None:
        ours.set()
        os.write(tells, bytes([number]))  # an event loop may have replaced the wakeup descriptor
        raise KeyboardInterrupt

    def watch() -> None:
        while number := os.read(heard, 1)[0]:
            if number == signal.SIGINT and (ours.is_set() or signal.getsignal(number) is interrupted):
                time.sleep(_GRACE_S)
                _end(codes)
        os.close(heard)
        os.close(tells)

    threading.Thread(target=watch, name="interrupts", daemon=True).start()
    before = signal.signal(signal.SIGINT, interrupted)
    told = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)  # at once, also while a library computes
    try:
        yield codes
    finally:
        signal.set_wakeup_fd(told)
        signal.signal(signal.SIGINT, before)
        with suppress(BlockingIOError):
            os.write(tells, b"\0")


def _end(codes: list[int]) -> None:
    """Kill the child processes and end this one now, with the exit code that the command gave, else 130."""
    if (multiprocessing := sys.modules.get("multiprocessing")) is not None:
        for child in multiprocessing.active_children():
            child.kill()
    if not codes:
        os.write(2, f"{_INTERRUPTED}\n".encode())
    os._exit(codes[0] if codes else 130)
