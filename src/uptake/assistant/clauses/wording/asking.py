"""Take the frame of a polite question from the command in it: "I'd be grateful if you'd close the blinds".

A frame is told by its parts: who would be glad, whether somebody is able or willing, that it is asked; behind it stands
a command, or its verb in -ing, which becomes the command.

Limit: English; what is asked not to be done is left as it is.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import is_command
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["without_frame"]

_HOW = (
    r"(?:(?:so|very|really|ever so|most|much|truly|deeply|extremely|awfully|terribly|eternally|super|just"
    r"|absolutely|quite|rather|even"
    r"|a lot|all|more than|only|kindly|please|possibly|perhaps|maybe|quickly|somehow) )*"
)
_GLAD = (
    rf"(?:(?:i|we)(?:'d| would|'ll| will)? {_HOW}(?:be {_HOW}(?:grateful|glad|happy|obliged|thankful|delighted"
    rf"|pleased|indebted"
    r"|chuffed|over the moon)|appreciate it|love it|like it|thank you|be in your debt)"
    rf"|it(?:'d| would|'ll) (?:be|mean) {_HOW}(?:(?:a )?(?:great|lovely|nice|kind|wonderful|good|brilliant|super"
    rf"|fab|helpful|fantastic"
    r"|big|huge|real)(?: help| of you)?|a help|a lot|the world|appreciated)(?: to (?:me|us))?"
    rf"|it(?:'d| would) {_HOW}help(?: (?:me|us))?(?: (?:out|a lot|loads|so much|no end))*)(?: (?:so much|a lot"
    rf"|very much|loads))?"
)
_YOU = r"(?:you|u|ya|someone|somebody)"
_MAY = r"(?:'d| would| could| can| might|'ll| will)?(?: (?:be able to|manage to|find it in you to|see your way to))?"
_KIND = r"(?:(?:so )?(?:kind|good|nice|sweet|lovely)(?: enough)?(?: as)? (?:to|and)|an? (?:\w+ )?\w+(?:,)? and)"
_FRAMES = (
    rf"{_GLAD},? if {_YOU}{_MAY} {_HOW}",
    rf"(?:it|that)(?:'d| would)(?: {_HOW})? ?be (?:\w+ )?(?:great|lovely|nice|kind|wonderful|good|brilliant"
    rf"|super|fab|fantastic"
    rf"|helpful|handy|ideal|best|better),? if {_YOU}{_MAY} {_HOW}",
    rf"(?:would|could|will|can|are|might) {_YOU} {_HOW}(?:be )?(?:able to|willing to|prepared to|free to|up for"
    rf"|{_KIND}) {_HOW}",
    rf"(?:would|do|will) {_YOU} {_HOW}(?:mind|care to) {_HOW}",
    rf"(?:is there |(?:would|might) there be )?(?:any|a|some) (?:chance|way|possibility|hope)(?: at all)?"
    rf" (?:of (?:you |your )?|(?:that )?{_YOU}{_MAY} ){_HOW}",
    rf"(?:do|don't) {_YOU} (?:think|suppose|reckon|fancy)(?: (?:that )?{_YOU}{_MAY})? {_HOW}",
    rf"(?:could|can|may|might) (?:i|we) {_HOW}(?:ask|get|trouble|bother|beg|persuade|have|convince|impose on) {_YOU}"
    rf" (?:to|into|for) {_HOW}",
    rf"(?:i|we)(?:'m| am| was|'re| were)? {_HOW}(?:wonder|wondering|hoping|thinking)(?: (?:if|whether|that"
    rf"|maybe))? {_YOU}{_MAY} {_HOW}",
    rf"{_YOU} (?:couldn't|wouldn't|can't|won't|don't suppose you could) {_HOW}(?:be {_KIND} |mind )?{_HOW}",
    rf"if {_YOU} (?:wouldn't|don't|didn't|won't) mind,? {_HOW}",
    rf"if {_YOU} (?:could|would|can) {_HOW}(?:be {_KIND} )?",
    r"(?:i|we)(?:'d| would)? (?:need|want|like|love|prefer)(?: for)? you to ",
    rf"mind {_HOW}",
)
_FRAMED = tuple(
    regex(
        rf"(?P<front>(?:.{{1,100}}?[,.;!] +(?:so |and |but )*|(?:(?:and|so|but|hey|hi|hello|oh|ok|okay|well|right"
        rf"|now|sorry|excuse me)"
        rf"\b,? )*)?)(?:{frame})(?P<deed>(?!not\b)[a-z].*)",
        re.IGNORECASE,
    )
    for frame in _FRAMES
)
_TAG = regex(r",? (?:could|would|will|can|won't|couldn't) (?:you|ya|u)\W*$", re.IGNORECASE)
_CUE = regex(r"\b(?:you|u|ya|your|mind|chance|way|possibility|hope|someone|somebody)\b", re.IGNORECASE)
_VERBS = (
    "turn switch set put play open close shut lock unlock start stop pause resume add remove delete cancel make"
    " dim tell show"
    " remind wake raise lower mute unmute run boil draw pull bring send get give take keep leave heat warm cool"
    " skip pop stick"
    " clean vacuum hoover mow read check brighten"
).split()
_DOING = {
    form: verb
    for verb in _VERBS
    for form in (f"{verb}ing", f"{verb[:-1]}ing" if verb.endswith("e") else f"{verb}{verb[-1]}ing")
}
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "made:make shut:shut put:put set:set told:tell sent:send brought:bring got:get gave:give took:take kept:keep"
        " left:leave read:read ran:run woke:wake drew:draw"
    ).split()
)
_DID = {
    form: verb for verb in _VERBS for form in (f"{verb}ed", f"{verb}d", f"{verb}{verb[-1]}ed") if form not in _VERBS
} | _IRREGULAR
"""Verbs as they stand in "if somebody turned it on"."""
_NEEDS = regex(
    r"(?P<front>(?:.{1,100}?[,.;!] +(?:so |and |but )*)?)(?P<what>(?:the|my|our|that|those|these|all the"
    r"|both) [\w' ]+?)"
    r" (?:(?:really |still |all |both )*(?:needs?|wants?|could do with|could use|require"
    r"|requires)) (?:a )?(?P<doing>[a-z]+ing)"
    r"(?: (?P<way>on|off|up|down))?(?P<rest>(?: (?:please|now|a bit|a little|in here|too|as well|again))*)",
    re.IGNORECASE,
)
_DONE_WITH = {"drawing": "close"}
_LONGEST = 240  # characters


def without_frame(text: str, household: Household) -> str:
    """Return the command in a polite question, with what stands before it; the text as it is where there is none.

    Args:
        text: The request.
        household: Names of the home, of which one may "need closing".
    """
    if len(text) > _LONGEST:
        return text
    plain = text.strip(" .!?")
    needs = _NEEDS.fullmatch(plain)
    if needs is not None and needs["doing"].lower() in _DOING and len(find_mentions(needs["what"], household)) == 1:
        doing = needs["doing"].lower()
        verb = _DONE_WITH.get(doing, _DOING[doing])
        return f"{needs['front']}{verb} {needs['way'] or ''} {needs['what']}{needs['rest']}".replace("  ", " ")
    if _CUE.search(plain) is None:
        return text
    for frame in _FRAMED:
        match = frame.fullmatch(plain)
        deed = _commanded(_TAG.sub("", match["deed"])) if match is not None else None
        if match is not None and deed is not None:
            return f"{match['front']}{deed}"
    return text


def _commanded(deed: str) -> str | None:
    """Return a command, or what is to be done in -ing, as a command; None for anything else."""
    first, space, rest = deed.partition(" ")
    if first.lower() in _DOING:
        return f"{_DOING[first.lower()]}{space}{rest}"
    if first.lower() in _DID and rest:
        return f"{_DID[first.lower()]}{space}{rest}"
    return deed if first.lower() in _VERBS and is_command(deed) else None
