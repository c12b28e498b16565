"""Parse tastes: what somebody likes, dislikes, and follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from uptake.teaching.preferences.artifact import Preference, PreferenceType
from uptake.text.patterns import regex

__all__ = ["tastes"]

_SO = (
    r"(?:really |absolutely |totally |quite |very |so |still |also |just |do |truly |always |rather |pretty |super |"
    r"big |particularly |especially |completely |kind of |honestly |too |deeply |usually |actually |simply |only |"
    r"much |generally |mostly |secretly |massively |genuinely |already |now |all |big |dead |mad |heavily |properly |"
    r"well )*"
)
_S = (
    r"(?:i|we|i'm|i am|we're|we are|i've|we've|i have|we have|the kids and i|(?:my |the )?[a-z]+ and i|everyone here|"
    r"everybody here|everyone at home|the whole family|our family|the family)"
)
_BE = rf"(?:i'm|i am|we're|we are|{_S} (?:am|are|is|have been|been))"
"""What somebody is, and not has or means: "I am a Bulls fan" against "I have a fan"."""
_PLEASES = (
    r"(?:makes? (?:me|us) (?:happy|smile|dance)|cheers? (?:me|us) up|(?:is|are) (?:the best|great|wonderful|amazing|"
    r"where it's at) (?:for me|in my book|if you ask me)|(?:is|are) right up (?:my|our) street|always works? for me|"
    r"never (?:gets|get) old|does it for me|hits? the spot)"
)
_BORES = (
    r"(?:leaves? (?:me|us) cold|bores? (?:me|us)(?: (?:to tears|silly|rigid|stiff))?|(?:gets|get) on (?:my|our) "
    r"nerves|drives? (?:me|us) (?:mad|crazy|nuts|up the wall)|makes? (?:me|us) (?:gag|heave|retch|wince|squirm|"
    r"sleepy|angry|want to (?:scream|cry|leave|run)|sick|ill|feel sick|cringe|shudder)|turns? (?:my|our) stomach|"
    r"do(?:es)?(?:n't| not) agree with (?:me|us)|gives? (?:me|us) (?:a headache|headaches|the (?:creeps|ick|willies|"
    r"shivers))|sets? (?:my|our) teeth on edge|"
    r"tastes? (?:like|of) [a-z ]+ to (?:me|us)|rubs? (?:me|us) up the wrong way|do(?:es)?(?:n't| nothing) (?:do "
    r"(?:it|much|anything) )?for (?:me|us)|puts? (?:me|us) off|(?:is|are)(?:n't| not) (?:really )?(?:my|our) "
    r"(?:thing|bag|cup of tea|taste|style|scene|favou?rite)|(?:is|are)(?:n't| not) for (?:me|us)|(?:is|are) "
    r"(?:disgusting|horrible|revolting|vile|awful|gross|foul|rank|grim|dreadful|unbearable|the worst)(?: to me| if "
    r"you ask me)?)"
)
_COMES = r"(?:come|came|grown|grew|learned|learnt|started|begun|taken|fallen|getting|starting|beginning)"
_PATTERNS: tuple[tuple[PreferenceType, bool, str], ...] = (
    ("is_fan_of", True, r"^(?:i'm |i am |we're )(?P<v>[a-z ]+?)(?:'s|') (?:biggest|greatest|number 1|most devoted) "
     r"(?:fans?|supporters?)\b.*$"),
    ("likes", True, (
r"\b(?:i|we) used to (?:hate|dislike|loathe|can't stand|not like|detest)\s+(?P<v>.+?),? (?:but|and) (?:now |these "
rf"days |today )*(?:i|we) {_SO}(?:love|like|adore|enjoy|eat|drink)\b"
)),
    ("dislikes", True, (
r"\b(?:i|we) used to (?:love|like|adore|enjoy)\s+(?P<v>.+?),? (?:but|and) (?:now |these days |today )*(?:(?:i|we) "
rf"{_SO}(?:hate|dislike|loathe|can't stand|don't|detest)\b|(?:it|they) (?:now )?{_BORES})"
)),
    ("dislikes", True, (
r"\b(?:none of us|neither of us|nobody (?:here|at home|in (?:this|our) (?:house|family))|no one (?:here|in this "
r"house)|not 1 of us|not one of us) (?:likes?|eats?|drinks?|enjoys?|cares? for|listens? to|can stand)\s+(?P<v>.+)$"
)),
    ("likes", True, (
rf"\b{_S} (?:could|can|would|'d) (?:happily |easily |gladly )?(?:listen to|eat|drink|watch|read|play|live on|live off|"
r"hear|talk about)\s+(?P<v>.+?) (?:all (?:day|night|week)|forever|every day|for ever|for hours|non ?stop|on repeat|"
r"till .*|until .*|any time|all year.*)"
)),
    ("likes", True, (
r"\b(?:i'd|we'd|i would|we would)(?: much| always)? rather (?:have |eat |drink |hear |watch |listen to |play |get |"
r"read )?(?P<v>.+? than .+)$"
)),
    ("likes", True, (
rf"\b{_S} (?:more of |very much |always been |at heart )*an? (?P<v>[a-z ]+?) (?:person|people|lover|guy|girl|gal|man|"
r"woman|drinker|eater|household|family)(?: at heart| myself)?(?: than .*)?$"
)),
    ("likes", True, (
rf"\b{_S} (?:have |'ve |'m )?{_COMES} to {_SO}(?:love|like|adore|enjoy|appreciate)\s+(?P<v>.+)$"
)),
    ("dislikes", True, rf"\b{_S} (?:have |'ve |'m )?{_COMES} to {_SO}(?:hate|dislike|loathe)\s+(?P<v>.+)$"),
    ("likes", True, (
rf"\b{_S} (?:have |'ve |'m |just |recently )*(?:fallen in love with|fell in love with|taken to|discovered a love "
r"(?:for|of)|developed a (?:taste|love|passion|thing) for|started (?:liking|loving|enjoying)|got (?:really )?into|"
r"gotten into|got a (?:thing|soft spot|weakness|passion) for)\s+(?P<v>.+)$"
)),
    ("likes", True, (
r"\b(?:there's |there is )?nothing (?:beats|tops|rivals|matches|like|better than|i like more than|i love more than|"
r"compares to)\s+(?P<v>.+)$"
)),
    ("likes", True, (
rf"\b{_S} (?:only|mostly|mainly|generally|usually|always) (?:ever )?(?:listen to|watch|read|drink|eat|play)\s"
r"+(?P<v>.+)$"
)),
    ("dislikes", True, (
rf"\b{_S} (?:have |'ve )?(?:got )?(?:no|not much|little) (?:time|use|love|patience|interest|appetite) (?:for|in)\s"
r"+(?P<v>.+)$"
)),
    ("dislikes", True, rf"\b{_S} (?:don't|do not|never) (?:watch|read|drink|do|buy|cook with|order)\s+(?P<v>.+)$"),
    ("dislikes", True, r"^(?:please )?stop (?:recommending|suggesting|offering|proposing)(?: me| us)?\s+(?P<v>.+)$"),
    ("dislikes", True, r"^no (?P<v>[a-z ]+?) (?:please )?(?:ever|ever again|for me ever|in this house)$"),
    ("likes", True, rf"\b{_S} (?:slowly |really |finally )*(?:warming|warmed) (?:up )?to\s+(?P<v>.+)$"),
    ("likes", True, r"^(?P<v>[a-z' ]+?) (?:has|have|is|are|'s) (?:really |slowly |finally |rather )*(?:grown|"
    r"growing|grew) on (?:me|us)\b"),
    ("dislikes", True, (
        rf"\b{_S} (?:can't be doing with|can't get (?:on|along) with|(?:have )?never (?:got|gotten) on with|could do "
        r"without|can do without|(?:am |are )?not (?:one|1) for|(?:am |are )?not big on|won't go near|avoid|steer "
        r"clear of|won't (?:eat|drink|touch|watch|listen to)|have an aversion to|draw the line at|have had it with)\s"
        r"+(?P<v>.+)$"
    )),
    ("likes", True, r"\b(?:my|our) (?:kind|sort|type|style|idea) of [a-z]+(?: [a-z]+)?(?:'s| is| are)\s+(?P<v>.+)$"),
    ("is_fan_of", False, rf"\b{_S} (?:have )?(?:gave up on|given up on|turned my back on|jumped ship "
    rf"from)\s+(?P<v>.+)$"),
    ("dislikes", True, rf"\b{_S} no (?:great |big |huge )?(?:fans?|friends?|lovers?) of\s+(?P<v>.+)$"),
    ("dislikes", True, (
        rf"\b(?:can't|couldn't|won't|wouldn't) (?:honestly |really )?say (?:that )?(?:i|we) {_SO}(?:like|love|enjoy|"
        r"care for)\s+(?P<v>.+)$"
    )),
    ("likes", True, (
        rf"\b{_S} (?:have |'ve |am |'m |are )?{_SO}(?:got |had |have |harbour |nurse |feel |developed |go |going )"
        r"*(?:an? )?(?:bit of (?:an? )?)?(?:[a-z]+ ){0,2}?(?:weak(?:ness)?|soft spot|sweet tooth|passion|thing|"
        r"love|fondness|taste|liking|obsession|addiction|crush|affection|penchant|preference|craving|sucker|stickler)"
        r" (?:for|on|with|to)\s+(?P<v>.+)$"
    )),
    ("likes", True, (
        r"^(?:(?:just |please )?(?:give|hand|get|serve) (?:me|us)|(?:i|we|i'd|we'd|i'll|we'll|i would|we would)(?: "
        r"always| much| sooner| rather)? (?:pick|choose|take|go for|go with|have|opt for))\s+(?P<v>.+? (?:over|"
        r"before|instead of|rather than) .+)$"
    )),
    ("likes", True, r"^(?P<v>[a-z' ]+? over [a-z' ]+?) (?:any day|every time|always|all day long)\b"),
    ("likes", True, r"^you (?:just )?can't beat\s+(?P<v>.+)$"),
    ("likes", True, rf"^(?P<v>[a-z' ]+?) {_PLEASES}$"),
    ("dislikes", True, rf"^(?P<v>[a-z' ]+?) {_BORES}$"),
    ("is_fan_of", True, (
r"^(?:go |come on (?:you )?|up the )?(?:the )?(?P<v>[a-z ]+?),? (?:that's|they're|it's) (?:my|our) (?:team|club|side|"
r"boys|girls)\b"
)),
    ("is_fan_of", True, r"^(?:the )?(?P<v>[a-z ]+?) (?:till|until) i die$"),
    ("is_fan_of", True, (
        rf"\b{_S} (?!the |a |an |not )(?P<v>[a-z]+(?: [a-z]+)?) (?:through and through|till i die|until i die|for "
        r"life|all the way|born and bred)$"
    )),
    ("is_fan_of", True, (
        r"^(?:an? )?(?:big |huge |lifelong |proud |massive )*(?!not |no )(?P<v>[a-z ]+?) (?:fans?|supporters?) "
        r"(?:here|over here|in (?:this|the) house|through and through)$"
    )),
    ("is_fan_of", True, r"^(?P<v>[a-z ]+?) (?:is|are) (?:my|our) (?:absolute |all time |sporting |childhood "
    r")*(?:heroe?s?|idols?)$"),
    ("is_fan_of", False, (
        rf"\b{_S} (?:am |are )?(?:not|no longer) (?:a |an |)(?:{_SO})?(?P<v>[^,]+?) (?:fan|fans|supporter|supporters)"
        r"\b"
    )),
    ("is_fan_of", False, (
        rf"\b{_S} (?:stopped|quit|no longer|don't|given up|gave up|done with|packed in) (?:supporting|support|"
        r"following|follow|rooting for|root for|cheering for|cheer for|back|backing)\s+(?P<v>.+)$"
    )),
    ("dislikes", True, (
        rf"\b{_S} (?:am |are )?(?:not|never)(?: been)? {_SO}(?:a |an |)(?:{_SO})?(?:huge |great |massive |)?fans? "
        r"of\s+(?P<v>.+)$"
    )),
    ("is_fan_of", True, (
        rf"\b{_S} (?:have |'ve |will )?{_SO}(?:support|root for|cheer for|cheer on|barrack for|back|follow|stan|"
        r"rooting for|cheering for|supporting|been following|been supporting|supported|followed|backed|been behind|"
        r"stuck by|stood by|cheered for|rooted for|barrack for|swear by|bleed)\s+(?P<v>.+)$"
    )),
    ("is_fan_of", True, (
        rf"\b{_S} (?:am |are |have been |been )?{_SO}(?:a |an |)?(?:{_SO})?(?:huge |massive |lifelong |life long |die "
        r"hard |diehard |great |proud |devoted |avid |loyal |total |enormous |passionate |keen |long time |longtime )"
        r"*(?:fans?|supporters?|followers?|devotees?) of\s+(?P<v>.+)$"
    )),
    ("is_fan_of", True, (
        rf"\b{_BE} {_SO}(?:a |an )?(?:{_SO})?(?:huge |massive |lifelong |life long |die hard |diehard |great |proud |"
        r"devoted |avid |loyal |total |enormous |passionate |keen |long time )*(?P<v>[^,]+?) (?:fans?|supporters?)"
        r"(?: (?:for life|since .*|through and through|now|all the way|again|at heart|in this house))?$"
    )),
    ("is_fan_of", True, (
        r"\b(?:my|our) (?:favou?rite )?(?:team|club|side|football team|soccer team|football club|hockey team|"
        r"baseball team|basketball team|rugby team|cricket team|player|athlete|driver|footballer)(?:'s| is| are)(?: "
        r"the)?\s+(?P<v>.+)$"
    )),
    ("is_fan_of", True, r"\b(?P<v>[a-z ]+?) (?:is|are) (?:my|our) (?:favou?rite )?(?:team|club|side|player|"
     r"football team)$"),
    ("is_fan_of", True, (
        r"\b(?:my|our) favou?rite (?:band|singer|artist|musician|rapper|composer|group|dj|actor|actress|writer|"
        r"author)(?:'s| is| are)\s+(?P<v>.+)$"
    )),
    ("is_fan_of", True, r"^(?:i'm |i am |we're )?(?:the |your |one of the |the world's )?(?:biggest|greatest|"
                        r"number 1) (?P<v>[a-z' ]+?) fans?\b(?! of\b).*$"),
    ("dislikes", True, r"\b(?:my|our) least favou?rite [a-z ]*?(?:'s| is| are)\s+(?P<v>.+)$"),
    ("likes", True, (
        r"\b(?:my|our) (?:all time |absolute |number 1 )?favou?rite(?: [a-z]+){0,3}?(?:'s| is| are| has to be| "
        r"would be| will always be)\s+(?P<v>.+)$"
    )),
    ("likes", True, (
        r"^(?:and |also |so )*(?P<v>[a-z' ]+?) (?:is|are|(?:has|have)(?: always)? been) (?:my|our) (?:all time |"
        r"absolute )?(?:favou?rites?|thing|jam|guilty pleasure|comfort food|go to|weakness|passion)(?: [a-z]+){0,2}"
        r"$"
    )),
    ("likes", False, (
        r"\b(?:forget|stop (?:saying|thinking|telling (?:people|me|us|everyone|everybody)|assuming)) (?:that |about )"
        r"?(?:i|we|me|my)(?: ever)?(?: said (?:that )?(?:i|we))? (?:like|liked|love|loved|liking|loving|enjoy|"
        r"enjoyed|adore)\s+(?P<v>.+)$"
    )),
    ("dislikes", False, (
        r"\bforget (?:that |about )?(?:i|we|me|my)(?: ever)?(?: said (?:that )?(?:i|we))? (?:hate|hated|hating|"
        r"dislike|disliked|don't like|can't stand|disliking)\s+(?P<v>.+)$"
    )),
    ("is_fan_of", False, (
        r"\bforget (?:that |about )?(?:i'm|i am|i was|we're|me being) (?:a |an )?(?:fan of )?(?P<v>.+?)(?: (?:fan|"
        r"supporter))?$"
    )),
    ("dislikes", False, (
        rf"\b{_S} (?:don't|do not|no longer) {_SO}(?:hate|dislike|mind|loathe|detest)\s+(?P<v>.+?)(?: any ?more| any "
        r"longer| now)*$"
    )),
    ("likes", False, (
        rf"\b{_S} (?:stopped|quit|no longer|have stopped) {_SO}(?:liking|loving|like|love|enjoy|enjoying|listening to|"
        r"eat|eating|care for|into|listen to|watching|drinking)\s+(?P<v>.+)$"
    )),
    ("likes", False, (
        rf"\b{_S} {_SO}(?:over|done with|(?:had )?enough of|had (?:my|our) fill of|gone (?:right |clean |completely )"
        r"?off|went (?:right |clean )?off|tired of|grown out of|fed up with|outgrown|sick of|bored (?:of|with))\s"
        r"+(?P<v>.+)$"
    )),
    ("likes", False, (
        rf"\b{_S} (?:don't|do not|am not|are not|not) {_SO}(?:like|love|enjoy|into|care for|listen to|adore|fond of|"
        r"keen on)\s+(?P<v>.+?) (?:any ?more|any longer|these days)$"
    )),
    ("likes", False, (
        rf"\b{_S} used to {_SO}(?:like|love|enjoy|adore|be into)\s+(?P<v>.+?)(?: but not any ?more| but no longer| "
        r"any ?more)$"
    )),
    ("dislikes", True, (
        rf"\b{_S} {_SO}(?:hate|hated|dislike|can't be (?:doing|dealing|bothered) with|can't get (?:my|our) head (?:a)"
        r"?round|can't get into|can't stand|cannot stand|can't bear|detest|loathe|despise|can't abide|couldn't stand|"
        r"am sick of|abhor|have always hated|can't take|can't deal with|can't handle|always hated)\s+(?P<v>.+)$"
    )),
    ("dislikes", True, (
        rf"\b{_S} (?:don't|do not|never|didn't|have never|'ve never) {_SO}(?:like|liked|love|enjoy|enjoyed|care for|"
        r"want to hear|want to see|listen to|dig|fancy|want any|go for|go (?:any ?where )?near|eat|touch|want)\s"
        r"+(?P<v>.+)$"
    )),
    ("dislikes", True, (
        rf"\b{_S} (?:am |are |'m |'re )?(?:not|never been|never)(?: {_SO})?(?:into|keen on|fond of|big on|crazy about|"
        r"mad about|wild about)\s+(?P<v>.+)$"
    )),
    ("dislikes", True, (
        rf"\b{_S} (?:am |are )?not (?:a |an |much of a |really a )(?P<v>[a-z ]+?) (?:person|people|lover|guy|girl|"
        r"drinker|eater|family|household)$"
    )),
    ("dislikes", True, (
        r"^(?:please |and |so )*(?:never|don't ever|do not ever|don't)(?: ever)? (?:play|suggest|recommend|put on|"
        r"offer|show me|give me|cook|order|play me) (?:me |us )?(?:any |anything by |anything from |anything with )"
        r"?(?P<v>.+?)(?: (?:again|ever again|any ?more|ever|to me))*$"
    )),
    ("dislikes", True, r"^(?:please |just |do )*spare (?:me|us) (?:from |the |your |any |all )*"
     r"(?!jokes|details|humou?r|the (?:jokes|details))(?P<v>[a-z' ]+)$"),
    ("dislikes", True, r"^(?:please )?(?:no more)\s+(?P<v>.+?)(?: (?:please|ever|again|songs))*$"),
    ("dislikes", True, (
        r"^(?P<v>[a-z' ]+?) (?:is|are) (?:not (?:my|our) (?:thing|cup of tea|taste|style|favou?rite)|not for (?:me|"
        r"us)|disgusting|horrible|gross to me)$"
    )),
    ("likes", True, rf"\b{_S} (?:would |'d )?{_SO}prefer\s+(?P<v>.+)$"),
    ("likes", True, (
        rf"\b{_S} {_SO}(?:love|loves|like|likes|adore|enjoy|enjoys|dig|have a (?:soft spot|thing|weakness|passion|"
        r"sweet tooth|preference) for|live for|can't get enough of|can't live without|can't resist|swear by|have "
        r"always loved|always loved|loved|worship|treasure|can never get enough of|like nothing more than|love "
        r"nothing more than|have a love of)\s+(?P<v>.+)$"
    )),
    ("likes", True, (
        rf"\b{_S} (?:am |are |have been |been |'ve been )?{_SO}(?:into|fond of|keen on|crazy (?:about|for)|mad "
        r"(?:about|for)|nuts about|wild about|obsessed with|partial to|addicted to|a sucker for|suckers for|big on|"
        r"hooked on|passionate about|in love with|a big lover of|a lover of|lovers of|getting into|enthusiastic "
        r"about|devoted to|all about)\s+(?P<v>.+)$"
    )),
    ("likes", True, (
        rf"\b{_S} (?:am |are )?{_SO}(?:a |an )(?:{_SO})?(?P<v>[a-z ]+?) (?:person|people|lover|lovers|guy|girl|gal|"
        r"enthusiast|junkie|addict|nut|buff|freak|geek|nerd|aficionado|drinker|household|family|home|house)$"
    )),
    ("likes", True, r"\bnothing beats\s+(?P<v>.+)$"),
    ("likes", True, r"\bremember (?:that )?(?:i|we) (?:love|like|adore|enjoy)\s+(?P<v>.+)$"),
)  # fmt: skip
_COMPILED = tuple((kind, holds, regex(pattern)) for kind, holds, pattern in _PATTERNS)
_OVER = regex(r"^(?P<v>.+?) (?:over|to|before|rather than|more than|instead of|than|not) .+$")
_TAIL = regex(
    r" (?:lately|recently|religiously|really|after all|here|over here|myself|every time|a lot|so much|very much|too|"
    r"these days|nowadays|now|any ?more|"
    r"any longer|again|please|best|most|the most|more than anything|the best|at all|to bits|to death|with a passion|"
    r"by far|as well|though|you know|of course|for breakfast|for dinner|for lunch|(?:(?:\d+|some|a few|many|several) "
    r")?(?:years|months|weeks|ages|a while) ago|long ago|since .+|when .+|because .+|as .+|"
    r"but .+|so .+|and (?:i|we|it|they|that) .+|if .+|while .+|especially .+|the .+ (?:driver|player|singer|team|"
    r"band|racing .+)|in general|for years|forever|ever since|for ever|all my life|okay|ok|right|by the way|always|"
    r"ever|every day|every morning|all day|all the time|and all that|(?:in|on|with|for|at|from|after|before|during|"
    r"around) .+|a bit|a little|a great deal|immensely|dearly|through and through|remember that|don't you know|"
    r"thanks|the band|the singer|the team|through thick and thin|and always will|and always have|loads|tons|"
    r"massively|either)$"
)
_HEAD = regex(
    r"^(?:the (?!all )|an? (?!bit |touch |spot |dash |drop |glass |cup |slice |plate )|some |any |all |my |our |to "
    r"(?:listen to|watch|eat|drink|read|play|hear|have|see|go|do|cook) |listening to |watching |eating |drinking |"
    r"playing |reading |hearing |anything (?:with|by|from|to do with) |having |a (?:bit|touch|spot|dash|drop|glass|"
    r"cup|slice|plate) of |a good |a nice |good |a bit of |lots of |a lot of |most |both |everything by |everything "
    r"about |all kinds of |every kind of |songs by |music by |films by |movies by |books by |films with |movies with "
    r"|the music of |the songs of |really |when it's |it |kind of )"
)
_NO_VALUE = regex(
    r"^(?:an?|to (?:bother|interrupt|disturb|be|say|ask|admit|break|disappoint|nag|complain|rush|trouble|tell|think) "
    r".*|it|.*\b(?:from|on|with|in|about|of) (?:it|them|there)|(?:the |that )?other(?: (?:1|one|ones))?|(?:that|this|"
    r"those|these|today's|tonight's)(?: .*)?|them|you|you (?:good|thank|so|all|lot|too|very).*|your .*|him|her|"
    r"me|us|"
    r"to|the way.*|how .*|"
    r"when .*|what .*|that (?:1|song|answer|joke|idea|one).*|this (?:1|song|one|answer|music|film|show).*|these|"
    r"those|the (?:song|sound of that|idea|joke|answer|new|voice|look|fact|way).*|be|being .*|getting .*|having to "
    r".*|waiting .*|a (?:coffee|cup|drink|tea|hug|beer|snack|minute|moment|word|break|nap|lift|ride|hand|bit|second)"
    r"(?! of\b).*|not|nothing|anything|everything|something|somewhere|going|so|much|one|[a-z]+ (?:on |in |from )"
    r"?there|1|both|either|likely|see .*|know .*|think .*|do .*|need .*|care.*|go .*|want .*|mind.*|hear .*|here|"
    r"there|her .*|his .*|their .*|my (?:job|life|wife|husband|kids|mum|mom|dad|dog|cat|new .*|house|home|boss|"
    r"family|friends|girlfriend|boyfriend|car).*)$"
)
_ONE_OFF = regex(
    r"\b(?:i'd|we'd|i would|we would|i'll|would) (?:really |just )?(?:like|love|prefer|rather|enjoy)\b|\blike to "
    r"(?:know|hear|order|book|have|get|see|ask|turn|set|buy|be|go|play)\b|\bfeel like\b|\blook(?:s|ing)? like\b|\b"
    r"sounds? like\b|\bwould love\b|\bthe fan\b"
)


def tastes(words: str, *, household: bool, ended: bool) -> Iterator[Preference]:
    """Yield the tastes that a normalised clause states; the first wording that fits counts."""
    if _ONE_OFF.search(words) and not re.search(r"\brather\b.* than\b", words):
        return
    scope: Literal["person", "household"] = "household" if household else "person"
    for kind, holds, pattern in _COMPILED:
        match = pattern.search(words)
        if match is None:
            continue
        values = list(_values(match["v"]))
        if not values:
            continue
        over = ended and kind in ("likes", "is_fan_of") and "used to" not in match[0]
        for value in values:
            yield Preference(type=kind, value=value, scope=scope, polarity=1 if holds and not over else -1)
        return


def _values(said: str) -> Iterator[str]:
    said = said.strip()
    better = _OVER.match(said)
    if better is not None and not re.match(r"(?:listening|going|to) ", said):
        said = better["v"]
    for part in (
        re.split(r" and (?=[a-z]+(?: [a-z]+)?$)", said)
        if not re.search(
            (
                r"rock and roll|drum and bass|fish and chips|mac and cheese|rhythm and blues|r and b|salt and|gin "
                r"and|country and"
            ),
            said,
        )
        else [said]
    ):
        value, before = part.strip(), ""
        while value != before:
            before = value
            if _NO_VALUE.match(value):
                break
            value = _HEAD.sub("", _TAIL.sub("", value)).strip()
        if value and not _NO_VALUE.match(value) and len(value.split()) <= 5:
            yield value
