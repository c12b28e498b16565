"""Routes for suggestions: list them, and switch them on or off for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uptake.apps.http.routes import Call
from uptake.errors import BadRecord
from uptake.platforms.wire import Changed, SwitchOffers

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.assistant.suggesting.book import SuggestionBook

__all__ = ["offered_to", "suggestions", "switch", "switch_suggestions"]


def _book(service: Service) -> SuggestionBook:
    from uptake.assistant.suggesting.book import SuggestionBook

    state = service.state
    return SuggestionBook(state.directory, state.config, state.artifacts)


def offered_to(service: Service, user_id: str) -> dict[str, Any]:
    """Return what may be offered to a person, why, and which kinds they switched on or off."""
    book = _book(service)
    standing = book.standing(user_id)
    return {
        "suggestions": [row.as_json() for row in book.rows(user_id)],
        "on": list(standing.on),
        "off": list(standing.off),
    }


def suggestions(service: Service, call: Call) -> dict[str, Any]:
    """List what may be offered to a person, how welcome it would be, and whether it is made."""
    user_id = call.needs("user_id")
    call.user(service, user_id)
    return offered_to(service, user_id)


def switch_suggestions(service: Service, call: Call) -> Changed:
    """Switch offers on or off for a person: of a kind, all of them, or (off) one offer for good."""
    body: SwitchOffers = call.body
    call.user(service, body.user_id)
    return Changed(changed=switch(service, body))


def switch(service: Service, body: SwitchOffers) -> bool:
    """Switch offers of a person; returns whether that changed anything.

    Raises:
        BadRecord: There is no such kind, or a single offer is to be switched on.
    """
    book = _book(service)
    before = book.standing(body.user_id)
    if body.offer is not None:
        if body.on:
            raise BadRecord("can only be switched off; switch its kind on", field="offer")
        book.stop(body.user_id, body.offer)
    elif body.kind not in book.kinds():
        raise BadRecord(f"is no kind of offers; expected one of {', '.join(book.kinds())}", field="kind")
    else:
        book.switch(body.user_id, body.kind, on=body.on)
    return book.standing(body.user_id) != before
