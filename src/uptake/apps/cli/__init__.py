"""The `uptake` command. Every command is a thin wrapper over a public function, one file a command.

Modules are loaded when their command is called, so that `uptake ask` does not pay for `uptake learn`.
stdout is data, stderr is talk; exit 0 done, 1 a check found something, 2 usage, 3 bad data.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from uptake.capability import EXTRAS
from uptake.config import nearest
from uptake.errors import MissingExtra, UptakeError

__all__ = ["COMMANDS", "GROUPS", "main"]

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
    },
    "Look and undo": {
        "report": "Write a page with what was learned and what it did.",
        "rewrites": "List, explain, block and pin rewrites.",
        "experiments": "Measure what rewrites do, by leaving some people without them.",
        "artifacts": "List, compare, publish and roll back versions of what was learned.",
        "forget": "Remove a user from the log and from all that was learned.",
    },
    "Measure": {
        "evaluate": "Measure a method on a corpus.",
        "bench": "Measure speed and memory.",
        "simulate": "Let simulated households use the assistant, and write the log.",
        "corpora": "List public corpora, and convert their releases.",
        "train": "Train the models again that ship with the package.",
    },
    "Maintain": {
        "log": "Export, measure and compact the log.",
        "config": "Show every option and where its value comes from.",
    },
}
"""Group of commands -> names of its commands, and what they do."""

COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}
"""Command names (each a module of this package with a click command of the same name) and what they do."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"uptake.apps.cli.{cmd_name}").command
        return command

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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a deliberate error becomes one line on stderr and its exit code."""
    try:
        code: Any = _uptake.main(args=arguments, prog_name="uptake", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("uptake: interrupted; what was acknowledged is stored", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UptakeError as error:
        click.echo(f"uptake: {error}", err=True)
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        click.echo(f"uptake: this needs {error.name}: pip install 'uptake[{extra}]'", err=True)
        sys.exit(MissingExtra.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
