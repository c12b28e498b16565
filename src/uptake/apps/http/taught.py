"""Routes for concepts and preferences: list, add, change, forget.

Every change is an event in the log, as if the person had said it: it is replayed, and removed when the person is
forgotten. It is stored under the person's home, so that the same tokens keep access. A change for a whole household is
stored in the home of uptake's own assistant, and needs a token that may talk there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from uptake.apps.http.routes import Call
from uptake.errors import BadRecord
from uptake.platforms.wire import Changed, ForgetTaught, Taught

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.assistant.teaching.book import Book
    from uptake.teaching.concepts.artifact import Concept
    from uptake.teaching.preferences.artifact import Preference

__all__ = [
    "add_concepts",
    "add_preferences",
    "concepts",
    "forget_concept",
    "forget_preference",
    "preferences",
    "taught_by",
]

T = TypeVar("T", "Concept", "Preference")

_SAID = "meaning"
"""What a concept means in words: listed beside it, and passed over where rows come back."""


def _book(service: Service, home_id: str | None = None) -> Book:
    from uptake.assistant.teaching.book import Book

    return Book(service.state.directory / "memory.sqlite", log=service.state.log, home_id=home_id)


def _book_to_change(service: Service, call: Call, user_id: str) -> Book:
    """Open the book for changes to what one person taught, under the home that they live in.

    Raises:
        RequestRefused: The token is not for them.
    """
    call.user(service, user_id)
    homes = service.residents.homes(user_id) - {None}
    home_id = next(iter(homes)) if len(homes) == 1 else call.token.home or service.state.home_id
    call.token.must_home(home_id)
    service.residents.move_in(user_id, home_id)
    return _book(service, home_id)


def taught_by(service: Service, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return what one person taught: their own concepts and preferences, those that they shared included."""
    from uptake.teaching.concepts.saying import meaning

    book = _book(service)
    return {
        "concepts": [row.as_json() | {_SAID: meaning(row)} for row in book.concepts.rows() if row.user_id == user_id],
        "preferences": [row.as_json() for row in book.preferences.rows() if row.user_id == user_id],
    }


def concepts(service: Service, call: Call) -> dict[str, Any]:
    """List what a person taught words to mean."""
    user_id = call.needs("user_id")
    call.user(service, user_id)
    return {"concepts": taught_by(service, user_id)["concepts"]}


def preferences(service: Service, call: Call) -> dict[str, Any]:
    """List what a person said of themselves."""
    user_id = call.needs("user_id")
    call.user(service, user_id)
    return {"preferences": taught_by(service, user_id)["preferences"]}


def add_concepts(service: Service, call: Call) -> Changed:
    """Add concepts of a person, or change them: all of them, or none where one is wrong."""
    from uptake.teaching.concepts.artifact import Concept

    body: Taught = call.body
    rows = _rows(service, call, Concept.from_json)
    if rows:
        book = _book_to_change(service, call, body.user_id)
        book.add_concepts([replace(row, user_id=body.user_id) for row in rows])
    return Changed(changed=bool(rows))


def add_preferences(service: Service, call: Call) -> Changed:
    """Add preferences of a person; they end what they contradict. All of them, or none where one is wrong."""
    from uptake.teaching.preferences.artifact import Preference

    body: Taught = call.body
    rows = _rows(service, call, Preference.from_json)
    if rows:
        book = _book_to_change(service, call, body.user_id)
        book.add_preferences([replace(row, user_id=body.user_id) for row in rows])
    return Changed(changed=bool(rows))


def _rows(service: Service, call: Call, read: Callable[[Any], T]) -> Sequence[T]:
    body: Taught = call.body
    call.user(service, body.user_id)
    found = []
    for number, fields in enumerate(body.rows):
        known = {name: value for name, value in fields.items() if name != _SAID}
        try:
            found.append(read({"user": body.user_id, **known}))
        except BadRecord as error:
            raise BadRecord(f"rows[{number}]: {error}", field="rows") from error
    if call.token.homes is not None and any(row.scope == "household" for row in found):
        call.token.must_home(service.state.home_id)
    return found


def forget_concept(service: Service, call: Call) -> Changed:
    """Forget what a person taught some words to mean."""
    from uptake.teaching.concepts.artifact import key_of

    body: ForgetTaught = call.body
    call.user(service, body.user_id)
    key = key_of(body.concept or "")
    rows = [row for row in _book(service).concepts.rows() if (row.user_id, row.key) == (body.user_id, key)]
    if rows:
        _book_to_change(service, call, body.user_id).forget_concepts(rows)
    return Changed(changed=bool(rows))


def forget_preference(service: Service, call: Call) -> Changed:
    """Withdraw what a person said of themselves: one value of a type, or all of that type."""
    body: ForgetTaught = call.body
    call.user(service, body.user_id)
    rows = [
        row
        for row in _book(service).preferences.rows()
        if (row.user_id, row.type) == (body.user_id, body.type) and body.value in (None, row.value)
    ]
    if rows:
        _book_to_change(service, call, body.user_id).withdraw(rows)
    return Changed(changed=bool(rows))
