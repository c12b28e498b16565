"""Decide whether a request that names a concept wants it, in any surrounding words: "I've earned a spa evening".

The request is cut into clauses. The clause that names the concept is judged by the words before and after the name. A
fragment, a command, a polite question, or something that the speaker has, takes or needs now wants it. A clause that is
negated, asks, reports others, or is about the past or the future does not. The other clauses must ask for nothing.

Limit: English; commands for later and under a condition are left to the reader of requests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.phrases.words import Labelled, label
from uptake.teaching.marks import plain
from uptake.text.patterns import regex

__all__ = ["wish_in"]

_CUTS = frozenset(
    "and so because cos cause but since while whilst until till before after once when whenever if unless though "
    "although or then".split()
)
"""Words that a clause begins with."""
_LIKENS = frozenset(("like", "same", "as"))
_LATER = frozenset("when whenever if unless once after".split())
_ADDS = frozenset(("and", "but", "then"))
_ASIDE = regex(
    r"(?:(?:i|we) (?:think|guess|reckon|suppose|believe|fear|hope|beg|say)|i'd say|(?:i'm|we're|it's|they're|he's|"
    r"she's|"
    r"there's)(?! (?:in|on|at|what|where|how)\b)) ?"
)
"""How something is said in passing behind a wish: "study mode I'm afraid"."""
_CONTRASTS = frozenset("not unlike except".split())
_POLITE_IF = regex(r"if (?:you|that's|that is|it's|it is|possible|i may|we (?:may|can|could)|it suits|not)\b")
_DENIED = frozenset(
    "not no don't never stop cancel end off closed without except isn't aren't won't can't didn't doesn't wasn't nor "
    "neither hardly instead rather forget unlike quit avoid skip".split()
)
_REPORTED = frozenset("said says say told tells tell called thinks thought asked asks heard believes claims".split())
_OTHERS = frozenset("he she they he's she's they're he'd she'd they'd who which".split())
_SELF = frozenset("i we i'm we're i've we've i'll we'll i'd we'd let's lemme us me".split())
_NOT_WANTED = frozenset(
    "love like hate loathe adore enjoy know remember forget mean meant said say told tell call heard hear read reading "
    "saw see watched watch had has was were did went bought made wrote talk talking talked mention dreamt thinking "
    "thought wonder wondering miss learn learned learnt taught teach describe explain discuss search look looking "
    "looks google find buy order ask asked about sick tired bored fed enough hope sounds sound remind write spell "
    "print prefer afraid scared worried called named used cannot hardly rename delete remove change edit redo "
    "play".split()
)
_PAST = regex(r"\b(?:yesterday|ago|last (?:night|week|month|year|time|monday|summer|winter))\b")
_COMING = regex(
    r"\b(?:tomorrow|later|next|every|daily|weekly|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:at|by|around|"
    r"from) (?:about )?(?:\d|noon|midnight|sunset|sunrise|half|quarter)|in (?:about )?(?:an?|\d+|half an|the) (?:min|"
    r"minutes?|hours?|seconds?|secs?|moment|while|bit|morning|afternoon|evening))\b"
)
_OPENS = regex(
    r"(?:(?:can|could|would|will|may|might|shall|should) (?:you|we|i|u|ya|somebody|someone|anybody|anyone|one of you)\b"
    r"(?: be able to| be so kind as to| be kind enough to| mind| manage to| care to)?"
    r"|(?:how|what) about(?: we| you| i| if (?:we|you|i))?|why (?:not|don't (?:you|we|i))|(?:do|would) you mind|"
    r"(?:is there )?any chance (?:of|for|you could|we could|we can)|is it (?:about )?time for|what if we|what (?:do|"
    r"would) you say to|what say we)(?: (?:please|just|maybe|possibly|kindly|perhaps|all|quickly|do|have|putting|"
    r"doing|starting|getting|giving|setting))*"
)
_LEADS = regex(
    r"(?:(?:(?:it's|it is)? ?(?:about |high )?time (?:we|i) (?:had|got)|let's see|(?:i|we)(?:'d| would)(?: all| "
    r"quite| really| just| rather| so)* (?:like|love|fancy)(?: to have)?|i (?:think|reckon|guess|suppose|feel)|i'd "
    r"say|you know what|(?:it )?(?:looks|seems|sounds|feels) like|(?:and |so )?what (?:i|we) (?:need|want|fancy|"
    r"could do with|really (?:need|want))(?: now| right now)? is|better|best|let there be|off|ready|time|back|over|"
    r"straight|all|up) )+"
)
_PRAISED = regex(
    r"(?:(?:would|might|could) be |'d be |will do\b|it is\b|is (?:what (?:i|we)|just what|exactly what|called for|in "
    r"order|due|needed|required|enough|the (?:one|thing|answer)|on the (?:menu|cards)|calling|go\b))"
)
_FINITE = frozenset(
    "is are was were am be been has had have does did do would could should can will may might must isn't wasn't "
    "means meant made makes did didn't doesn't".split()
)
_ALONG = frozenset("for with before until till while during over because throughout across".split())
_ANYWHERE = frozenset(
    "everywhere overnight upstairs downstairs outside inside early tonight throughout immediately everything "
    "everyone everybody things place whole strength style again too now early already finally definitely probably "
    "go lot bit spot dose round touch little some full 1 one another more proper bedtime today evening night "
    "morning ready homework going started happening tonight's thing".split()
)
_BARE = frozenset("set sort get make go come start prepare fix do be hurry chop crack let let's".split())
"""Verbs of orders that add nothing: "candlelit supper tonight, set it up"."""
_QUOTED = regex(r"[\"\N{LEFT DOUBLE QUOTATION MARK}]")
_EXPLAINED = frozenset("vrdcphaokf")
_FOLLOWS = frozenset("vrdcphaokw")
_VERBS_OF_OTHERS = frozenset("bm")
_INVERTED = frozenset("is are was were does did has am isn't aren't wasn't".split())
_EDGES = regex(r"[,;:.!?]+[\"')]*$")
_ASIDE_QUESTIONS = frozenset(("you", "guess"))
_ASKS_OR_DENIES = frozenset("not don't never what who how is are did does was why".split())
_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class _Clause:
    """Words of one clause, with their labels."""

    words: tuple[str, ...]
    labels: str

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def without_courtesy(self) -> _Clause:
        """Return it without the courtesies that it begins with."""
        at = next((at for at, one in enumerate(self.labels) if one != "c" or self.words[at] in _MODALS), None)
        return _Clause((), "") if at is None else _Clause(self.words[at:], self.labels[at:])


_MODALS = frozenset("can could would will may might".split())


def wish_in(text: str, house: House, named: Sequence[str]) -> str | None:
    """Return the bare request for a concept that a text comes to; None where it wants none.

    >>> wish_in("I've earned a study mode, my head hurts", House(), ["study mode"])
    'a study mode'

    Args:
        text: The request.
        house: Names of the home.
        named: Keys of the concepts.
    """
    text = re.sub(r" -+ |\N{EM DASH}|\N{EN DASH}", ", ", plain(text))
    tokens = [part for part in text.replace("/", " ").split() if _EDGES.sub("", part).strip("\"'")]
    said = label(" ".join(tokens), house, named)
    if len(said.words) != len(tokens) or not 1 < len(tokens) <= _MOST_WORDS or _QUOTED.search(text):
        return None
    spans = list(_cut(said, tokens))
    naming = [at for at, (start, end) in enumerate(spans) if "k" in said.labels[start:end]]
    if not naming:
        return None
    start, end = spans[naming[-1]]
    core = _Clause(said.words[start:end], said.labels[start:end])
    asks = text.rstrip("\"' ").endswith("?")
    others = [_Clause(said.words[a:b], said.labels[a:b]) for at, (a, b) in enumerate(spans) if at not in naming]
    if not _is_wanted(core, asks=asks) or not all(map(_asks_for_nothing, others)):
        return None
    kept = [at for at in range(start, end) if said.labels[at] in "kprdo" and said.words[at] not in _SELF]
    return " ".join(said.raw[at] for at in kept)


def _cut(said: Labelled, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Return the (first word, word after the last) of the clauses."""
    starts = [0]
    for at in range(1, len(tokens)):
        word, inside = said.words[at], said.labels[at - 1 : at + 1] == "kk"
        named = "k" in said.labels[starts[-1] : at]
        aside = named and _ASIDE.match(" ".join(said.words[at : at + 3])) is not None
        cut = word in _CUTS or (named and word in _LIKENS) or aside
        if not inside and at > starts[-1] and (_EDGES.search(tokens[at - 1]) or cut):
            starts.append(at)
    return _with_places(list(zip(starts, [*starts[1:], len(tokens)], strict=True)), said)


def _with_places(spans: list[tuple[int, int]], said: Labelled) -> list[tuple[int, int]]:
    """Join a clause that only says where to the one beside it that names a concept: "study mode, but in the den"."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        before = found[-1] if found else None
        if before is not None and start == before[1]:
            named = ["k" in said.labels[a:b] for a, b in (before, (start, end))]
            places = [_only_says_where(said, a, b) for a, b in (before, (start, end))]
            if (named[0] and places[1]) or (named[1] and places[0]):
                found[-1] = (before[0], end)
                continue
        found.append((start, end))
    return found


def _only_says_where(said: Labelled, start: int, end: int) -> bool:
    words, labels = said.words[start:end], said.labels[start:end]
    if words[0] in _CUTS - _ADDS:
        return False
    labels = labels[1:] if words[0] in _ADDS else labels
    return "p" in labels and set(labels) <= set("rdpc") and not _DENIED & set(words)


def _is_wanted(core: _Clause, *, asks: bool) -> bool:
    """Tell whether the clause that names a concept wants it now."""
    first, last = core.labels.index("k"), core.labels.rindex("k") + 1
    rest = {word for word, letter in zip(core.words, core.labels, strict=True) if letter != "k"}
    outside = " ".join(word for word, letter in zip(core.words, core.labels, strict=True) if letter != "k")
    if _DENIED & rest or _OTHERS & rest or core.words[0] in _LATER or _PAST.search(outside) or _COMING.search(outside):
        return False
    before = _Clause(core.words[:first], core.labels[:first])
    if before.words[:1] and before.words[0] in _CUTS:
        before = _Clause(before.words[1:], before.labels[1:])
    behind = _Clause(core.words[last:], core.labels[last:])
    if before.words[-1:] == ("you",) and last - first == 1 and "p" not in core.labels:  # "can you whisper"
        return False
    polite = _OPENS.match(before.without_courtesy().text or before.text)
    if asks and polite is None and before.words:
        return False
    return _leads_to_it(before, polite=polite is not None) and _goes_on(behind)


def _leads_to_it(before: _Clause, *, polite: bool) -> bool:
    """Tell whether words lead to something that is wanted."""
    clause = before.without_courtesy()
    for pattern in (_OPENS, _LEADS):
        match = pattern.match(f"{clause.text} ")
        if match is not None:
            taken = len(match[0].split())
            clause = _Clause(clause.words[taken:], clause.labels[taken:]).without_courtesy()
    words, labels = clause.words, clause.labels
    if words[:1] and words[0] in _MODALS and not polite:  # "will it be a rainy sunday"
        return False
    if not words or words[0] in _SELF:
        return not words or _wants_itself(words)
    asks = (labels[0] == "q" or words[0] in _INVERTED) and words[0] not in _ASIDE_QUESTIONS and not polite
    if asks or _NOT_WANTED & set(words) or (_FINITE & set(words[1:2]) and labels[0] == "x"):
        return False
    unknown = [at for at, letter in enumerate(labels) if letter not in _EXPLAINED and words[at] not in _ANYWHERE]
    if not unknown:
        return labels[0] != "q" and not (labels[0] in "dx" and "f" in labels)
    if unknown != [0] or labels[0] in _VERBS_OF_OTHERS or words[0].endswith(("'s", "ed", "s")):
        return False
    return labels[1:2] in ("o", "r", "p") or (labels[1:2] == "d" and bool(set(labels[2:]) & set("pr")))


def _wants_itself(words: Sequence[str]) -> bool:
    """Tell whether the speaker has, takes or needs something now, by the words before it: "I've earned a"."""
    rest, been = words[1:], bool({"i've", "we've", "have"} & set(words))
    past = any(word.endswith("ed") and word != "need" for word in rest) and not been
    return not past and not _NOT_WANTED & set(rest) and not (been and "had" in rest)


def _goes_on(behind: _Clause) -> bool:
    """Tell whether words behind a name leave it wanted: a place, an adverb, for whom, how long."""
    at = next((at for at, letter in enumerate(behind.labels) if letter != "c"), len(behind.words))
    words, labels = behind.words[at:], behind.labels[at:]
    if not words or _PRAISED.match(" ".join(words)):
        return True
    if _FINITE & set(words) - {"be"} and not {"would", "could", "will", "can"} & set(words[:1]):
        return False
    strange = [
        at
        for at, (word, letter) in enumerate(zip(words, labels, strict=True))
        if letter not in _FOLLOWS and word not in _ANYWHERE and word not in _ADDS
    ]
    return all(_ALONG & set(words[:at]) for at in strange)


def _asks_for_nothing(clause: _Clause) -> bool:
    """Tell whether a clause beside a wish is said in passing: no order, no question, no report, no condition."""
    bare = clause.without_courtesy()
    if bare.words and bare.words[0] in _LATER:
        return _POLITE_IF.match(bare.text) is not None and not _COMING.search(bare.text)
    at = 1 if bare.words[:1] and bare.words[0] in _CUTS else 0
    words, labels = bare.words[at:], bare.labels[at:]
    if not words or (words[0] in _CONTRASTS and set(labels[1:]) <= set("dxprkh") and "d" not in labels[2:]):
        return True
    moment = set(labels) <= set("twrdn") and (_COMING.search(bare.text) or _PAST.search(bare.text))
    reported = _REPORTED & set(words) and not {"i", "you"} & set(words)
    if moment or reported or words[0] in _ASKS_OR_DENIES:
        return False
    if words[0] in _BARE and not set(labels) & set("nqm") and "off" not in words:
        return True
    return not (labels[0] in "vbm" or ("p" in labels and set(labels) & set("on")))
