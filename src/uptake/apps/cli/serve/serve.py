"""`uptake serve`: the service and its console."""

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
@click.option("--host", help="Address to listen at [default: 127.0.0.1]; one that others can reach needs a token.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="Port to listen at [default: 8765]; 0 for any that is free."
)
@click.option("--no-learn", is_flag=True, help="Do not learn while serving.")
@click.option("--root-path", metavar="PATH", help="Path under which a proxy serves it, such as /uptake.")
@click.option(
    "--chat-upstream", metavar="URL", help="OpenAI-compatible endpoint that chats are passed on to, rewritten."
)
@click.option("--wyoming", metavar="URI", help="Listen for Wyoming, such as tcp://127.0.0.1:10500.")
@click.option("--wyoming-mode", type=click.Choice(["handle", "intent"]), help="Do requests [default], or read them.")
@click.option("--wyoming-asr", metavar="URI", help="Speech recogniser behind, whose transcripts are repaired.")
@click.option(
    "--home-assistant", metavar="URL", help="Home Assistant that does what comes over Wyoming [default: our assistant]."
)
@state_option
def command(no_learn: bool, state: State, **given: Any) -> None:
    """Serve over HTTP: decide, observe, learn meanwhile, explain and undo; with a console in the browser.

    Fresh turns become live rewrites within a minute, through the gates and the watch. Everything it can be asked
    stands in /openapi.json; the table [serve] of uptake.toml has further options. Ctrl-C ends it.
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
