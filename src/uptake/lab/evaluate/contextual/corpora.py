"""Read three public collections of context-dependent requests with human rewrites that stand alone.

- `cqr`: in-car dialogues (navigation, weather, calendar) with several rewrites by people, and the slots that a rewrite
  must carry (Regan et al., "A dataset for resolving referring expressions in spoken dialogue via contextual query
  rewrites", arXiv:1903.11783).
- `gecor`: restaurant dialogues in which people wrote ellipsis and reference into complete requests (Quan et al.,
  arXiv:1909.12086).
- `canard`: questions about an article, rewritten to stand alone (Elgohary et al., EMNLP 2019).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord, NotReady
from uptake.lab.corpora.fields import items, number, text, text_or_none
from uptake.lab.corpora.releases import sources
from uptake.rewriting.contextual.spans import Message
from uptake.text.normalize import normalize
from uptake.text.tokens import words

__all__ = ["CORPORA", "Case", "cases", "spelled"]

CORPORA = {"cqr": "cqr_kvret", "gecor": "gecor", "canard": "canard"}
"""Collections and their folders below a root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Request with the conversation before it, and its human rewrites."""

    dialogue: str
    """The dialogue it belongs to."""
    kind: str
    """Kind of ellipsis in the collection's words: "ellipsis", "reference", "zero", …; "complete" where nothing is
    missing."""
    request: str
    """The request."""
    past: tuple[Message, ...]
    """Conversation before it, oldest first."""
    rewrites: tuple[str, ...]
    """Rewrites that people wrote, the collection's own first; the request itself where nothing is missing."""
    slots: tuple[str, ...] = ()
    """Values that a rewrite must hold."""
    written: bool = False
    """Whether the collection's people made the request out of its rewrite, so that it is no user's."""

    @property
    def is_complete(self) -> bool:
        """Tell whether it needs no rewrite; spaces between words ("good bye") need none."""
        return "".join(spelled(self.request)) == "".join(spelled(self.rewrites[0]))


def spelled(written: str) -> tuple[str, ...]:
    """Return the words by which texts are compared: normalised, without marks."""
    return tuple(word.text for word in words(normalize(written)))


def cases(corpus: str, root: Path) -> list[Case]:
    """Return all cases of a collection below a root, each once.

    Raises:
        NotReady: The root does not hold it.
        BadRecord: A record is malformed.
    """
    folder = root / CORPORA[corpus]
    if not folder.is_dir():
        raise NotReady(f"{folder}: no such directory; rewriting in context on {corpus} needs it")
    found: dict[tuple[Any, ...], Case] = {}
    for source in sources(CORPORA[corpus], folder):
        for place in source.read(None):
            try:
                for one in _READERS[corpus](place.record):
                    found.setdefault((one.dialogue, len(one.past), spelled(one.request), one.rewrites), one)
            except BadRecord as error:
                raise error.at(file=place.file, line=place.line) from error
    if not found:
        raise NotReady(f"{folder}: holds no case")
    return list(found.values())


def _cqr(record: Mapping[str, Any]) -> Iterator[Case]:
    """Read CQR: a reformulation belongs to what the user said just before `after_turn`."""
    turns = [_mapping(one, "turns") for one in items(record, "turns")]
    for one in items(record, "reformulations"):
        given = _mapping(one, "reformulations")
        at = int(number(given, "after_turn", within="reformulations")) - 1
        if not 0 <= at < len(turns):
            raise BadRecord("must be a turn of the dialogue", field="reformulations.after_turn")
        request = text(turns[at], "text", within="turns")
        gold = text_or_none(given, "reformulated_utt", within="reformulations")
        others = given.get("mturk_reformulations") or ()
        if not spelled(request) or (gold is not None and not spelled(gold)):
            continue
        yield Case(
            dialogue=text(record, "dialogue_id"),
            kind=_flag(given) if gold else "complete",
            request=request,
            past=tuple(_of_car(turns, place) for place in range(at)),
            rewrites=(gold, *(other for other in others if spelled(other))) if gold else (request,),
            slots=tuple(given.get("gold_slots") or ()) if gold else (),
        )


def _flag(given: Mapping[str, Any]) -> str:
    """Return the first kind of reference that is named."""
    return next(iter((text_or_none(given, "flag") or "").replace(";", " ").split()), "other")


def _of_car(turns: list[Mapping[str, Any]], at: int) -> Message:
    """Read slots that are noted with the answer, and belong to what it answers."""
    one = turns[at]
    slots = one.get("slots") or {}
    return Message(
        "user" if text(one, "speaker", within="turns") == "user" else "assistant",
        text(one, "text", within="turns"),
        tuple((str(name), str(value).strip()) for name, value in slots.items() if str(value).strip()),
    )


def _gecor(record: Mapping[str, Any]) -> Iterator[Case]:
    """Read GECOR: each turn as it was said, with ellipsis, with reference, and complete."""
    past: list[Message] = []
    turns = [_mapping(one, "turns") for one in items(record, "turns")]
    opening = text(turns[0], "user", within="turns") if turns else ""
    name = f"{record.get('dialogue')}-{zlib.crc32(opening.encode()):08x}"  # numbers begin anew in every file
    for turn in turns:
        said = text(turn, "user", within="turns")
        whole = text(turn, "complete", within="turns") or said
        values = _values(turn, whole)
        forms = {"said": said, "ellipsis": turn.get("with_ellipsis"), "reference": turn.get("with_coreference")}
        taken = {"".join(spelled(whole))}
        if spelled(whole):
            yield Case(
                dialogue=name,
                kind="complete",
                request=whole,
                past=tuple(past),
                rewrites=(whole,),
                slots=values,
                written=spelled(said) != spelled(whole),
            )
        for kind in ("ellipsis", "reference", "said"):
            form = forms[kind]
            letters = "".join(spelled(form or ""))
            if form and letters and spelled(whole) and letters not in taken:
                taken.add(letters)
                yield Case(
                    dialogue=name,
                    kind=kind,
                    request=form,
                    past=tuple(past),
                    rewrites=(whole,),
                    slots=values,
                    written=spelled(said) != spelled(form),
                )
        past += [Message("user", said, _informed(turn)), Message("assistant", text(turn, "system", within="turns"))]


def _informed(turn: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(name), str(value))
        for act in turn.get("slu") or ()
        for name, value in act.get("slots") or ()
        if act.get("act") == "inform" and value != "dontcare"
    )


def _values(turn: Mapping[str, Any], whole: str) -> tuple[str, ...]:
    """Return annotated values that the complete request holds."""
    held = f" {' '.join(spelled(whole))} "
    values = (" ".join(spelled(value)) for _, value in _informed(turn))
    return tuple(dict.fromkeys(value for value in values if value and f" {value} " in held))


def _canard(record: Mapping[str, Any]) -> Iterator[Case]:
    """Read CANARD: the first two lines of the history are the titles of the article and of its section."""
    history = [str(one) for one in items(record, "history")]
    request, gold = text(record, "question"), text(record, "rewrite")
    if not spelled(request) or not spelled(gold):
        return
    topics = [Message("topic", title) for title in history[:2]]
    talk = [Message("assistant" if at % 2 else "user", one) for at, one in enumerate(history[2:])]
    yield Case(
        dialogue=text(record, "dialogue_id"),
        kind="complete" if spelled(request) == spelled(gold) else "question",
        request=request,
        past=(*topics, *talk),
        rewrites=(gold,),
    )


def _mapping(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadRecord("must be an object", field=field)
    return value


_READERS = {"cqr": _cqr, "gecor": _gecor, "canard": _canard}
