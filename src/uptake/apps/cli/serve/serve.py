"""Run `uptake serve`: the HTTP service and its console."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from uptake import config as configuration
from uptake.apps.cli.state import State, state_option

if TYPE_CHECKING:
    from uptake.apps.http.app import App
    from uptake.apps.http.service import Service

__all__ = ["command"]


@click.command(name="serve", epilog="Example: uptake serve --port 8765")
@click.option(
    "--host", help="Address to listen on [default: 127.0.0.1]; one that other machines can reach needs a token."
)
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on [default: 8765]; 0: any free port.")
@click.option("--no-learn", is_flag=True, help="Do not learn while serving.")
@click.option("--root-path", metavar="PATH", help="Path prefix behind a proxy, such as /uptake [default: none].")
@click.option(
    "--chat-upstream",
    metavar="URL",
    help="OpenAI-compatible endpoint; chats are rewritten and forwarded to it [default: none].",
)
@click.option(
    "--wyoming", metavar="URI", help="Listen for the Wyoming protocol, such as tcp://127.0.0.1:10500 [default: off]."
)
@click.option(
    "--wyoming-mode",
    type=click.Choice(["handle", "intent"]),
    help="handle: carry Wyoming requests out; intent: return their intent [default: handle].",
)
@click.option(
    "--wyoming-asr", metavar="URI", help="Wyoming speech recogniser whose transcripts are repaired [default: none]."
)
@click.option(
    "--home-assistant",
    metavar="URL",
    help="Home Assistant that carries Wyoming requests out [default: uptake's own assistant].",
)
@state_option
def command(no_learn: bool, state: State, **given: Any) -> None:
    """Serve over HTTP, with a console in the browser, and learn in the background.

    New turns become rewrites within a minute, if they pass the gates. /openapi.json describes the API. The table
    [serve] of uptake.toml has further options. Ctrl-C ends the service.
    """
    from uptake.apps.http.logs import log_event
    from uptake.apps.http.options import Options
    from uptake.apps.http.server import bound, serve
    from uptake.apps.http.service import Service

    chosen = {name: value for name, value in given.items() if value is not None}
    chosen |= {"learn": False} if no_learn else {}
    options = configuration.build(Options, "serve", state.config, **chosen)
    service = Service(state, options)
    listener = bound(options.host, options.port)

    def ready(port: int) -> None:
        host = f"[{options.host}]" if ":" in options.host else options.host
        log_event("serving", host=options.host, port=port, learning=options.learn, open=service.access.is_open)
        if sys.stderr.isatty():
            click.echo(f"Open http://{host}:{port}{options.root_path}/ in a browser. Ctrl-C ends it.", err=True)

    serve(_app(service), listener, options, ready)


def _app(service: Service) -> App:
    from uptake.apps.console.site import console_of
    from uptake.apps.http.app import App
    from uptake.apps.http.chat import routes_of

    if service.options.wyoming is not None:
        from uptake.apps.http.wyoming import open_wyoming

        open_wyoming(service, service.options)
    return App(service, more=(*console_of(service), *routes_of(service)))
