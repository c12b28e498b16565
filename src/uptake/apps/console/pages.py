"""The pages of the console: what each shows."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from uptake import config as configuration
from uptake.apps.console.dry_run import dry_run
from uptake.apps.console.ignored import Ignored
from uptake.apps.console.render import drawn, rendered
from uptake.apps.console.view import View
from uptake.apps.http.people import profile
from uptake.apps.http.taught import taught_by
from uptake.errors import NotReady, RequestRefused
from uptake.release import curate
from uptake.report import page
from uptake.report.experiment import sentences
from uptake.report.why import evidence_in_words, moves_of
from uptake.rewriting.guard import Guard
from uptake.rewriting.learned import Learned
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["Pages"]

_FRESH_S = 10.0
_SHOWN = 100


class Pages:
    """What the pages show.

    Args:
        service: What they show it of.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._approving = configuration.build(Guard, "guard", service.state.config).approved_only
        self.ignored = Ignored(service.state.directory / "ignored.json")
        self._lock = threading.Lock()
        self._overview: dict[str, Any] = {}
        self._mark: tuple[str, dict[str, str]] | None = None
        self._made_s = 0.0

    def today(self, view: View) -> Response:
        """Show the main figures, failures over time, and how the service is."""
        found = self._figures()
        service = self._service
        return rendered(
            view.request,
            view.session,
            "today",
            figures=drawn(page.tiles(found) + page.over_time(found) + page.shifts(found)),
            empty=not found["sizes"]["turns"],
            standing=service.standing,
            learns=service.options.learn,
            runs=service.learner.pid is not None,
            open=service.access.is_open,
        )

    def failures(self, view: View) -> Response:
        """Show what fails most, to be fixed in place; what is ignored stays ignored."""
        found = self._figures()
        ignored = self.ignored.read()
        rows = [row for row in found["failing"]["by_request"] if row["request"] not in ignored]
        shown = {**found, "failing": {**found["failing"], "by_request": []}}
        return rendered(
            view.request, view.session, "failures", rows=rows, ignored=sorted(ignored), rest=drawn(page.failing(shown))
        )

    def rewrites(self, view: View) -> Response:
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

    def rewrite(self, view: View) -> Response:
        """Show one rewrite: its evidence drawn, what would happen now, and what a person can decide."""
        request, user_id = normalize(view.needs("request")), view.query("user")
        state = self._service.state
        learned = curate.learned_view(state)
        rows: list[Learned] = [
            row for row in learned.rows(user_id, curate.decided(state, user_id)) if row.request == request
        ]
        table = learned.table
        found = table.lookup(request, user_id) if table is not None else None
        instead = view.query("instead")
        trial = dry_run(self._service, request, instead, user_id) if instead is not None else None
        return rendered(
            view.request,
            view.session,
            "rewrite",
            heard=request,
            user=user_id or "",
            rows=rows,
            evidence=evidence_in_words(found) if found is not None else "",
            has_picture=bool(table is not None and moves_of(table, request)),
            override=learned.overrides.find(request, user_id),
            instead=instead or (rows[0].acted_on if rows else ""),
            trial=trial,
        )

    def experiments(self, view: View) -> Response:
        """Show the experiments: results so far, start, stop."""
        from uptake.experiments.outcomes import outcomes_of_log
        from uptake.experiments.standing import standing

        registry = self._service.state.experiments
        known = registry.all()
        said: dict[str, list[str]] = {}
        effect = ""
        if known:
            try:
                results = standing(outcomes_of_log(self._service.state.log), registry.get())
                said = {"Not analysed": [results["refused"]]} if results["refused"] else sentences(results)
                effect = page.effect(self._figures())
            except NotReady as error:
                said = {"Not yet known": [str(error)]}
        running = registry.running()
        return rendered(
            view.request, view.session, "experiments",
            known=known[::-1], running=running, said=said, effect=drawn(effect), holdout=registry.holdout,
        )  # fmt: skip

    def people(self, view: View) -> Response:
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
        known: dict[str, Any] = profile(self._service, user_id) | taught_by(self._service, user_id)
        return rendered(view.request, view.session, "person", **known)

    def try_it(self, view: View) -> Response:
        """Talk with the assistant and see what every stage did."""
        return rendered(view.request, view.session, "try", chat=view.session.chat[::-1], user="me")

    def refused(self, request: Request, error: RequestRefused | Exception, status: int, detail: str) -> Response:
        """Show what went wrong."""
        if isinstance(error, RequestRefused) and error.status == 401:
            return rendered(request, None, "sign_in", status=401, wrong=detail)
        return rendered(request, None, "problem", status=status, detail=detail)

    def _figures(self) -> dict[str, Any]:
        """Everything the report shows, made again when the log or what is served changed, but not all the time."""
        from uptake.report.overview import overview

        state = self._service.state
        with self._lock:
            mark = state.log.watermark(), self._service.versions()
            stale = time.monotonic() - self._made_s > _FRESH_S
            if not self._overview or (stale and mark != self._mark):
                self._overview = overview(state.log, state.artifacts, state.directory)
                self._mark, self._made_s = mark, time.monotonic()
            return self._overview
