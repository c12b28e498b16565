"""Parse statements of preference: "I'm vegetarian", "use Celsius", "we cancelled Disney Plus, don't use it".

A text is cut into clauses; a clause counts if somebody at home speaks about themselves, and permanently. Questions,
hypotheses, other people's tastes, quotations, titles, sarcasm, praise of an answer and wishes for now do not count.

Limit: English; sarcasm is detected by its usual openings only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from uptake.teaching.marks import plain
from uptake.teaching.preferences.artifact import Preference
from uptake.teaching.preferences.forms import recast
from uptake.teaching.preferences.matters import matters
from uptake.teaching.preferences.openings import bare
from uptake.teaching.preferences.stances import stances
from uptake.teaching.preferences.tastes import tastes
from uptake.teaching.preferences.wishes import is_wish
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["Clause", "Stated", "clauses", "read_preferences"]

_LONGEST = 60
_CUT = regex(
    r"[.!?;](?=\s|$)|,\s*(?=(?:can't|couldn't|it|they|tastes|smells|nothing|especially|no|yes|nobody|how|what)\b)|\s"
    r"-\s|(?:,\s+(?:but|so|because|and)|\s+(?:but|so|because|and)(?= (?!i\b)))\s+(?=(?:i|i'm|i've|we|we're|we've|my|"
    r"our|please|don't|use|call|never|always)\b)|(?<!\bhi)(?<!\bhello)(?<!\bhiya),\s*(?=(?:i|i'm|i've|i'd|we|we're|"
    r"we've|my|our|please|don't|use|call|never|always|so|remember|just|you can|you may|it's|that's|stick|keep|love|"
    r"hate|adore|loathe|prefer)\b)|\s+and\s+(?=(?:i'm|i've|i'd|we're|we've|not an?)\b)",
    re.IGNORECASE,
)
_OWN = regex(r"\s*(?:(?:and|so|but|well|hi|hello|hey)[, ]+)*(?:i|i'm|i've|we|we're|we've)\b(?! used\b)", re.IGNORECASE)
_OWN_AGAIN = regex(r",?\s+and\s+(?=(?:i|we)\s)", re.IGNORECASE)
"""In what somebody says of themselves, "and I" begins another statement; after "the kids" it does not."""
_QUESTION = regex(
    r"^(?:(?:hey|ok|okay|so|and|but|oh|um|well|by the way) )*(?:what|what's|whats|who|who's|whose|which|where|"
    r"where's|when(?!(?:ever)? (?:i|we)\b.* (?:i|we|it's|use|always)\b)|why|how|how's|is|are|was|were|do(?! not)|"
    r"does|did|am i|can(?!')|could|would|will|shall|should|have|has|may|might|isn't|aren't|don't (?:i|you|we|they)|"
    r"doesn't)\b"
)
_COMMAND = regex(
    r"^(?:(?:hey|ok|okay|so|and|please|can you|could you|would you|just) )*(?:play|watch|open|text|ask|tell|"
    r"translate|search|read|put on|put (?=.* on$)|say|send|spell|define|google|look|message|email|write|find|show|"
    r"order|buy|add|set|turn|start|stream|listen|call (?!me\b|us\b)|book|remind|what|how|convert|sing|recite|repeat|"
    r"type|note|search for|navigate|take me(?! through)|drive me|pronounce|draw|cancel|post|tweet|reply|record)\b"
)
_KEEPS = regex(
    r"^(?:(?:hey|ok|okay|so|and|please|can you|could you|would you|just) )*(?:always|from now on|by default|in "
    r"future) \w|^(?:(?:hey|ok|okay|so|and|please|can you|could you|would you|just|always|and always) )*(?:tell me|"
    r"show me|read me|play|set|order|start|navigate|translate|give me|write|read|find|say|reply)\b.*\b(?:always|from "
    r"now on|by default|every time|in future|as (?:a |my )?default|any ?more|whenever)\b"
)
_AS_MINE = regex(
    r"(?:set|switch|change|make) (?:my|our) (?:music|calendar|news|weather|radio|podcasts?|groceries|navigation|maps)"
    r" to \w|(?:set|make|use|choose|keep|have|add) .* (?:as|to be) (?:my|our|the) "
)
_MY_KIND = regex(
    r"(?:please |always )*(?:book|order|get|buy|stream|check|fetch|do|find) (?:all )?(?:my|our) [a-z]+(?: [a-z]+)? "
    r"(?:with|from|"
    r"on|via|through|in|using) \w"
)
"""Where somebody's own of a kind comes from: "book my cabs with Bolt"."""
_MEASURES = regex(
    r"(?:show|give|tell|display|read|say|weigh|measure|count)(?: me| us)? (?:all |the |my |your )*(?:everything|"
    r"things|stuff|temperatures|distances|weights|amounts|speeds|prices|measurements|times|heights|wind speeds?) "
    r"(?:in|as|using)\b"
)
_HYPOTHESIS = regex(
    r"\b(?:might|maybe|perhaps|possibly|one day|some ?day|wish|if i|if we|if only|thinking (?:of|about)|considering|"
    r"wonder(?:ing)?|would(?: you)? be|could be|who knows|almost|nearly|imagine|suppose|pretend|what if|should i|"
    r"should we|probably (?:should|ought)|i should|i'd be|we'd be|tempted|going to try|want to try|trying to decide|"
    r"not sure (?:if|whether)|hope to|dream of|planning to|i'll be|next year|in another life|joking|kidding|used to "
    r"(?:like|love|hate|live|be)(?!.* (?:but|and) (?:now|not|no longer|these days|today|that's|it's|those)))\b"
)
_NOW = regex(
    r"\b(?:tonight|(?<!from )today|right now|for now|this (?:1|single|time|once|evening|morning|afternoon|weekend|one|"
    r"song|"
    r"week)|just (?:once|this once|for today)|tomorrow|at the moment|for a (?:bit|while|moment|minute)|yesterday|"
    r"last (?:night|week|time|year)|in a (?:bit|minute|moment)|until (?:further|later|i say)|for the (?:next|party|"
    r"guests)|just now|this is)\b"
)
_THAT_ONE = regex(
    r"^(?:please |can you |could you )*(?:give|tell|read|show|say|convert|put|repeat|do)(?: me| us)? (?:that|this|it|"
    r"the (?:answer|last|next|result|same))\b.* in \w+$"
)
"""An answer that is wanted otherwise, and not all of them: "give me that one in Fahrenheit"."""
_CHANGED = regex(r"\b(?:went|turned|became|gave up|given up|quit|stopped|switched|moved|changed|cancelled|since)\b")
"""What began then, and goes on."""
_POINTS = regex(
    r"\b(?:it|them|those|that stuff|the stuff|the lot)$|(?<=\bhate )(?:it|them)\b|(?<=\blove )(?:it|them)\b(?! "
    r"(?:when|how|that)\b)"
)
_PRAISE = regex(
    r"(?:good|nice|great|well|lovely|excellent|brilliant|perfect|funny|clever|fair|right|thanks|bad|wrong|silly) "
)
_SOUNDS = frozenset(
    "yuck eww ew ugh bleh blech yum yummy mmm gross blimey nope argh nah phew meh bah oh wow ick pah".split()
)
"""Cries, which are no topic and no value."""
_TOPIC = 3  # most words of what a clause is about
_SUBJECT = regex(
    r"^(?:the |my |our )?(?P<v>[a-z' ]+?)(?: (?:sends?|puts?|makes?|gives?|brings?|lands?|gets?|swells?|nearly \w+|"
    r"almost \w+) (?:me|us)\b|(?: is| are|'s) (?:out|off|bad|no|not|a no|great|the|so|my|our|fine)\b)"
)
"""What a sentence is about: "penicillin is out, I'm allergic to it"."""
_SENTENCE = regex(
    r"\b(?:i|i'm|we|we're|it|it's|my|our|you|he|she|they|is|are|not|no|yes|ok|please|thanks|don't|the 1)\b"
)
_SARCASM = regex(
    r"^(?:oh )?sure (?!thing)[a-z' ]+ (?:is|are) (?:just )?(?:my|our|what|the best)\b|^(?:(?:oh|wow|yeah|well|ha|gee|"
    r"sure|right|great|thanks|ah) )*(?:oh (?:great|sure|wonderful|joy|yeah|brilliant|fantastic|i (?:just|really|so)?)"
    r"|yeah right|sure thing|great thanks|just what i|because i (?:just )?(?:love|adore)|wow i (?:just|really|so)|as "
    r"if|thanks a lot|how lovely|just great|i just love (?:it when|how|when|being|waiting|having))\b|\b(?:love|adore|"
    r"enjoy|like)(?: it)? (?:when(?! you (?:answer|explain|talk|speak|go|keep|give|tell|use|joke|walk|take))|how|"
    r"being|getting|having to|waiting|it that)\b|\bmy favou?rite (?:thing|part|pastime) (?:is|in the world)|\b"
    r"(?:yeah right|(?<!or )not\b *$|as if|said no 1 ever|said nobody|obviously not|big fan of (?:being|waiting|your)"
    r"|what a treat|lucky me|can't wait)\b"
)
_QUOTES = regex(
    r"\b(?:says?|said|saying|tells?|told|asks?(?! for)|asked(?! for)|wrote|writes|reads|sings?|sang|called|titled|"
    r"the (?:song|film|movie|book|sign|lyrics?|line|quote|phrase|words?|text|t-shirt|shirt|poster|card|title|"
    r"sentence|chorus|headline)|translate|pronounce|in (?:french|german|spanish|italian) (?:is|means)|means|quote|"
    r"according to)\b"
)
_REPORTED = regex(
    r"^(?:(?:and|so|but|then) )*(?!i\b|i've\b|we\b|you\b|remember\b|note\b|(?:my |the |our )?(?:doctor|gp|dietitian|"
    r"dietician|nutritionist|consultant|nurse)\b)(?:(?!i\b|we\b|you\b)[a-z']+ ){1,4}?(?:told (?:me|us|him|her|them|"
    r"everyone|everybody)|said|says|goes|went|(?:is|was|were) like|announced|claimed|claims|insists|shouted|replied)"
    r"\b(?: to (?:me|us|him|her|them))?(?: and i)?(?: quote)? (?:i|i'm|i've|we|we're|my|our)\b|\bquote\b.*\b(?:i|i'm|"
    r"we|my)\b"
)
"""What somebody else said of themselves, word for word: "he goes, and I quote, I hate kids"."""
_TITLED = regex(
    r"^(?:the|this|that|his|her|a|an) (?:poem|song|book|story|letter|film|movie|chapter|play|line|lyrics?|chorus|"
    r"verse|speech|article|novel|quote|advert|ad|email|diary|post|sign|joke)(?: [a-z]+){0,2} (?:begins|starts|goes|"
    r"opens|ends|reads|says|was|is called|with)\b.*\b(?:i|i'm|we|we're|my|our)\b"
)
"""What a text by somebody else says: "the poem begins, I hate the moor"."""
_OTHERS = regex(
    r"^(?!.*\b(?:(?:how|what|where|when|why) (?:i|we)\b|calls? me|calls? us|(?:is|are) (?:my|our) (?:favou?rite "
    r")?(?:team|club|side))\b)(?:(?:and|but|so|"
    r"well|also|oh) )*(?:(?:his|her|their|your)\b|(?!it's|that's|what's|let's|there's|here's|who's|name's|time's)"
    r"[a-z]+'s (?!and i\b)(?:a |an |not |so |really |very |been |always )*(?:allergic|vegan|vegetarian|into|birthday|"
    r"bedtime|favou?rite|diet|team|in bed|up at|coeliac|living|name)\b|(?:my|our|his|her|their|the|your) "
    r"(?!favou?rite|favorite|[a-z]+ (?:team|club)|allerg|name|bedtime|birthday|commute|home|ideal|[a-z]+ allerg|team|"
    r"preferred|preference|diet|wake|music|news|main|default|usual|first|native|mother tongue|alarm|city|go to|house|"
    r"whole|family|entire|kids and i|household|kitchen|nickname|way to work|calendar|taxi|podcasts?|groceries|"
    r"weather|place|language|units?|answers?|quiet|perfect|best|temperature|room|club|allerg|football|number 1|least|"
    r"weekly|audio|wife and i|husband and i|partner and i|girlfriend and i|boyfriend and i|flatmates? and i|"
    r"roommates? and i|diary|schedule|headlines|cabs|takeaways?|tunes|films|movies|audiobooks?|directions|meetings|"
    r"body|stomach|throat|skin|heart|passion|allegiance|loyalty|idea|absolute|all time|biggest|pet|"
    r"daughter and i|son and i|children and i|friends? call|parents named|people call|apartment|"
    r"flat|appointments|shopping|thing|jam|guilty|hero|favourites?)[a-z']+(?: [a-z']+){0,2}? (?!and i\b)(?:is|are|"
    r"was|has|have|likes?|loves?|hates?|prefers?|takes?|eats?|drinks?|lives?|speaks?|goes|go|doesn't|don't|can't|"
    r"drives?|cheers?|supports?|roots?|uses?|wants?|wakes?|gets?|works?|listens?|thinks?|needs?|enjoys?|swears|"
    r"adores?)|(?:he|she|they|he's|she's|they're|you|you're|everybody|everyone|people|some people|somebody|someone|"
    r"nobody|most people|kids|men|women|who|it(?!'s))\b(?! (?:may|can|won't|wouldn't|will never|would never|know|"
    r"don't|needn't|should|shouldn't|must|mustn't|"
    r"needn|here|in this|at home|in our)))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Part of a text that may state a preference."""

    words: str
    """Normalised words."""
    household: bool
    """Whether it speaks for everybody at home."""
    ended: bool
    """Whether it says that something holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Preferences that a text states."""

    preferences: tuple[Preference, ...] = ()
    """The preferences."""
    rest: str | None = None
    """What else was said, where that may be a request of its own."""


_ALL_OF_US = regex(r"(?<=\w),? (?:all|both|the lot|every one) of us(?=[.!]*$)", re.IGNORECASE)
_CONTRASTED = regex(
    r"(?<=\w), not (?!any|that|really|at all|so|very|much|a |my |our |for |in |to )[a-z][a-z' ]{1,24}(?=[.!]*$)",
    re.IGNORECASE,
)
"""What something is set against: "it's opera I love, not ballet"."""
_RETRACTS = regex(
    r"(?:,? that (?:isn't|is not|is no longer|wasn't) (?:so|true|right|the case)(?: any ?more| now| any "
    r"longer)?(?=[.!]*$))|"
    r"^(?:please |and |ok |actually )*(?:scratch|strike|ignore|disregard|drop|erase|delete|unlearn|take back|cross "
    r"out|scrap|"
    r"never mind)(?: what i said about|(?: the (?:bit|part|thing|fact))?(?: about| where i said)?)? that (?=(?:i|i'm|"
    r"we|my)\b)",
    re.IGNORECASE,
)
_TIED = regex(r"^(?:go |come on ).* that's (?:my|our) (?:team|club|side)|\bused to .* (?:but|and) (?:now|these days) ")
"""Clauses that mean something only together."""
_WE = regex(
    r"\b(?:none of us|we|we're|we've|we'd|our|us|ours|the (?:kids|children|family|wife|husband|missus) and (?:i|me)|"
    r"(?:wife|husband|partner|girlfriend|boyfriend|kids|children|son|daughter|flatmates?|roommates?) and i|me and "
    r"(?:my|the) [a-z]+|(?:in|of|for|at|throughout) (?:this|our) (?:house|home|family|household|flat)|at home we|the "
    r"whole (?:family|house|household)|everyone (?:here|at home|in (?:this|the) (?:house|family))|everybody (?:here|"
    r"at home|in (?:this|the) (?:house|family))|(?:this|our|a) [a-z ]*household|both of us|all of us|this is a|"
    r"nobody (?:here|in this house)|the family|the house(?:hold)?)\b"
)
_ENDED = regex(
    r"\b(?:any ?more|anylonger|any longer|no longer|not .*\bnow(?: days)?$|stopped|quit|gave up|given up|giving up|"
    r"outgrew|outgrown|over it|used to|forget (?:that|about)|cancelled|canceled|ditched|dropped|left|got rid of|done "
    r"with|through with|unsubscribed|switched (?:away )?from|moved (?:away|out)|went off|gone off|grew out of|grown "
    r"out of|isn't true)\b"
)


def clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the clauses of a text, as they were said and normalised."""
    for piece in _CUT.split(plain(text)):
        for part in _OWN_AGAIN.split(piece) if piece and _OWN.match(piece) else (piece,):
            if part and part.strip(" ,.!?;"):
                yield part.strip(" ,"), normalize(part)


def read_preferences(text: str) -> Stated:
    """Read what a text states of the person's preferences.

    >>> [(one.type, one.value) for one in read_preferences("I'm vegetarian").preferences]
    [('diet', 'vegetarian')]
    >>> read_preferences("my friend is vegetarian").preferences
    ()
    """
    if len(text.split()) > _LONGEST:
        return Stated()
    found: list[Preference] = []
    rest: list[str] = []
    if _whole_is_none(text, normalize(text)):
        return Stated()
    text = _ALL_OF_US.sub("", _CONTRASTED.sub("", text))
    text = recast(_RETRACTS.sub(lambda match: "" if match[0].startswith((",", " ")) else "forget that ", text))
    whole = normalize(text)
    said = list(clauses(text))
    for (raw, _), heard in zip(said, _about(said), strict=True):
        words = bare(heard) if len(said) == 1 or not _TIED.search(whole) else bare(whole)
        one = _clause(raw, words, whole, text)
        here = list(_read(one)) if one is not None else []
        found += here
        if (not here and _COMMAND.search(words)) or (not here and _QUESTION.search(words)):
            rest.append(raw)
    if not found and len(said) > 1:  # "my bedtime changed, it's midnight now"
        one = _clause(text, bare(whole), whole, text)
        found = list(_read(one)) if one is not None else []
    unique: dict[tuple[str, str, str | None], Preference] = {}
    for each in found:
        unique.setdefault((each.type, each.value, each.about), each)
    kept = _settled(list(unique.values()))
    return Stated(preferences=tuple(kept), rest=" ".join(rest) if kept and rest else None)


def _whole_is_none(text: str, whole: str) -> bool:
    """Tell whether a text as a whole states nothing of the person."""
    if _SARCASM.search(whole) or _TITLED.search(whole) or _REPORTED.search(whole) or not re.search(r"[a-z]", whole):
        return True
    return text.rstrip().endswith("?") and not re.search(r"[.!?,;]\s", text)


def _clause(raw: str, words: str, whole: str, text: str) -> Clause | None:
    """Return a clause that may state something; None for one that cannot."""
    asks = _QUESTION.search(words) is not None or f"{raw}?" in text
    lasting = _KEEPS.search(words) is not None
    if (asks and not _polite(words)) or words in _SOUNDS or (_THAT_ONE.search(words) and not lasting):
        return None
    if (_COMMAND.search(words) and not lasting and not _is_service_order(words)) or _HYPOTHESIS.search(words):
        return None
    if (_NOW.search(words) and not lasting and not _CHANGED.search(words)) or _OTHERS.search(words):
        return None
    quoting = _QUOTES.search(words)
    if (
        quoting
        and not lasting
        and not re.match(r"(?:i'm|i am|we|i|my|our|please|call|you|when(?:ever)? (?:i|we))\b", words)
    ) or (quoting and "translate" in words):
        return None
    return Clause(
        words=words, household=bool(_WE.search(words) or _speaks_for_all(whole)), ended=bool(_ENDED.search(words))
    )


def _about(said: list[tuple[str, str]]) -> list[str]:
    """Return the clauses with what they are about: "rock music, I love it"."""
    found: list[str] = []
    topic = ""
    for _, words in said:
        if topic and words.endswith("allergic"):
            found.append(f"{words} to {topic}")
        else:
            found.append(_POINTS.sub(topic, words) if topic else words)
        if words in _SOUNDS or words in ("no thanks", "no thank you"):
            continue
        subject = _SUBJECT.match(words)
        named = subject["v"] if subject is not None else words
        topic = (
            named
            if len(named.split()) <= _TOPIC and not _SENTENCE.search(named) and not _PRAISE.match(f"{named} ")
            else ""
        )
    return found


def _polite(words: str) -> bool:
    """Tell whether a question is a lasting request: "can you call me Sam", "could you always use metric"."""
    return bool(
        re.match(
            (
                r"(?:can|could|would|will) you (?:please |always |just )*(?:call|use|speak|talk|keep|remember|be|"
                r"give|answer|stop|explain|address|refer)\b"
            ),
            words,
        )
    )


def _is_service_order(words: str) -> bool:
    """Tell whether an order holds for good: by its words, or because it names all of a kind."""
    return (
        bool(_MEASURES.match(words))
        or bool(
            re.match(
                (
                    r"(?:set|show|tell|give|play|order|read)\b.*\b(?:to|in|from|on|with) [a-z -]+ (?:by default|"
                    r"always|from now on|every time)"
                ),
                words,
            )
        )
        or bool(_AS_MINE.match(words))
        or bool(_MY_KIND.match(words))
    )


def _speaks_for_all(whole: str) -> bool:
    """Tell whether a text says of all it says that it holds for the household."""
    return bool(
        re.search(
            (
                r"\b(?:for (?:all of us|everyone|everybody|the (?:whole )?(?:family|house|household))|in (?:this|our)"
                r" (?:house|home|family))\b"
            ),
            whole,
        )
    )


_DEED = re.compile(
    r"\b(?:turn|switch|put|set|start|stop|open|close|shut|lock|unlock|dim|pause|mute) (?:it|the|my|that|all|on|off)\b"
)
"""What is asked for right after a taste is none of it: "I'm sick of the radio, turn it off"."""


def _read(clause: Clause) -> Iterator[Preference]:
    exact = list(matters(clause.words, household=clause.household, ended=clause.ended))
    yield from exact
    if exact:
        return
    if is_wish(clause.words):
        return
    told = list(tastes(clause.words, household=clause.household, ended=clause.ended))
    told = told or list(stances(clause.words, household=clause.household))
    yield from (one for one in told if not _DEED.search(one.value))


_NO_NAMES = frozenset(
    "any some more no the that this my it all much such loud here there outside late soon ready".split()
)
"""What no service is called: who wants no more music says nothing of where it comes from."""


def _settled(found: list[Preference]) -> list[Preference]:
    """Leave out what the same text takes back: "not Fahrenheit, Celsius please"."""
    units = [one for one in found if one.type == "unit"]
    if any(one.polarity > 0 for one in units):
        found = [one for one in found if one.type != "unit" or one.polarity > 0]
    if any(one.type == "diet" and one.value == "vegan" and one.polarity > 0 for one in found):
        found = [one for one in found if one.type != "diet" or one.value not in ("vegetarian", "dairy free")]
    found = [one for one in found if one.type != "default_service" or one.value not in _NO_NAMES]
    services = [one for one in found if one.type == "default_service"]
    if {one.polarity for one in services} == {1, -1}:
        new = {one.about for one in services if one.polarity > 0}
        found = [one for one in found if one.type != "default_service" or one.polarity > 0 or one.about not in new]
    return found
