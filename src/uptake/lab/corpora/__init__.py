"""Public corpora as turns, one file a corpus.

    dstc2      calls to a restaurant line: recogniser lists, readings, human truth
    almond     household commands of a deployed assistant
    getgoing   calls to a route assistant, with an explicit answer at the end
    slurp      read sentences, what a recogniser heard and a parser understood
    star       typed dialogues with a hidden wizard, and what the users answered afterwards
    sgd        conversations that go from service to service
    conture    chats with social bots, each with several raters

A file of JSON lines is recognised by the fields of its records, whatever its name; `releases` reads each corpus as it
is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from uptake.errors import BadRecord, NotReady, UnknownFormat
from uptake.lab.corpora.almond import Almond
from uptake.lab.corpora.conture import Conture
from uptake.lab.corpora.dstc2 import Dstc2
from uptake.lab.corpora.files import OnBad, Place
from uptake.lab.corpora.getgoing import GetGoing
from uptake.lab.corpora.releases import RELEASES, sources
from uptake.lab.corpora.sgd import Sgd
from uptake.lab.corpora.slurp import Slurp
from uptake.lab.corpora.star import Star
from uptake.types import Turn

__all__ = ["CORPORA", "FoldedCorpus", "read", "records"]


class FoldedCorpus(Protocol):
    """A corpus that also says which folder it lives in and which kinds of records its files hold."""

    name: ClassVar[str]
    folder: ClassVar[str]
    kinds: ClassVar[Mapping[str, frozenset[str]]]
    """Kind of record -> the fields by which it is recognised; the first kind is the one with turns."""

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]: ...  # noqa: D102


CORPORA: dict[str, FoldedCorpus] = {
    corpus.name: corpus for corpus in (Dstc2(), Almond(), GetGoing(), Slurp(), Star(), Sgd(), Conture())
}
"""Every corpus by its name."""


def read(name: str, path: Path, *, on_bad: OnBad | None = None) -> Iterator[Turn]:
    """Yield the turns of a corpus, streaming: one record in memory at a time.

    Args:
        name: A key of `CORPORA`.
        path: A file (`.jsonl`, `.json`, gzipped or not), a folder of such files, or the corpus's release, unpacked. In
            a folder, files of another kind of the same corpus (for example turn pairs) are passed over.
        on_bad: Called with each bad record instead of raising; the record is then skipped.

    Raises:
        UnknownFormat: No corpus has that name.
        NotReady: There is nothing to read.
        BadRecord: A record is malformed, or a file holds something else, and `on_bad` is None.
    """
    corpus = _corpus(name)
    kind = next(iter(corpus.kinds))
    for place in _places(corpus, path, kind, on_bad=on_bad):
        try:
            turns = list(corpus.turns(place.record))
        except BadRecord as error:
            if on_bad is None:
                raise error.at(file=place.file, line=place.line) from error
            on_bad(error.at(file=place.file, line=place.line))
        else:
            yield from turns


def records(name: str, root: Path, *, kind: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Yield the raw records of a corpus below a root with one folder a corpus, for evaluation.

    What can be derived from the corpus (turn pairs) is, where no file of the folder holds it.

    Args:
        name: A key of `CORPORA`.
        root: Folder that holds the corpus's folder, for example "shared/data"; the corpus's folder itself will do.
        kind: A key of the corpus's `kinds` [default: the kind that holds turns].

    Raises:
        UnknownFormat: No corpus, or no kind of it, has that name.
        NotReady: There is no such folder, or it holds no record of that kind.
        BadRecord: A record is malformed, or a file holds something else.
    """
    corpus = _corpus(name)
    chosen = kind or next(iter(corpus.kinds))
    if chosen not in corpus.kinds:
        raise UnknownFormat(f"{name} has no records of the kind {chosen}; it has {', '.join(corpus.kinds)}")
    folder = root / corpus.folder if (root / corpus.folder).is_dir() else root
    try:
        sources(corpus.folder, folder)
    except NotReady as error:
        if folder is not root or not root.is_dir():
            raise
        raise NotReady(f"{root}: has no folder {corpus.folder}, where the files of {name} belong") from error
    empty = True
    for find in (_held, _derived):
        for record in find(corpus, folder, chosen) if empty else ():
            empty = False
            yield record
    if empty:
        raise NotReady(
            f"{folder}: holds no {chosen} of {name}; its fields would be {', '.join(sorted(corpus.kinds[chosen]))}"
        )


def _corpus(name: str) -> FoldedCorpus:
    if name not in CORPORA:
        raise UnknownFormat(f"no corpus is called {name}; there is {', '.join(CORPORA)}")
    return CORPORA[name]


def _held(corpus: FoldedCorpus, folder: Path, kind: str) -> Iterator[Mapping[str, Any]]:
    return (place.record for place in _places(corpus, folder, kind))


def _derived(corpus: FoldedCorpus, folder: Path, kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a kind that follow from those with turns."""
    if (derive := RELEASES[corpus.folder].derived.get(kind)) is None:
        return
    for place in _places(corpus, folder, next(iter(corpus.kinds))):
        try:
            yield from derive(place.record)
        except BadRecord as error:
            raise error.at(file=place.file, line=place.line) from error


def _places(corpus: FoldedCorpus, path: Path, kind: str, *, on_bad: OnBad | None = None) -> Iterator[Place]:
    """Yield the records of one kind. The first record of a file says what the whole file holds."""
    alone = path.is_file()
    for source in sources(corpus.folder, path):
        held: str | None = None
        for place in source.read(on_bad):
            missing = corpus.kinds[kind] - place.record.keys()
            if held is None:
                held = _kind(corpus, place.record)
                if held != kind and held is not None and not alone:
                    break
            if missing:
                problem = f"a {kind} of {corpus.name} needs the fields {', '.join(sorted(corpus.kinds[kind]))}"
                error = BadRecord(problem, file=place.file, line=place.line, field=min(missing))
                if on_bad is None:
                    raise error
                on_bad(error)
                continue
            yield place


def _kind(corpus: FoldedCorpus, record: Mapping[str, Any]) -> str | None:
    return next((kind for kind, signature in corpus.kinds.items() if record.keys() >= signature), None)
