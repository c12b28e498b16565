"""Words by which the clauses of a request are told apart: commands, conditions, exceptions, prohibitions, reports.

Limit: English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from uptake.text.patterns import regex

__all__ = [
    "CONDITION",
    "EXCEPTION",
    "KEEPS",
    "MEANWHILE",
    "POLITE",
    "PROHIBITION",
    "QUESTION",
    "REPORT",
    "SPAN",
    "STATEMENT",
    "TO_OTHERS",
    "WISH",
    "is_command",
    "repaired",
    "repairs",
    "unhesitating",
    "without_courtesy",
]

_VERBS = (
    "turn switch set put play open close shut lock unlock start stop pause resume add remove delete cancel make dim "
    "brighten tell show remind wake raise lower increase decrease mute unmute skip create clear give get check run "
    "activate deactivate call kill light boil heat warm cool preheat vacuum clean mow send bring move change crank"
    " flip "
    "pull draw shuffle read announce snooze dismiss begin end disable enable find stream continue bump adjust reduce "
    "power hit toggle take leave keep let brew fade double halve undo repeat stick pop stop drop scrap ditch hoover"
).split()
_VERB = rf"(?:{'|'.join(_VERBS)})"
_FLUFF = regex(
    r"(?:(?:just (?:checking|wondering|asking|to check)|(?:(?:just )?an? )?(?:quick|random|silly|stupid|daft"
    r"|odd) (?:question"
    r"|one|thing)|quickie|(?:oh,? )?for (?:heaven|god|goodness|pete|christ|pity|crying)(?:'?s?'? sakes?| out loud)"
    r"|good (?:grief|lord|heavens)|bloody hell"
    r"|by the way|out of interest"
    r"|one (?:more|last) thing|please|(?:hey|hi|hello)(?: there| again| you)?|ok|okay|so|well|right|alright"
    r"|all right|now|um+|uh+|er+|oh|just"
    r"|then|also|and|but"
    r"|quickly|o{2,}h?|a+h+|oof|wow|blimey|gosh|god|oh god|crikey|ugh|urgh|brr+|yikes|eek|man|jeez|whoa|goodness|flip"
    r"|honestly|dear me|my god|oh dear|hm+"
    r"|kindly|sorry|actually|maybe|perhaps|computer|assistant|thanks|thank you|first|finally|next|afterwards|after that"
    r"|listen|look|yes|yeah|whatever you do|(?:good )?(?:morning|evening|afternoon)(?= ?[,.!])|good (?:morning|evening"
    r"|afternoon)|hiya|if (?:it's|it is)(?: not)? (?:no|not too much|not|too much|any)? ?(?:trouble|bother|problem)"
    r"|if (?:you|i) (?:don't|do not) mind|if you (?:could|would) be so kind)\b[\s,.!]*)+",
    re.IGNORECASE,
)
_ASKED = regex(
    r"(?:(?:can|could|would|will|won't|can't|couldn't) (?:you|we|i|u|some(?:one|body)|any(?:one|body)) "
    r"(?:please |kindly |just |maybe |possibly "
    r"|quickly "
    r"|perhaps |also )*|(?:do|would) you mind |(?:would|could) you be (?:a (?:dear|darling|star|love)|an angel"
    r"|so (?:kind|good)|kind enough"
    r"|good enough) (?:and|as to|to) |(?:i|we)(?: really)? (?:want|need|would like|would love)"
    r"(?: you)? to |(?:i|we)'d (?:like|love|want)(?: you)? to |you (?:can|could|may|should) |go ahead and "
    r"|be so kind (?:as )?(?:to|and) |be an? (?:absolute |real |right |proper )?(?:dear|darling|star|love|angel"
    r"|legend|gem"
    r"|treasure|doll|pal|mate|sweetheart|sport) and "
    r"|make sure (?:that |to |you )?(?!the\b|it\b|every|all\b|my\b|our\b|both\b)"
    r"|i(?: was)? wonder(?:ing)? (?:if|whether) you (?:could|can|would|might) (?:possibly |perhaps |just )?"
    r"|i don't suppose (?:you|there's any way you) (?:could|can|would|might) |you couldn't "
    r"|any chance (?:that )?you (?:could|can|might) "
    r"|why don't you |(?:is it possible|are you able"
    r"|would it be possible) (?:for you )?to |let's |i'd appreciate it if you (?:could |would )?)",
    re.IGNORECASE,
)
_STARTS = regex(
    rf"(?:{_VERB}(?:ing)?\b|do (?:the|my|our|all the) (?:[\w']+ ){{0,3}}?(?:lights?|lamps?)\b)", re.IGNORECASE
)

QUESTION = regex(
    r"(?:(?:is|are|was|were|did|does|am|which|what|what's|whats|who|who's|where|where's|why|how|how's|should|shall"
    r"|isn't|aren't|wasn't|didn't|doesn't|haven't|hasn't)\b(?! about\b)"
    r"|do (?:i|we|you|they|any|all)\b(?! mind\b)|(?:have|has|had) (?:i|we|you|they|he|she|it|anyone|anybody|someone"
    r"|somebody)\b|has the\b(?=.*\w)"
    r"|when (?:is|are|was|were|does|do|did|will|'s)\b|when's\b)",
    re.IGNORECASE,
)
"""Beginning of a question that is no polite request."""

MEANWHILE = regex(
    r"(?<=[a-z]),? while (?:i|we|he|she|they|you|(?:the|my|our) \w+|everyone|everybody)(?:'m|'re|'s| am| are| is|"
    r" have| has| get| go| do| make| take| finish| wait| put| wash| cook| tidy| sort)\b(?:(?!\b(?:and|but|then|if|when"
    r"|until|on|off)\b)[^,;.])*$",
    re.IGNORECASE,
)
"""What somebody does meanwhile, told behind a request and the last of it: nothing to wait for."""

POLITE = regex(
    r"[\s,]*\b(?:if|when|whenever|as soon as|once) (?:(?:you|u) ?(?:can|could|would|may|will|like|want|please"
    r"|(?:get|(?:'ve |have )?got) (?:a|the)"
    r" (?:chance|moment|second|minute|sec)|have (?:a|the) (?:chance|moment|second|minute|sec|time)"
    r"|don't mind|do not mind|wouldn't mind|(?:would|could|'d|'ll) be (?:so|as) \w+(?: as to)?|(?:'re"
    r"|are) (?:able to|ready"
    r"|free|so kind)|fancy|feel like it|(?:'ve|have)(?: got)? a (?:free )?(?:chance|moment|second|minute|sec|hand|mo))"
    r"(?: that)?|possible|(?:it's|it is|that's|that is) (?:ok|okay|all right|alright|possible|fine|not too much trouble"
    r"|no trouble|no bother|not a problem|not asking too much)(?: with you)?"
    r"|(?:it's|it is|that's|it isn't|it's not|it is not)(?: not)? (?:too much|any|a|much|too big a|too much of a)"
    r" (?:of a )?"
    r"(?:hassle|bother|trouble|problem|ask|nuisance|pain|inconvenience))\b[\s,]*",
    re.IGNORECASE,
)
"""Conditions that are mere courtesy."""

_EVENT = (
    r"(?:if|whenever|unless|as soon as|in case|every time|each time|the moment|provided(?: that)?|as long as|assuming"
    r"|when(?! (?:is|are|was|were|does|do|did|will)\b)|once(?! (?:more|again|over)\b)|while(?! you)"
    r"|(?:only )?after(?! (?:that|this|all)\b)"
    r"|before|until|till)"
)
CONDITION = regex(
    rf"(?:^|\s)(?P<word>{_EVENT})\s+(?P<rest>\S.*)$|(?:^|\s)(?P<sun>(?:at|by|around|after|before) (?:sunset|sunrise"
    rf"|dusk|dawn"
    r"|nightfall|bedtime|dinner ?time|lunch ?time|breakfast))\b.*$",
    re.IGNORECASE,
)
"""What an action is to wait for."""

EXCEPTION = regex(
    r"[\s,]*\b(?:except(?:ing)?(?: for| in| on)?|but (?:not|for)(?: (?:in|on|for))?|bar(?:ring)?"
    r"|apart from|aside from|other than"
    r"|excluding|save for"
    r"|with the exception of|not including|besides|instead of|rather than|(?:just )?not)\s+(?P<rest>\S.*)$"
    r"|\b(?P<all>all|everything"
    r"|every\w*|everywhere)"
    r"(?P<of>(?: (?!but\b)[\w'-]+){0,3}) but (?!not\b|for\b)(?P<but>(?:in |on )?(?:the|my|our|for)?\s*\S.*)$",
    re.IGNORECASE,
)
"""What an action is not to touch."""

KEEPS = regex(
    r"(?:(?:but|and|just|please|only)\s+)*(?:leav(?:e|ing)|keep(?:ing)?)\s+(?P<rest>\S.*?)(?:\s+(?:on|off|open"
    r"|closed|alone|as (?:it"
    r"|they) (?:is|are)"
    r"|be|going|running|locked|shut|the way (?:it|they) (?:is|are)|how (?:it|they) (?:is|are)))(?:\s+please)?$"
    r"|(?:but |and |just |only |please )*(?:leave(?: out| (?:me|us|him|her|them)(?: with)?)?|skip|spare|sparing)"
    r" (?P<bare>(?:just |only )?(?:in |those in )?(?:the|my|our) (?:[\w']+ ?){1,3})$",
    re.IGNORECASE,
)
"""Exception as a clause of its own: "but leave the hall light on"."""

PROHIBITION = regex(
    rf"(?:(?:and|but|so|ok|please|also|just|whatever you do|you (?:should|must)|i'd rather you),? )*"
    rf"(?:i'd (?:rather|prefer(?: it if)?) you (?:didn't|did not)|don't|do not|dont|under no circumstances"
    rf"|on no account"
    rf"|never|(?:nobody|no[ -]one)(?:(?:'s| is| are| must| may| should)(?: allowed| supposed| meant)?(?: to)?)?"
    rf"|(?:you'd )?(?:better|rather) not|let's not|let us not|hold off(?: on)?|wait with"
    rf"|(?:never ?mind|don't bother|do not bother|dont bother|forget)(?: about| with)?(?= \w+ing\b)"
    rf"|(?:you )?(?:must not|mustn't|should not"
    rf"|shouldn't|may not)|not|stop (?=\w+ing\b))\s+(?:you |you dare |ever |even |please |want you to "
    rf"|always )*(?P<rest>(?:{_VERB}(?:ing)?|do anything|touch)\b.*)$"
    rf"|(?:there(?:'s| is) )?no need (?:for you )?to (?P<needless>{_VERB}\b.*)$"
    rf"|you (?:needn't|need not|don't (?:need|have) to|do not (?:need|have) to) (?P<free>{_VERB}\b.*)$"
    r"|(?:(?:i|we) (?:don't|do not|never|no longer|wouldn't|would not) (?:want|need|like) (?!to know\b"
    r"|.*\b(?:timer|alarm|reminder)s?\b)"
    r"|(?:nobody|no[ -]one) (?:needs|wants) |(?:i'm|i am|we're|we are) (?:all )?(?:done|finished|through) with "
    r"|no (?:more )?(?=(?:[\w'-]+ )?(?:lights?|lamps?|heating|fans?|tv|telly|television|noise)\b))"
    r"(?P<unwanted>\S.*)$|do nothing(?P<nothing>)\W*$",
    re.IGNORECASE,
)
"""Command not to do something."""

_WHO = (
    r"(?:him|her|them|mum|mom|mummy|mommy|dad|daddy|grandma|grandpa|granny|everyone|everybody|the (?:kids|children"
    r"|boys|girls|cleaner"
    r"|babysitter|nanny)|(?:my|our) (?:wife|husband|son|daughter|kids|children|mum|mom|mother|dad|father|sister"
    r"|brother|boss|friend"
    r"|partner|girlfriend|boyfriend|flatmate|roommate|neighbou?r|grandma|grandpa|cleaner|parents))"
)
TO_OTHERS = regex(
    rf"(?:please )?(?:(?:tell|ask|get|let|remind|text|message|order|warn) {_WHO} (?:to|that|i|we|about)\b"
    rf"|(?:tell|text|message|warn|let) {_WHO}(?: know)?,? (?:[\w']+ ){{0,3}}?(?:[\w]+'(?:s|re|m|ll)|is|are|will) \w"
    rf"|(?:{_WHO[3:-1]}|he|she|they|somebody|someone),? (?:should|could|must|has to|needs to|can|will) {_VERB}\b)",
    re.IGNORECASE,
)
"""Request that somebody else is to get."""

_SUBJECT = r"(?:i|we|he|she|they|you|it|someone|somebody|everyone|nobody|my \w+|our \w+|the (?:kids|children|guests))"
_DONE = (
    "turned|switched|set|put|opened|closed|shut|locked|unlocked|started|stopped|dimmed|played|added|removed|deleted|"
    "cancelled|canceled|changed|moved|raised|lowered|cleaned"
)
REPORT = regex(
    rf"{_SUBJECT}(?:'ve| have|'d| had)? (?:already |just |never |always |only |usually )*(?:{_DONE})\b"
    rf"|{_SUBJECT} (?:might|may|was going to|were going to|will|would|used to|wanted to|thought (?:about|of)"
    rf"|forgot to|was about to"
    rf"|am about to|are about to|wish|wonder if|am thinking (?:of|about)|was thinking (?:of|about)|am going to"
    rf"|are going to)"
    rf"(?: \w+)? (?:just |maybe |perhaps )?{_VERB}(?:ing)?\b"
    rf"|(?:i'm|we're|i'll|we'll|he'll|she'll|they'll|i'd) (?:thinking (?:of|about)|going to|about to|maybe |perhaps "
    rf"|probably )?\s*{_VERB}(?:ing)?\b(?! to )"
    rf"|(?:what if|what would happen if|suppose|supposing|imagine|let's say|had (?:i|we))\b"
    rf"|{_SUBJECT} (?:said|says|told (?:me|you|us)|asked (?:me|you|us)|wants? (?:me|us)|keeps? saying|always says?"
    rf"|never (?:says?|wants?))\b|(?:i|we) (?:didn't|did not|never) (?:ask|told?|tell|want|wanted|asked)\b",
    re.IGNORECASE,
)
"""What somebody did, said or may do: no request."""

STATEMENT = regex(
    r"(?:because|cause|cos|since|as (?:i|we|it|he|she|they|the)|so (?:that|i|we|it|he|she|they|my)|(?:i|we|he|she"
    r"|they|it|that|there|this"
    r"|somebody|someone|everyone|everybody|nobody|my \w+|our \w+)(?:'s|'m|'re|'ve|'ll|'d)? |(?:it|that|there|he|she"
    r"|who)'s |i'm "
    r"|(?:the|my|our) [\w ]{2,30}?'s (?!nursery|room)(?:all \w+|a bit \w+|\w+(?:ed|ing|y))\b"
    r"|(?:(?:the|my|our) [\w ]{2,30}?|(?!what|who|where|how|when|let|that)[a-z]{3,})'s (?:at|in|on|not|too|so"
    r"|very|nearly|almost|getting|coming|going|here|ready|done|asleep|home|back|cold|hot|dark|over|right|shining|bright"
    r"|still|already|always|only|off|outside|inside|upstairs|downstairs|under|having|after|by|with|full"
    r"|empty|wet|dry|ringing"
    r"|blazing|streaming|glaring|gone|been|got|just|about|too|really|quite|making|giving|driving|out|up)\b"
    r"|(?:looks|feels|sounds|smells|seems) (?:like|as|so|very|a bit|rather)\b"
    r"|(?:(?:just|only) )?(?:got|came|come|popped) (?:in|back|home)\b"
    r"|(?:the|that|this|those|these) [\w ]{2,30}?(?:'s been| is| are| was| has| have| keeps?| smells?| looks?"
    r"| sounds?| feels?)\b)",
    re.IGNORECASE,
)
"""Beginning of a reason or a remark."""

WISH = regex(
    r"(?:i|we)(?: really| just)?(?:'d| would)? (?:want|need|like|love|prefer|think)\b|let's have\b|i'd (?:like|love)\b",
    re.IGNORECASE,
)
"""Beginning of a statement that asks for something."""

SPAN = regex(
    r"(?:^|\s)for (?:the next |about |around |another |only |just )*(?P<length>.+?)(?= and\b| then\b|$)", re.IGNORECASE
)
"""How long an action is to last."""


_SLIP = (
    r"silly me|my (?:mistake|bad|fault|error)|what am i (?:saying|on about|like|thinking)|how silly(?: of me)?|d'?oh"
    r"|slip of the tongue"
)
_EDITS = regex(
    rf"^(?:[\s,]*(?:oh\b,? )?(?:{_SLIP}|no|nope|wait|oops|scratch that|correction|hang on|hold on|or rather|rather|i"
    rf" mean|i meant|sorry"
    r"|actually|make that)\b,?)+",
    re.IGNORECASE,
)
_HESITATION = regex(
    r"^\s*(?:(?:hang on|hold on|wait)(?: (?:a|1|one) (?:sec|second|moment|minute))?"
    r"|(?:just )?(?:a|1|one) (?:sec|second|moment))\s*[,.!]+\s*(?=\w)"
    r"|(?:\s*,\s*)(?:oh,? |um,? |er,? )?(?:what (?:was|is) (?:it|that|the other one)|what's (?:it|that|the word"
    r"|the name)"
    r"|what else(?: was (?:it|there))?|how do (?:you|they) (?:call|say) it)(?: called| again)?\s*,"
    r"|(?<=and)\s*,\s*(?:oh|also|let me see)\s*,|\s*,\s*(?:oh|like|sort of|kind of|i dunno|i don't know"
    r"|what's it called)\s*,"
    r"|(?:\s*,\s*)?(?<![\w'])(?:u+m+|u+h+(?![ -]?hu[hm])|e+r+m*|h+m+|br{2,}|phew|ugh|oof|argh+"
    r"|wouldn't you know(?: it)?|would you believe(?: it)?|(?<!\bdo )you know|let me (?:see|think))(?![\w'])\s*,?",
    re.IGNORECASE,
)
_REPAIR = regex(
    r"\w,? (?:(?:actually |oh |well )?(?:(?<!'s )(?<!is )(?<!are )(?<!was )(?<!has )(?<!have )(?<!got )(?<!with )"
    r"(?<!want )(?<!need )(?<!there )no(?! (?:more|need|lights?|lamps?|noise|music)\b)|nope|wait"
    r"|oops|scratch that|correction|hang on|hold on|or rather|(?<=, )rather|i mean|i meant"
    rf"|{_SLIP})\b,?"
    r"|(?:sorry|actually),|(?:actually|sorry|make that|or better|better)(?= (?:make it "
    r"|make that )?(?:at )?(?:\d|(?:half|quarter) past"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b)))\s+(?!(?:if|that|to)\b)\w",
    re.IGNORECASE,
)


@lru_cache(maxsize=1_024)  # the parts of a request are looked at again and again while it is taken apart
def without_courtesy(text: str) -> str:
    """Remove the words of courtesy in front, and "could you" as well.

    >>> without_courtesy("hey, could you please turn on the light")
    'turn on the light'
    """
    previous = None
    while previous != text:
        previous = text
        text = (
            _ASKED.sub("", _FLUFF.sub("", text, count=1) if _FLUFF.match(text) else text, count=1)
            if (_FLUFF.match(text) or _ASKED.match(text))
            else text
        )
        text = text.strip()
    return text


def is_command(text: str) -> bool:
    """Tell whether a clause begins as commands do, courtesy aside.

    >>> is_command("and could you open the blinds"), is_command("the hall light"), is_command("it is dark")
    (True, False, False)
    """
    return _STARTS.match(without_courtesy(text)) is not None


def repairs(text: str) -> bool:
    """Tell whether a request takes back a part of itself: "the kitchen, no, the hall light".

    >>> repairs("turn on the kitchen, sorry, the hall light"), repairs("no, turn on the light")
    (True, False)
    """
    return _REPAIR.search(text) is not None


def repaired(text: str) -> tuple[str, str] | None:
    """Split a request at what it takes back into what was said before and the last version; None where it keeps all.

    >>> repaired("turn on the kitchen, sorry, I mean the hall light")
    ('turn on the kitchen', 'the hall light')
    """
    match = _REPAIR.search(text)
    if match is None:
        return None
    return text[: match.start() + 1].rstrip(" ,"), _EDITS.sub("", text[match.start() + 1 :]).strip()


_FAVOUR = regex(
    rf"^\W*(?:{_FLUFF.pattern})?(?:please )?(?:could you |can you |would you |will you )?(?:be (?:an?|my"
    rf"|so) (?:\w+ )?\w+|do (?:me|us)"
    rf" (?:a|an|one|the) (?:\w+ )?\w+)(?:,? and|,| by| to)? (?={_VERB}(?:ing)?\b|drop\b|pop\b)",
    re.IGNORECASE,
)


def unhesitating(text: str) -> str:
    """Remove sounds and phrases of hesitation with the marks around them.

    >>> unhesitating("um, could you, you know, turn the, er, light on")
    'could you turn the light on'
    >>> unhesitating("hang on, pause that")
    'pause that'
    """
    return " ".join(_FAVOUR.sub("", _HESITATION.sub(" ", text)).split())
