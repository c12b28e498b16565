"""Parse preferred services: "make Deezer my default", "I read my audiobooks on Libby"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from uptake.teaching.preferences.lexicon import ABOUT, SERVICES
from uptake.text.patterns import regex

__all__ = ["services"]

_KNOWN = {name: about for about, names in SERVICES.items() for name in names.split("|")}
_NAMES = "|".join(re.escape(name) for name in sorted(_KNOWN, key=len, reverse=True))
_WORDS = "|".join(f"(?:{pattern})" for pattern in ABOUT.values())
_V = r"(?:the )?(?P<v>[a-z0-9'+&.]+(?: [a-z0-9'+&.]+){0,2}?)"
_END = (
    r"(?: (?:for (?:the (?:whole )?(?:family|house|household)|everyone|everybody|all of us|me|us)|app|service|please|"
    r"from now on|by default|as (?:my |our )?default|always|now|instead|any ?more|these days|not .*|thanks|every "
    r"time|everywhere|account|(?:and )?make (?:that|it) the default))*$"
)
_A = rf"(?P<a>{_WORDS})"
_PATTERNS = tuple(
    regex(pattern)
    for pattern in (
        (
            rf"\b(?:use|using|make|set|take|open|choose|pick|prefer|want|go with|stick with|switch to) {_V} (?:as |be "
            r"|to be )?(?:my |our |the )?(?:default |main |preferred |go to |usual |standard )?(?:for |when it comes "
            r"to |(?:when|whenever|if|any time|every time) (?:i|we) (?:ask for|want|say|need|play|order|book|listen "
            rf"to|fancy|call for|check|read|watch) )?(?:all )?(?:my |our |the )?{_A}(?: (?:service|app|player|"
            rf"provider|source))?{_END}"
        ),
        (
            rf"\b(?:make|set|use|keep|take|have) {_V} (?:as |be |to be )?(?:my|our|the) (?:default|main|preferred|"
            rf"standard|go to|usual) (?:{_A} )?(?:service|app|player|provider|source|1)?{_END}"
        ),
        (
            rf"\b(?:set|make|change|switch|put) (?:my|our|the) (?:default |main |preferred )?{_A}(?: (?:service|app|"
            rf"player|provider|source))? (?:to|be|as) {_V}{_END}"
        ),
        (
            rf"\b(?:my|our|the) (?:default |main |preferred |go to |usual |standard )*{_A}(?: (?:service|app|player|"
            r"provider|source|of choice|site))?(?:(?:'s| is| are) (?:always )?(?:on|in|from|with|at)| comes? from| "
            r"should(?: always)? (?:be|come from|go through|run through|use)| lives? (?:in|on)| runs? on|'s| is| are)"
            rf"(?: always)? {_V}{_END}"
        ),
        (
            rf"^(?:(?:for|as for) )?(?:all )?(?:my |our |the )?{_A}(?: for (?:me|us))?,? (?:it's |that's |is |are |"
            r"comes? |(?:should|ought to|must|has to|have to|needs? to|will|shall) (?:always )?(?:come|be|go|run) |i "
            rf"get |we get |i use |we use )(?:always |usually |only )*(?:from |on |via |through )?{_V}{_END}"
        ),
        (
            r"\b(?:i|we|i'd|i'll|we'd|always|usually) (?:always |usually |mostly |only |normally |generally |now |do "
            r"|just |all )*(?:listen to|get|read|watch|order|stream|buy|hear|play|like|want|prefer|do|keep|have|book|"
            rf"check|follow|manage|take)(?: all)?(?: of)? (?:my |our |the |some )?{_A}(?: shopping)? (?:on|from|with|"
            rf"through|via|by|over|in|at|using|to be|to come from) {_V}{_END}"
        ),
        (
            rf"\b(?:play|read|get|order|stream|show|give me|check|book|start)(?: all)? (?:my |our |the |me )?{_A} "
            rf"(?:on|from|with|through|via|in|using) {_V} (?:by default|always|from now on|every time){_END}"
        ),
        (
            r"\b(?:use|using|i use|we use|i've got|we've got|we have|i have|subscribe to|i'm on|we're on|switched to|"
            rf"moved to|changed to|joined|signed up (?:for|to|with)|i go with) {_V} (?:for|to (?:get|listen to|read|"
            rf"watch|order|stream|buy|hear|check|book|manage|do|find)) (?:all )?(?:my |our |the |some )?{_A}{_END}"
        ),
        (
            rf"\b(?:for|when i want|as for) (?:my |our |the )?{_A},? (?:i|we|please|always|just)? ?(?:always |usually "
            rf"|only )?(?:use|prefer|take|want|go with|like|choose|is|trust) {_V}{_END}"
        ),
        (
            r"^(?:when|whenever|if|any ?time|every ?time|each time) (?:i|we) (?:ask for|want|say|need|play|order|"
            r"book|listen to|fancy|call for|check|read|watch|feel like)(?: to hear| to see| some| a| any)? (?:my |"
            rf"our |the |some |a )?{_A},? (?:please |just |then |you (?:can |should )?|i want you to |always )*(?:go "
            r"(?:through|to|with|via)|use|try|open|ask|pick|choose|get (?:it|them|1|one) (?:from|on|with|through)|"
            r"take (?:it|them) from|put (?:it|them) on|find (?:it|them) on|(?:i|we) (?:always )?(?:want|use|take|"
            rf"prefer|go with|mean)|make it|it's|do it (?:with|on|through|via)|play it (?:on|from|through)) {_V}{_END}"
        ),
        rf"^(?:all )?(?:my |our |the )?{_A} (?:on|from|via|through|with|in) {_V} (?:by default|always|from now on|"
        rf"every time|please and always|as (?:a |the |my |our )?(?:default|rule)){_END}",
        rf"\b{_V} (?:is|'s) (?:how|where|what) (?:i|we) (?:always |usually |mostly )*(?:get|find|do|listen to|read|"
        rf"watch|order|book|buy|check|keep|stream|hear|use for) ?(?:my |our |all )*{_A}{_END}",
        rf"\b(?:book|order|get|buy|stream|check|fetch|do|find)(?: all)? (?:my |our )(?:weekly |daily )?{_A} (?:with|"
        rf"from|on|via|"
        rf"through|in|using) {_V}{_END}",
        rf"\b{_V} (?:is|'s) where (?:all |most of )?(?:my|our|the) {_A} (?:is|are|lives?|comes? from|sits?){_END}",
        rf"\b(?:book|order|get|buy|stream|check|fetch)(?: all)? (?:my |our |the |me |us )?{_A} (?:with|from|on|via|"
        rf"through|in|using) {_V} (?:for me|for us){_END}",
        rf"\b{_V} (?:is|'s|will be) (?:my|our) (?:only |one )?{_A} (?:service|app|player|provider|source|site|of "
        rf"choice){_END}",
        (
            rf"\b{_V} (?:is|should be|shall be) (?:my|our|the) (?:default|main|preferred|go to|usual|standard)(?: {_A}"
            rf")?(?: (?:service|app|player|provider|source|1))?(?: for (?:my |our )?{_A.replace('<a>', '<a2>')})?"
            rf"{_END}"
        ),
    )
)
_BARE = regex(
    r"\b(?:use|using|prefer|take|subscribe to|switched to|moved to|changed to|joined|i'm on|we're on|a|an|book|"
    r"everything on|everything from|all on|have|got|cancelled|canceled|ditched|dropped|left|got rid of|quit|"
    r"unsubscribed from|binned|dumped|stopped using|given up|had enough of|left|chucked|axed|done with|no more|stop "
    r"using|don't use|do not use|never use|with|by|always|deleted|from|over to|go with|trust|like|love) (?:the |my |"
    rf"our )?(?P<v>{_NAMES})(?: (?:app|subscription|account|premium|person|household|user|family))?\b"
)
_MOVED = regex(
    r"\b(?:switched|moved|changed|gone|went|migrated|swapped|switching|moving|replaced) (?:over )?(?:from )"
    rf"?(?P<old>{_NAMES}) (?:to|for|with|by) (?P<v>{_NAMES}|[a-z0-9]+)\b"
)
_REFUSED = regex(
    r"\b(?:don't|do not|never|stop|no more|no longer|cancelled|canceled|ditched|dropped|left|got rid of|quit|"
    r"unsubscribed|done with|deleted|not)\b"
)
_AS_A_RULE = regex(
    r"\b(?:always|whenever|every time|usually|normally|generally|mostly|default|from now on|should|must|ought|prefer|"
    r"trust|stick|only|use|using|go to|goes|my go|turn to|rely|swear by|choice|pick|choose|comes? .{0,12}from|(?:i|"
    r"we) (?:get|fetch) .{0,20}from|depend|the 1 for|the one for|needn't|no more|needs?)\b"
)
_HAPPENED = regex(
    r"\b(?:heard|saw|watched|was|were|did|today|yesterday|tonight|used to|had|is (?:down|slow|broken|great|awful))\b"
)
_NO_VALUES = frozenset(
    (
        "it that this them the me you something anything default my our a work home now always everything "
        "nothing us mine bed school"
    ).split()
)


def services(words: str, *, ended: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield (service, what it is for, whether it holds) of a normalised clause.

    >>> list(services("make deezer my default music service", ended=False))
    [('deezer', 'music', True)]
    """
    moved = _MOVED.search(words)
    if moved is not None:
        about = _KNOWN.get(moved["v"]) or _KNOWN.get(moved["old"])
        if about is not None:
            yield moved["v"], about, True
            return
    for pattern in _PATTERNS:
        match = pattern.search(words)
        if match is None:
            continue
        groups = match.groupdict()
        value = match["v"].strip()
        if f"{value} {groups.get('a')}" in _KNOWN and f"{value} {groups['a']}" in words:  # "apple music"
            value = f"{value} {groups['a']}"
        about = _about(groups.get("a") or groups.get("a2")) or _KNOWN.get(value)
        if value.split()[0] in _NO_VALUES or about is None:
            continue
        if value not in _KNOWN and not _stands_alone(value):
            continue
        yield value, about, not (_REFUSED.search(words[: match.end("v")]) or ended)
        return
    match = _BARE.search(words)
    if match is not None and re.search(
        r"\b(?:i|i'm|i've|we|we're|we've|my|our|use|don't|stop|never|always|no more)\b", words
    ):
        value = match["v"]
        about = _about(next(iter(re.findall(rf"\b(?:{_WORDS})\b", words.replace(value, ""))), None)) or _KNOWN[value]
        plain = re.search(r"\b(?:love|like)\b", match[0])
        if not plain:
            yield value, about, not (_REFUSED.search(words[: match.end("v")]) or ended)
        return
    named = re.search(rf"\b(?P<v>{_NAMES})\b", words)
    kind = re.search(_A, words) if named is not None else None
    if named is not None and kind is not None and _AS_A_RULE.search(words) and not _HAPPENED.search(words):
        apart = named.start() >= kind.end() or kind.start() >= named.end()
        about = _about(kind["a"]) if apart else _KNOWN[named["v"]]
        yield named["v"], about or _KNOWN[named["v"]], not (_REFUSED.search(words[: named.start()]) or ended)


def _about(word: str | None) -> str | None:
    if word is None:
        return None
    return next((about for about, pattern in ABOUT.items() if re.fullmatch(pattern, word)), None)


def _stands_alone(value: str) -> bool:
    """Tell whether words that are no service one knows may name one."""
    return not re.search(
        (
            r"\b(?:in|on|at|to|for|of|and|with|the|a|an|by|is|are|from|when|while|loud|loudly|morning|evening|night|"
            r"time|car|speaker|kitchen|bedroom|bed|train|radio|phone|tv|online|office|gym|shower)\b"
        ),
        value,
    )
