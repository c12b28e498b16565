"""Split a declaration into lead, word, link and meaning, in any order.

"What I call cockcrow is …", "for brew time I want …" and "by lights out I mean …" are a lead, a name, a link and a
meaning; "…, and that is what we call chess night" is the same in reverse. The caller parses the meaning: if it defines
nothing in this home, the text is no declaration.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uptake.text.patterns import regex

__all__ = ["declared_in"]

_ONE = (
    r"(?:(?:any|one|1|each|some|either) of (?:us|them|the \w+)|whoever|i|we|you|everyone|everybody|anyone|somebody|"
    r"someone|people|they|he|she|(?:the|my|our) \w+)"
)
_SAID = (
    r"(?:says?|said|saying|means?|calls?|called|names?|mentions?|asks? (?:you )?for|wants?|needs?|yells?|shouts?|"
    r"refers? "
    r"to|describes?|thinks? of|understands?|talks? (?:about|of)|speaks? (?:about|of)|uses?|types?|hears?|announces?|"
    r"requests?)"
)
_THING = (
    r"(?:mode|scene|setting|routine|ritual|thing|command|phrase|word|term|name|expression|code ?word|shortcut|mood|"
    r"programme|program|preset|look|set-?up|state|cue|signal|request|concept|idea|version|nickname|label)"
)
_OWN = r"(?:an?|the|this|that|my|our|your|his|her|their|another|one|1)"
_SOFTLY = (
    r"(?:just|simply|basically|really|always|actually|all|only|also|usually|ever|please|now|then|so|kindly|to me|here)"
)
_LEADS = (
    rf"(?:(?:by|with|under|when it comes to|as for|in case of)(?= [^,;:]+?,? (?:i|we) (?:\w+ )?(?:mean|want|"
    rf"understand|refer|need)\b)"
    rf"|(?:for|on|during|in|at)(?= [^,;:]+?,? (?:i|we|you|please)\b)"
    rf"|(?:(?:when|whenever|if|once|every ?time|any ?time|each time|as soon as|the moment|should)(?: ever)? {_ONE}"
    rf"(?: (?:ever|happen to|start to|might|should|may))* {_SAID}(?: (?:you|me|us|about|of|for|to|the {_THING}))*)"
    rf"|(?:what|the {_THING}|the thing|how)(?: that)? {_ONE}(?: {_SOFTLY}| like to| would)* {_SAID}(?: by| as| of| to)?"
    rf"(?: (?:when|whenever|if) {_ONE} {_SAID})?"
    rf"|(?:(?:let's|let us|i'll|i will|we'll|we|i|shall we|i'd|we'd)(?: {_SOFTLY}| like to| want to| suggest we| "
    rf"would)*"
    r" (?:say|agree|decide|settle|define|propose|declare|have it)(?: on it| for now)?(?: that)?)"
    r"|(?:[^,;:]{0,40}?\b(?:remember|learn|note|know|memori[sz]e|understand|bear in mind|keep in mind|teach you|tell "
    r"you|write down|jot down|take note|make a note|remind yourself)\b(?: (?:that|this|down|it|something|what|of|for "
    r"me|"
    rf"from now on))*)"
    rf"|(?:(?:think of|consider|define|treat|take|regard|imagine|read|interpret|count)\b)"
    rf"|(?:(?:(?:i|we|i'd|we'd|i'll|we'll)(?: {_SOFTLY}| would)* (?:like|want|need|prefer|have)|let|make|have)"
    r"(?= [^,;:]+? (?:to|mean|stand|do|be)\b))"
    rf"|(?:there(?:'s| is)|we have|i have|we've got|i've got|here's|here is)(?: {_OWN})?(?: new)? {_THING}"
    r"(?: (?:called|named|for|that i call|we call))"
    rf"|(?:(?:(?:here's|here is|got|have) )?(?:{_OWN} |new )(?:new )?(?:{_THING}|one|1)(?: for (?:you|me|us|your list|"
    rf"the "
    r"list|the book|later|next time))?(?: (?:is|called|named))?)"
    r"|(?:for (?:me|us|everyone|all of us|the whole (?:family|house))|to (?:me|us)|in (?:my|our) (?:book|house|family)"
    r"),?"
    r")"
)
_MEANS = (
    r"(?:means?|meaning|meant|equals?|=|stands? for|stood for|is when|is where|are when|is short(?:hand)? for|is code "
    rf"for|is slang for|translates? (?:as|to|into)|is {_OWN} (?:[a-z]+ )?{_THING} (?:for|where|when|in which|that|"
    rf"with|of)"
    r"|is (?:my|our|a) way of saying|signif(?:y|ies)|denotes?|involves?|requires?|consists? of|includes?|is made up of|"
    r"comes? down to|boils down to|is supposed to (?:mean|be)|refers to|is the same as saying|is another way of saying|"
    r"is (?:quite |very |rather |a bit )?(?:different|otherwise|another)(?=\s*[:,;])|"
    r"is what (?:i|we) say (?:for|when (?:i|we) want)|calls for|is defined as|goes like this|works like this|looks "
    r"like "
    r"this|is as follows|:=|-?->)"
)
_IS = (
    r"(?:is|are|was|'s|be|being|would be|will be|'ll be|shall be|should be|must be|ought to be|has to be|needs to be|"
    r"should|shall|will|would|must|ought to|has to|have to|needs|needs? to|wants|gets|has|does|do|mean|to be|to mean|"
    r"to "
    r"do|to|as|it's|it is|that's|that is|i mean|we mean|i meant|i want|we want|i need|we need|i'd like|we'd like|i'd "
    r"have|i have|we have|i like|we like|i prefer|you should|you could|you can|you must|you have to|you will|you need "
    r"to|you|please|i expect|go ahead and|it should|it means|it is to|that means|this means|which means|it'll be|it "
    r"would be|have you|get you to|make you|tell you to)"
)
_MORE = (
    rf"(?:{_SOFTLY}|the following|this|something (?:else|different)|different(?:ly)?|quite|rather|that|like this|do|"
    r"with|have|when|where|for me|for us|with me|two things|2 things|three things|3 things|a few things|several things|"
    r"it|everything|going to)"
)
_GAP = r"(?:\s*[,:;\-]+\s*|\s+)"
_X = r"[\"']?(?P<x>[^,;:.!?\"]{2,44}?)[\"']?"
_LINK = rf"(?:(?:{_MEANS}|{_IS}|{_MORE})(?:{_GAP}))"
_STRONG = regex(rf"^{_X}{_GAP}(?:{_LINK}){{0,4}}?{_MEANS}{_GAP}(?:{_LINK})*+(?P<y>\S.*)$", re.IGNORECASE)
_LED = regex(rf"^(?:(?:{_LEADS}){_GAP}){{1,2}}{_X}(?:{_GAP}(?:{_LINK})++|\s*[,:;]\s+)(?P<y>\S.*)$", re.IGNORECASE)
_TURNED = regex(
    rf"^(?P<y>.+?)(?:[,;.:]+\s*|\s+)(?:(?:and|so|all|now)\s+)*(?:(?:(?:that|this|it|those|these|the lot|all that|all "
    rf"of "
    rf"(?:that|it)|together they|they)(?:'s|'re|'ll be| is| are| will be| would be| should be| makes?| equals?)?|is|"
    rf"are|"
    rf"equals|makes(?: up)?|counts as|=)\s+)?(?:{_SOFTLY}\s+)*(?:(?:what|how|the way)"
    rf"\s+{_ONE}\s+(?:{_SOFTLY}\s+)*{_SAID}"
    rf"(?: by| as)?|(?:what|how)(?: should happen| happens| to do)? (?:when|for|on|at|in)(?: {_ONE}(?: {_SAID})?)?|"
    rf"known as|called|named|dubbed|(?:my|our) (?:idea|definition|version|notion|understanding|meaning) of|(?:should |"
    rf"shall |will |must )?(?:happen|happens|be done)?\s*(?:when|whenever|every ?time|any ?time|if|once) {_ONE}(?: "
    rf"ever)? "
    rf"(?:{_SAID}|tells? you)(?: that)?(?: it's| it is|,)?|(?:goes|go) by(?: the name(?: of)?)?)\s+{_X}$",
    re.IGNORECASE,
)
_OUGHT = regex(
    rf"^{_X}(?:'s| is| are)?\s+(?:gonna|going to|should|shall|will|must|ought to|has to|needs to|is going to|is "
    rf"meant to|is supposed to|'ll|would)\s+"
    rf"(?:{_SOFTLY}\s+)*(?:be|mean|do|have|get|give|include|involve|make)\s+(?:{_SOFTLY}\s+|you\s+)*(?P<y>\S.*)$",
    re.IGNORECASE,
)
"""What a word is to be, with no word of calling: "feeding time should always be the yard light on"."""
_SAYS = regex(
    rf"^(?:for )?{_ONE}(?: (?:here|at home|in (?:this|the|our) (?:house|home|family|flat)))?\s+(?:(?:should|can|"
    rf"could|may|"
    rf"might|will|must|would|be able to|like to|want to|{_SOFTLY})\s+)*(?:says?|use the word|uses the "
    rf"word)\s+{_X},?\s+(?:for|"
    rf"to (?:get|have|mean|make)|meaning|when (?:i|we|they) (?:want|need)|and (?:then )?(?:you|"
    rf"that))\s+(?:{_SOFTLY}\s+|"
    rf"should\s+|means\s+)*(?P<y>\S.*)$",
    re.IGNORECASE,
)
"""What somebody says, and what for: "anyone can say curtain up for the blinds open"."""
_ORDERED = (_LED, _STRONG, _TURNED, _OUGHT, _SAYS)
_LONGEST = 300  # characters
_ENDS = regex(
    r"^(?:(?:that|this|the|a|an|my|our|your|word|phrase|just|simply)\s+)+(?=\S)|(?:\s+(?:ever|then|just|also|here|"
    r"always))+$",
    re.IGNORECASE,
)


def declared_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, meaning) of what a text may declare, the likeliest first.

    >>> list(declared_in("for brew time I want the kettle on"))
    [('brew time', 'the kettle on')]
    >>> next(declared_in("lamp at ten, and that's what we call chess night"))
    ('chess night', 'lamp at ten')

    Args:
        text: A statement without courtesies.
    """
    for pattern in _ORDERED if len(text) <= _LONGEST else ():
        match = pattern.match(text)
        if match is not None:
            yield _ENDS.sub("", match["x"].strip()), match["y"].strip(" ,;:-")
