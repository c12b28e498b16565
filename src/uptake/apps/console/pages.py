"""Make the pages of the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from uptake import config as configuration
from uptake.apps.console.dry_run import dry_run
from uptake.apps.console.figures import Figures, latency_ms
from uptake.apps.console.ignored import Ignored
from uptake.apps.console.names import names_given
from uptake.apps.console.render import drawn, rendered
from uptake.apps.console.turns import FILTERS, Chosen, choose, usual_stages
from uptake.apps.console.view import PageCall
from uptake.apps.http.people import profile
from uptake.errors import BadRecord, RequestRefused
from uptake.insight.failures.summary import STAGES
from uptake.release import curate
from uptake.report import page
from uptake.report.tiles import Tile, main_figures
from uptake.report.why import moves_of
from uptake.rewriting.guard import Guard
from uptake.rewriting.learned import Learned
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["Pages"]

_SHOWN = 100
_BEHIND = {
    "turns": "/turns",
    "repaired": "/turns?acted=yes",
    "failed": "/turns",
    "effect": "/experiments",
    "wins": "/experiments",
    "rewrites": "/rewrites",
    "withdrawn": "/rewrites#gone",
    "asked": "/rewrites",
    "suspended": "/rewrites#gone",
}
"""Name of a main figure -> where that is which it counts."""
_SAYING = {
    "acts": "Done at once instead of what was heard.",
    "asks": "The person is asked first: “Did you mean …?”.",
    "paused": "Left alone while it is looked into whether it does harm.",
    "suspended": "Left alone: this person complained about it.",
    "withdrawn": "Left alone: it did harm.",
    "blocked": "Left alone: a person said so.",
    "pinned": "Always done: a person said so.",
}
"""State of a rewrite -> what happens."""
_FOR = {"person": "this person", "household": "everybody at home"}
"""Scope of what was taught -> whom it holds for."""
_EXAMPLES = (
    "turn on the kitchen light",
    "swich off the kichen lite",
    "set a timer for five minutes",
    "what lights are on",
)
"""Requests to begin with, in the home that comes with it."""


class Pages:
    """Page handlers of the console."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._approving = configuration.build(Guard, "guard", service.state.config).approved_only
        self.ignored = Ignored(service.state.directory / "ignored.json")
        self.figures = Figures(service)

    def today(self, view: PageCall) -> Response:
        """Show the main figures, failures over time, and how the service is."""
        found = self.figures.overview()
        service = self._service
        return rendered(
            view.request,
            view.session,
            "today",
            tiles=[(one, _BEHIND.get(one.name)) for one in self._tiles(found)],
            days=found["by_day"]["days"],
            figures=drawn(page.over_time(found) + page.shifts(found)),
            empty=not found["sizes"]["turns"],
            standing=service.standing,
            learns=service.options.learn,
            runs=service.learner.pid is not None,
            open=service.access.is_open,
        )

    def _tiles(self, found: Mapping[str, Any]) -> Iterator[Tile]:
        """List the figures of the first page: how much was asked, what failed, what was repaired, how fast."""
        sizes = found["sizes"]
        yield Tile("turns", f"{sizes['turns']:,}", "requests", f"of {sizes['users']:,} people")
        failed, *others = main_figures(found)
        yield failed
        share = sizes["rewritten_turns"] / max(sizes["turns"], 1)
        yield Tile("repaired", f"{sizes['rewritten_turns']:,}", "requests repaired", f"{share:.1%} of all")
        yield from others
        metrics = self._service.metrics.text()
        usual, most = (latency_ms(metrics, "rewrite", share) for share in (0.5, 0.99))
        if usual is not None:
            around = f"99 of 100 within {most:g} ms"
            yield Tile("latency", f"{usual:g} ms", "at most to decide, half of the time", around)

    def turns(self, view: PageCall) -> Response:
        """Show the turns behind a number."""
        filters = {name: value for name in FILTERS if (value := view.query(name)) is not None}
        try:
            start = max(0, int(view.query("start") or 0))
        except ValueError:
            raise BadRecord("must be a number", field="start") from None
        failed = self.figures.failed() if "stage" in filters or "place" in filters else ()
        found = choose(self.figures.outcomes(), filters, start=start, most=_SHOWN, failed=failed)
        return rendered(
            view.request, view.session, "turns", found=found, filters=filters, reads=FILTERS, stages=STAGES,
            start=start, older=start + _SHOWN if found.turns > start + _SHOWN else None,
        )  # fmt: skip

    def failures(self, view: PageCall) -> Response:
        """Show what fails most, to be fixed in place; what is ignored stays ignored."""
        found = self.figures.overview()
        ignored = self.ignored.read()
        failing = found["failing"]
        return rendered(
            view.request,
            view.session,
            "failures",
            rows=[row for row in failing["by_request"] if row["request"] not in ignored],
            learned={row.request: row for row in curate.learned_view(self._service.state).rows(None)},
            ignored=sorted(ignored),
            domains=failing["by_domain"],
            signals=failing["by_signal"],
            points=failing["by_point"] or {"points": [], "where": []},
            usual=usual_stages(self.figures.failed()),
            stages=STAGES,
            devices=self._service.state.device_names(),
            names=names_given(self._service),
            empty=not found["sizes"]["turns"],
        )

    def rewrites(self, view: PageCall) -> Response:
        """Show what was learned, for everybody or for one person, and what was taken out of service."""
        user_id, search = view.query("user"), view.query("q")
        learned = curate.learned_view(self._service.state)
        known = curate.decided(self._service.state, user_id)
        rows = learned.rows(user_id, known)
        words = normalize(search or "")
        chosen = [row for row in rows if words in row.request or words in row.acted_on]
        gone = learned.gone(user_id, known)
        return rendered(
            view.request,
            view.session,
            "rewrites",
            rows=chosen[:_SHOWN],
            more=max(0, len(chosen) - _SHOWN),
            total=len(rows),
            gone=gone[:_SHOWN],
            user=user_id or "",
            search=search or "",
            approving=self._approving,
        )

    def rewrite(self, view: PageCall) -> Response:
        """Show one rewrite: its evidence drawn, what would happen now, and what a person can decide."""
        request, user_id = normalize(view.needs("request")), view.query("user")
        state = self._service.state
        learned = curate.learned_view(state)
        known, table = curate.decided(state, user_id), learned.table
        both: list[Learned] = [*learned.rows(user_id, known), *learned.gone(user_id, known)]
        rows = list({row.rewrite_id: row for row in both if row.request == request}.values())
        instead = view.query("instead")
        trial = dry_run(self._service, request, instead, user_id) if instead is not None else None
        return rendered(
            view.request,
            view.session,
            "rewrite",
            heard=request,
            user=user_id or "",
            rows=rows,
            saying=_SAYING,
            ended=self._ended(request, user_id),
            has_picture=bool(table is not None and moves_of(table, request)),
            override=learned.overrides.find(request, user_id),
            instead=instead or (rows[0].acted_on if rows else ""),
            trial=trial,
        )

    def _ended(self, request: str, user_id: str | None) -> dict[str, Chosen]:
        """Return the outcomes of a request in the log, with the rewrite and without it."""
        whose = {} if user_id is None else {"user": user_id}
        return {
            acted: choose(self.figures.outcomes(), {"request": request, "acted": acted, **whose}, start=0, most=0)
            for acted in ("yes", "no")
        }

    def experiments(self, view: PageCall) -> Response:
        """Show the experiments: results so far, start, stop."""
        registry = self._service.state.experiments
        running = registry.running()
        found = self.figures.overview()["experiment"]
        effect = page.effect({"experiment": found}) if found is not None and found["turns"] else ""
        return rendered(
            view.request, view.session, "experiments",
            known=registry.all()[::-1], running=running, found=found, effect=drawn(effect), holdout=registry.holdout,
        )  # fmt: skip

    def people(self, view: PageCall) -> Response:
        """List people, or show all that is known of one."""
        user_id = view.query("user")
        if user_id is None:
            names = self._service.residents.people(None)
            search = view.query("q") or ""
            chosen = [name for name in names if search in name]
            return rendered(
                view.request, view.session, "people",
                names=chosen[:_SHOWN], more=max(0, len(chosen) - _SHOWN), total=len(names), search=search,
            )  # fmt: skip
        return rendered(view.request, view.session, "person", holds_for=_FOR, **profile(self._service, user_id))

    def try_it(self, view: PageCall) -> Response:
        """Talk with the assistant and see what every stage did."""
        chat = view.session.chat
        last = chat[-1] if chat else {"user": "me", "room": ""}
        return rendered(
            view.request, view.session, "try", chat=chat[::-1], user=last["user"], room=last["room"], examples=_EXAMPLES
        )

    def refused(self, request: Request, error: RequestRefused | Exception, status: int, detail: str) -> Response:
        """Show what went wrong."""
        if isinstance(error, RequestRefused) and error.status == 401:
            return rendered(request, None, "sign_in", status=401, wrong=detail)
        return rendered(request, None, "problem", status=status, detail=detail)
