"""The `uptake` command. Every command is a thin wrapper over a public function, one file a command.

A command stands in the folder of its group. Modules are loaded when their command is called, so that `uptake ask`
does not pay for `uptake learn`. stdout is data, stderr is talk; exit 0 done, 1 a check found something, 2 usage, 3 bad
data.
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

_INTERRUPTED = "uptake: interrupted; what was acknowledged is stored"
_GRACE_S = 1.0
"""Seconds after Ctrl-C in which a command may end by itself."""
_NEW_OBJECTS = 50_000
"""New objects after which the garbage collector looks: what an assistant is made of is many, and no garbage."""

GROUPS: dict[str, dict[str, str]] = {
    "Talk": {
        "demo": "Let simulated people use the assistant, learn every night, and measure the effect.",
        "chat": "Talk with the assistant in its virtual home.",
        "ask": "Answer one request, and say why.",
    },
    "Learn": {
        "ingest": "Read recorded turns from a file into the log.",
        "learn": "Learn from the log, publish what passes the checks, withdraw what made things worse.",
    },
    "Serve": {
        "serve": "Serve over HTTP, with a console in the browser; learn meanwhile.",
        "tokens": "Say who may use the service, and for what.",
        "home": "Take a home over from Home Assistant, and give back what was learned in its own form.",
    },
    "Look and undo": {
        "report": "Write a page with what was learned and what it did.",
        "rewrites": "List, explain, block and pin rewrites.",
        "concepts": "List, edit and forget what people taught words to mean.",
        "preferences": "List, edit and forget what people said of themselves.",
        "suggestions": "List and explain what is offered unasked; switch it on or off.",
        "experiments": "Measure what rewrites do, by leaving some people without them.",
        "artifacts": "List, compare, publish and roll back versions of what was learned.",
        "forget": "Remove a user from the log and from all that was learned.",
    },
    "Measure": {
        "evaluate": "Measure a method on a corpus.",
        "audit": "Measure whom the assistant, embeddings or a text generator treat worse.",
        "bench": "Measure speed and memory.",
        "simulate": "Let simulated households use the assistant, and write the log.",
        "corpora": "List public corpora, and convert their releases.",
        "train": "Train the models again that ship with the package.",
    },
    "Maintain": {
        "log": "Export, measure and compact the log.",
        "doctor": "Examine the installation and the state directory, and repair them.",
        "config": "Show every option and where its value comes from.",
    },
}
"""Group of commands -> names of its commands, and what they do; the first word of a group is its folder."""

COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}
"""Command names and what they do."""

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
            ctx.fail(f"no command is called {args[0]}{nearest(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog="Example: uptake demo")
@click.version_option(package_name="uptake")
def _uptake() -> None:
    """Learn from how people react to an assistant, without annotation."""


def command_of(name: str) -> click.Command:
    """Load a command, by its name in `COMMANDS`."""
    found: click.Command = importlib.import_module(f"uptake.apps.cli.{_FOLDERS[name]}.{name}").command
    return found


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a deliberate error becomes one line on stderr and its exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    with _private_files(), _ends_soon() as codes:
        codes.append(_run(arguments))
    if arguments is None and "duckdb" not in sys.modules:
        gc.freeze()  # the process ends: nobody needs its garbage collected, but DuckDB, which warns of what it kept
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
        click.echo(f"uptake: this needs {error.name}: pip install 'uptake[{extra}]'", err=True)
        code = MissingExtra.exit_code
    except BrokenPipeError:
        _give_up_stdout()
    except OSError as error:
        _give_up_stdout()
        click.echo(f"uptake: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        code = StorageFailed.exit_code
    return code if isinstance(code, int) else 0


def _give_up_stdout() -> None:
    """Let what is still to be written go nowhere, so that the interpreter does not try again when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _private_files() -> Iterator[None]:
    """Make files that nobody else may read: most of them hold what people said."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _ends_soon() -> Iterator[list[int]]:
    """End soon after Ctrl-C, whatever still runs: what is on the disk survives being killed.

    It gives a list, which is told the exit code once there is one.
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
        os.write(tells, bytes([number]))  # an event loop may have taken the place of what tells it
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
    """End this process and those it began, now, with the exit code of a command that is done."""
    if (multiprocessing := sys.modules.get("multiprocessing")) is not None:
        for child in multiprocessing.active_children():
            child.kill()
    if not codes:
        os.write(2, f"{_INTERRUPTED}\n".encode())
    os._exit(codes[0] if codes else 130)
