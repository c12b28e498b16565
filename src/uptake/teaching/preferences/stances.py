"""Parse a taste, a team or an allergy by its parts: the speaker, the stance of the words, and the rest.

The words of a clause express a stance (liking, disliking, following, reacting badly), negate or end it, or are function
words. If somebody speaks about themselves, a stance is expressed, and exactly one span of other words is left, that
span is the object: "any day with pancakes is a good day for me" needs no pattern of its own.

Limit: English; a clause with two spans of other words states nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from uptake.teaching.preferences.artifact import Preference, PreferenceType
from uptake.text.patterns import regex

__all__ = ["stances"]

_LOATHES = (
    r"hate[sd]?|loathe[sd]?|detest(?:s|ed)?|despise[sd]?|dislike[sd]?|abhor|resent|dread(?:s|ed)?|(?:can't|cannot|"
    r"couldn't|could never|can never|can hardly|won't) (?:stand|bear|abide|stomach|face|take|handle|be (?:doing|"
    r"dealing|"
    r"bothered) with|see the (?:point|appeal|attraction)(?: of| in)?|get (?:into|on with|excited about)|touch|listen "
    r"to|"
    r"eat|watch)|awful|terrible|horrible|horrid|disgusting|gross|dreary|boring|bores?|bored|dull|tedious|rubbish|"
    r"overrated|vile|revolting|repulsive|ghastly|dire|pointless|unbearable|tiresome|irritating|annoying|nauseating|"
    r"inedible|tasteless|(?:gives?|giving) (?:me|us) (?:the creeps|a headache|nightmares|the shivers|the ick|the "
    r"willies|"
    r"a migraine|the jitters)|(?:makes?|making) (?:me|us|my skin|my stomach|my toes) (?:ill|sick|cringe|queasy|gag|"
    r"shudder"
    r"|angry|want to (?:scream|cry|leave|run|hide)|crawl|turn|curl|yawn|retch|nauseous|feel sick|fall asleep)|(?:gets?|"
    r"getting) on (?:my|our) nerves|(?:drives?|driving) (?:me|us) (?:mad|crazy|insane|up the wall|bonkers|bananas|"
    r"nuts)|"
    r"(?:puts?|putting) (?:me|us) (?:off|to sleep)|turns? (?:my stomach|me off|us off)|leaves? (?:me|us) cold|does "
    r"(?:nothing|zilch) for (?:me|us)|ruins?|(?:a|wide) (?:miss|berth)|steer(?:ing)? (?:well )?clear|avoid(?:s|ing)?|"
    r"run a "
    r"mile|(?:won't|wouldn't|will never|'ll never|would never|never|not) (?:catch|find|see|get|hear) (?:me|us)(?: "
    r"dead)?(?: "
    r"[a-z]+ing)?(?: (?:at|to|with|near|in|anywhere near))?|(?:never|not|don't|didn't|doesn't|hardly|fail to) "
    r"(?:quite |"
    r"really )?(?:understood|understand|got|get|saw|see|seen) (?:the )?(?:appeal|point|attraction|fuss|hype|charm|"
    r"obsession)"
    r"(?: of| in| about)?|(?:no|any|zero|little|not much) (?:time|patience|interest|use|love|desire|enthusiasm|stomach|"
    r"need|appetite)(?: for| in| to)?|sick (?:and tired )?(?:of|to death of)|fed up (?:with|of)|(?:last thing|worst "
    r"thing)"
    r"|pet hate|bane|nightmare|torture|hell|purgatory|(?:spare|save) (?:me|us)|(?:aren't|isn't|not|never|hardly|wasn't|"
    r"weren't)(?: [a-z]+ly| been| quite| exactly| at all)* (?:for (?:me|us)|(?:my|our) (?:thing|cup of tea|bag|style|"
    r"scene"
    r"|taste|idea of fun|forte|jam|sort of thing|kind of thing))|(?:not|never)(?: [a-z]+ly| been)* (?:1|one|the type|"
    r"the "
    r"sort) for|don't think (?:much|a lot) of|think (?:little|nothing) of|bad taste|can do without|could do without|"
    r"rather "
    r"(?:die|starve|not)|worst"
)
_LIKES = (
    r"love[sd]?|loving|lik(?:e|es|ed|ing)|enjoy(?:s|ed|ing)?|adore[sd]?|relish|treasure|cherish|appreciate|dig|(?:i'm|"
    r"we're|am|are|been|be|really|so|big|massively|"
    r"totally|all|not|never|much) into|"
    r"keen|fond|partial|(?:mad|crazy|nuts|wild|bonkers|bananas|potty|dotty|daft|passionate|all|excited|enthusiastic|"
    r"barmy|soppy) (?:about|on|for|over)|liv(?:e|es|ing) (?:for|on)|passions?|favou?rites?|weakness|soft spot|special "
    r"place|"
    r"sweet tooth|obsess(?:ed|ion)|addict(?:ed|ion)?|hooked|devoted|happy|happier|happiest|joy|heaven(?:ly)?|bliss|"
    r"paradise|best|brilliant|amazing|delicious|lovely|wonderful|gorgeous|great|fantastic|tasty|yummy|scrumptious|"
    r"divine|"
    r"fabulous|beautiful|(?:can't|couldn't|can never|cannot|never) (?:get enough(?: of)?|live without|resist|beat|say "
    r"no "
    r"to|go wrong with|tire of|have too much|have too many|stop [a-z]+ing|be without|do without|imagine life without)|"
    r"beats|"
    r"tops|hits the spot|treat|pleasures?|comfort|(?:my|our) (?:thing|jam|bag|scene|cup of tea|go to|happy place|idea "
    r"of "
    r"(?:fun|heaven))|(?:makes?|made|making) (?:my|our|me|us) (?:day|smile|happy|purr|drool|grin|week|feel [a-z]+|"
    r"melt)|good "
    r"day|cheers? (?:me|us) up|heart (?:sing|skip|beat faster|leaps?)|big on|grown on (?:me|us)|grew on (?:me|us)|"
    r"a sucker|suckers?|lover|enthusiast|buff|nut|junkie|geek|fiend|aficionado|connoisseur|fanatic|does it for (?:me|"
    r"us)|"
    r"all the way|prefer(?:s|red)?|tickles? (?:my|our) fancy|floats? (?:my|our) boat|up (?:my|our) street|calms? "
    r"(?:me|us)|"
    r"relax(?:es)? (?:me|us)|hobby|music to my ears|pick me up|crave|craving|yearn|devour|swear by|rave about|"
    r"rock(?:s)? my "
    r"world|second to none|unbeatable|irresistible"
)
_FOLLOWS = (
    r"fans?|supporters?|support(?:s|ed|ing)?|follow(?:s|ed|ing|ers?)?|(?:cheer(?:s|ed|ing)?|root(?:s|ed|ing)?|barrack)"
    r"(?: "
    r"(?:for|on))|season tickets?|teams?|clubs?|(?:football|hockey|rugby|baseball|cricket|basketball) (?:team|club|"
    r"side)|"
    r"(?:heart|allegiance|loyalty|loyalties) (?:belongs?|lies?|goes|beats|is)|allegiance|loyal|bleed|faithful|diehard|"
    r"till i "
    r"die|through and through|backing|for the win|heroe?s?|idols?|idolise"
)
_REACTS = (
    r"(?:severe(?:ly)? |deadly |highly |badly |terribly |mildly |violently |deathly |seriously )*allerg(?:ic|y|ies)(?: "
    r"(?:reactions?|attacks?))?|anaphyla\w+|epi ?pens?|hives|(?:a |the )?rash(?:es)?|(?:throat|face|lips|tongue|eyes|"
    r"airways?|"
    r"skin|nose) (?:swells?(?: up)?|close[sd]?(?: up)?|itch(?:es)?|puffs?(?: up)?|streams?|runs?|burns?)|swell(?:s|"
    r"ing)?"
    r"(?: up)?|(?:could|would|might|can|will|nearly|almost|once)(?: [a-z]+ly)? (?:kill(?:ed)?|finish(?:ed)?) (?:me|us)|"
    r"dangerous|deadly|poison|lethal|intoleran(?:t|ce)|react(?:s|ions?)?(?: (?:badly|violently|horribly|terribly))?|"
    r"(?:bad|"
    r"nasty|severe) reactions?|stops? (?:me|us) breathing|can't breathe|(?:come|comes|break|breaks|came|broke) (?:up|"
    r"out)|"
    r"(?:could|would|might) be fatal|(?:in|into|to) (?:the )?(?:hospital|a&e|er|emergency room)|wheez(?:e|es|y|ing)|"
    r"sneez"
    r"(?:e|es|ing)|itch(?:es|y|ing)?"
)
_SURELY = regex(
    r"\b(?:allerg\w+|anaphyla\w+|epi ?pens?|hives|rash(?:es)?|swell\w*|swells?|close[sd]?|kill(?:ed)? (?:me|us)|"
    r"lethal|fatal|"
    r"intoleran\w+|react\w*|breath\w+|hospital|a&e|wheez\w+|finish(?:ed)? (?:me|us))\b"
)
_ENDS = (
    r"any ?more|any longer|no longer|not these days|not now(?:adays)?|used to(?: be)?|once|but (?:it's|that's) (?:over"
    r"|done|history|past)|(?:gone|went|going) (?:right |clean |completely )?off|(?:gave|given|giving) up|grew out of|"
    r"grown "
    r"out of|outgrew|outgrown|(?:am|'m|was|got) over|stopped|quit|lost (?:interest in|my taste for|my love for|my "
    r"appetite for)|tired of|cured|after all|had enough of|fell out of"
)
_DENIES = (
    r"not|don't|do not|doesn't|didn't|isn't|aren't|wasn't|weren't|never|no|hardly|neither|nor|ain't|won't|can't|cannot"
)
_STANCE = regex(
    rf"\b(?:(?P<loathes>{_LOATHES})|(?P<follows>{_FOLLOWS})|(?P<reacts>{_REACTS})|(?P<likes>{_LIKES})|"
    rf"(?P<ends>{_ENDS})|"
    rf"(?P<denies>{_DENIES}))(?![\w'])"
)
_NOT_ALLERGIC = regex(r"\b(?:not|never|isn't|aren't|don't have|no longer)\b.{0,24}\b(?:allerg|intoleran|react)")
_SELF = regex(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself|we|we're|we've|we'd|us|our|ours)\b|\bhere$")
_TOUCHES = regex(
    r"\b(?:if|when|whenever|once|where|every time|as soon as) (?:i|we)(?: (?:even|just|so much as|go|get|come))* "
    r"(?:touch|eat|have|"
    r"smell|drink|near|use|wear|see|hear|taste|look at|think of|breathe in|sniff)\b"
)
_ORDERS = regex(
    r"(?:(?:please|just|now|ok|hey|and|can|could) )*(?:be (?:a|an|so) (?:love|dear|darling|star|angel|good|kind)\b"
    r"|get|go|switch|start|begin|make|take|bring|move|enter|run|do|"
    r"let|let's|"
    r"kick|find|dim|open|close|lock|add|remind|call|change|cancel|pause|skip|stop|help|wake|record|give (?:me|us))\b"
)
_ALONE = regex(r"(?:been|born|raised|always|lifelong|proud|huge|big|massive|never|love|can't|no)\b")
"""How a clause begins in which the speaker leaves themselves out."""
_OTHERS = regex(
    r"\b(?:he|she|they|you|he's|she's|they're|you're|him|her|his|hers|them|their|your|yours|who|what|which|why|how|"
    r"when|where"
    r"|if|unless|said|says|told|people|everyone|somebody|someone|neighbours?|colleagues?|boss|friends?|teacher|play|"
    r"playing|"
    r"put|turn|set|show|tell|search|order|buy|book|today|tonight|tomorrow|yesterday|now|this|these|those|"
    r"that(?=$| (?!i\b|i'm\b|we\b|we're\b|my\b|our\b|the\b|it\b)\w)|would|i'd|"
    r"we'd|i'll|could|another|meant?|(?:the|ceiling|desk|tower) fan|answers?|jokes?|questions?|idea|fancy|feels? like|"
    r"looks? like|sounds? like|myself a)\b"
)
_YOURS = regex(r"\byou (?:won't|wouldn't|will never|'ll never|would never|can't|couldn't|know|see|should know)\b")
_GLUE = frozenset(
    "if when whenever i i'm i've i'd i'll me my mine myself we we're we've we'd us our ours am is are was were be "
    "been being has have "
    "had do "
    "does did done will would can could may might must shall should the a an some any all every each both lot lots "
    "bit little "
    "bunch kind sort type of to for with about on in at by from as than over under up out off into onto through since "
    "ages "
    "years months weeks long time times whole life lifetime day days week always ever usually often sometimes mostly "
    "generally really very so too quite rather pretty just simply absolutely totally completely utterly truly honestly "
    "genuinely actually definitely certainly personally particularly especially deeply madly secretly massively hugely "
    "lately recently nowadays still also even only more most much many few less least such there here it it's its one "
    "1 ones "
    "thing things stuff something anything nothing everything and but or because cos though although well oh ah yes "
    "yeah hey "
    "ok okay please thanks mate honest fact matter truth told word words say admit confess remember note know think "
    "find feel "
    "feels reckon guess suppose must've got get gets getting gave give gives given go goes going went come comes came "
    "make "
    "makes made take takes took taken become became grown turned keep keeps kept eat eats eating drink drinks "
    "drinking watch "
    "watching listen listens listening hear hearing read reading wear wearing use used using wearing touch touches "
    "breathe sniff see cook cooking bake baking taste tastes smell "
    "smells sight sound sounds look looks touch touching big huge massive great lifelong life-long proud avid die "
    "hard keen "
    "total real true absolute complete number world there's that's i's ourselves born raised bred lad lass kid boy "
    "girl child "
    "childhood school since back home house family household religiously passionately fervently devotedly faithfully "
    "heart "
    "soul blood bones body stomach turns turn out any way anyway however else anybody nobody serve offer suggest let "
    "run far "
    "by far no1 send sends put puts bring brings land lands best most dearly daily person people guy gal woman man "
    "crowd type lifetime badly seriously severely "
    "highly there near anywhere around having being trying place end reaction reactions send sends put puts bring "
    "brings land lands fine good bad".split()
)
_ADVERB = regex(
    r"(?!jelly|lily|holly|fly|belly|telly|kelly|sally|molly|billy|family|italy|july|lely|bully|rally).{3,}ly"
)
_JOINS = frozenset(("of", "and", "with", "in", "the", "on"))
_GENERAL = frozenset(
    "song film movie show picture story album dish recipe music video voice book game app weather".split()
)
"""What is before one's eyes or ears now: "nice song, I love it"."""
_PRAISE = frozenset("nice good great lovely cool catchy funny clever decent beautiful another".split())
_MOST = 4


def stances(words: str, *, household: bool) -> Iterator[Preference]:
    """Yield the taste, the team or the allergy that a normalised clause states.

    >>> [(one.type, one.value) for one in stances("any day with pancakes is a good day for me", household=False)]
    [('likes', 'pancakes')]

    Args:
        words: The clause.
        household: Whether it speaks for everybody at home.
    """
    if (
        _ORDERS.match(words)
        or not (_SELF.search(words) or _ALONE.match(words))
        or _OTHERS.search(_YOURS.sub("", _TOUCHES.sub("", words)))
    ):
        return
    taken = [(kind, match.span()) for match in _STANCE.finditer(words) if (kind := match.lastgroup)]
    kinds = {kind for kind, _ in taken}
    value = _only_object(words, [span for _, span in taken])
    praised = value is not None and value.split()[0] in _PRAISE and value.split()[-1] in _GENERAL
    if value is None or value in _GENERAL or praised or not kinds & {"loathes", "follows", "reacts", "likes"}:
        return
    scope: Literal["person", "household"] = "household" if household else "person"
    ended = "ends" in kinds
    untrue = _NOT_ALLERGIC.search(words) is not None
    denied = sum(kind == "denies" for kind, _ in taken) % 2 == 1
    if "reacts" in kinds:
        if _SURELY.search(words):
            yield Preference(type="allergy", value=value, scope=scope, polarity=-1 if ended or untrue else 1)
        return
    likes: PreferenceType = "is_fan_of" if "follows" in kinds else "likes"
    if "loathes" in kinds:
        yield Preference(type="dislikes", value=value, scope=scope, polarity=-1 if denied and not ended else 1)
    elif ended:
        yield Preference(type=likes, value=value, scope=scope, polarity=-1)
    else:
        yield Preference(type="dislikes" if denied else likes, value=value, scope=scope)


def _only_object(words: str, spans: list[tuple[int, int]]) -> str | None:
    """Return the one span of words that are of no stance and no glue; None where there is none, or several."""
    said, at = [], 0
    for word in words.split(" "):
        inside = any(start <= at < end for start, end in spans)
        said.append("" if inside else word)
        at += len(word) + 1
    free = [index for index, word in enumerate(said) if word and word not in _GLUE and not _ADVERB.fullmatch(word)]
    if not free or free[-1] - free[0] >= _MOST:
        return None
    between = set(said[free[0] : free[-1] + 1]) - {said[index] for index in free}
    found = said[free[0] : free[-1] + 1]
    return " ".join(found) if between <= _JOINS and not any(word[:1].isdigit() for word in found) else None
