"""Join logs with one row per message: each response is attached to the request that it answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uptake.errors import BadRecord
from uptake.log.files import OnBad
from uptake.platforms.any_log.rows import Row, value_at
from uptake.platforms.any_log.words import ASSISTANTS, PERSONS, word

__all__ = ["Conversations"]

_OPEN_AT_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """Conversion of messages to requests with their responses, in one pass; conversations may be interleaved.

    Args:
        role: Column with the speaker.
        said: Column with the message.
        session: Column with the conversation; "" if there is only one.
        answer: Name of the column for the response.
    """

    role: str
    said: str
    session: str
    answer: str

    def joined(self, rows: Iterable[Row], *, on_bad: OnBad) -> Iterator[Row]:
        """Join messages; a request without an answer stays one.

        Args:
            rows: Messages, those of one conversation in their order.
            on_bad: Called with each message of neither a person nor an assistant; if it returns, it is passed over.
        """
        waiting: OrderedDict[str, Row] = OrderedDict()
        for line, row in rows:
            key, role = str(value_at(row, self.session) if self.session else ""), word(value_at(row, self.role))
            if role in PERSONS:
                if (before := waiting.pop(key, None)) is not None:
                    yield before
                waiting[key] = line, row
                if len(waiting) > _OPEN_AT_MOST:
                    yield waiting.popitem(last=False)[1]
            elif role not in ASSISTANTS:
                on_bad(BadRecord("is not a known role of a person or an assistant", line=line, field=self.role))
            elif key in waiting:
                asked, request = waiting[key]
                waiting[key] = asked, self._answered(request, row)
        yield from waiting.values()

    def _answered(self, request: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the request with its response, and the fields that only the response has: status, interpretation."""
        before, said = request.get(self.answer), value_at(answer, self.said)
        known = {name: value for name, value in request.items() if value not in (None, "")}
        return {**answer, **known, self.answer: f"{before} {said}" if before else said}
