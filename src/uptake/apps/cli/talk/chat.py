"""Run `uptake chat`: talk with the assistant, on a terminal or from a script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option, user_option
from uptake.apps.cli.talk.ask import agent_of, reply_json
from uptake.apps.cli.talk.origin import origin_options
from uptake.apps.cli.talk.terminal import COMMANDS, Terminal
from uptake.apps.staying import kept

if TYPE_CHECKING:
    from uptake.assistant.context.situation import Origin

__all__ = ["command"]

_DUE_EVERY_S = 1.0


@click.command(epilog="Example: uptake chat --user ann --room Kitchen")
@user_option(default="me", show_default=True, help="Pseudonym of the person who talks.")
@origin_options
@click.option("--script", type=click.File(), help="Read the lines from a file; uptake chat < FILE does the same.")
@json_option
@state_option
def command(user_id: str, origin: Callable[[], Origin], script: IO[str] | None, as_json: bool, state: State) -> None:
    """Talk with the assistant in its virtual home. Every turn goes into the log.

    Each line is a request. /help lists the commands: /why explains the last turn, /undo undoes it, /home shows the
    devices. In a script, "[800ms] stop" interrupts the previous answer after 800 ms, and "# …" is a comment.
    """
    from uptake.assistant.context.situation import placed

    agent = agent_of(state)
    agent.components.understanding.warm()
    terminal = Terminal(agent, user_id, placed(origin(), agent.components.home))
    with kept():
        if script is None and sys.stdin.isatty() and not as_json:
            _interactive(terminal, state)
        else:
            _scripted(terminal, script or sys.stdin, as_json=as_json)
    agent.components.recorder.compact()


def _scripted(terminal: Terminal, lines: Iterable[str], *, as_json: bool) -> None:
    for line in lines:
        before = terminal.last
        answers = list(terminal.answer(line))
        if as_json and terminal.last is not before and terminal.last is not None:
            print_json(reply_json(terminal.last))
        elif not as_json and line.strip():
            click.echo(f"> {line.strip()}")
            for text in answers:
                click.echo(text)
        for announcement in terminal.due():
            click.echo(f"* {announcement}", err=as_json)
        if terminal.is_over:
            return


def _interactive(terminal: Terminal, state: State) -> None:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.patch_stdout import patch_stdout

    state.directory.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(state.directory / "chat_history")),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter(list(COMMANDS), meta_dict=COMMANDS, sentence=True),
        bottom_toolbar=lambda: _toolbar(terminal),
        refresh_interval=_DUE_EVERY_S,
    )
    click.echo('Talk to the home: "turn on the light", "set a timer for ten minutes", "help". /help for commands.')
    with patch_stdout():
        while not terminal.is_over:
            try:
                line = session.prompt(f"{terminal.user_id}> ")
            except (EOFError, KeyboardInterrupt):
                return
            for text in terminal.answer(line):
                click.echo(text)


def _toolbar(terminal: Terminal) -> str:
    """Return room and time for the toolbar; print the timers, alarms and reminders that are due."""
    for announcement in terminal.due():
        click.echo(f"* {announcement}")
    home = terminal.agent.components.home
    return f" {terminal.origin.room or terminal.origin.place} · {home.now():%a %H:%M} · /help"
