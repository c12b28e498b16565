"""Wordings of statements about concepts: declare, name, correct, forget, list or show.

In a wording, "x" is the word and "y" its meaning; "y2" holds both, "without" is removed from the meaning.

Limit: English.
"""

from __future__ import annotations

import re
from typing import Literal

from uptake.text.patterns import regex

__all__ = ["VERB", "WORDINGS", "StatementKind"]

StatementKind = Literal[
    "declare", "say", "maybe", "name", "correct", "forget", "rename", "list", "private", "show", "keep", "trigger"
]

VERB = (
    r"(?:turn|set|put|make|switch|lock|unlock|dim|play|close|open|start|run|stop|shut|mute|raise|"
    r"lower|bring|give|pause|kill"
    r"|brighten|draw|keep|have|activate|do|use|drop|pull|arm|disarm|dock|send|change|crank)"
)
"""Verbs that statements order with."""
_VERBS = (
    r"(?:turns|sets|puts|makes|switches|locks|unlocks|dims|plays|closes|opens|starts|runs|stops|"
    r"shuts|mutes|raises|lowers"
    r"|brings|gives|pauses|kills|brightens|draws|keeps|activates|does|drops|pulls|sends|changes)"
)
_SAY = (
    r"(?:says?|tell you|talk about|speak of|speak about|refer to|write|ask for|call out|yell|shout|"
    r"mention|said|whisper|announce|go|type|ask you for|use the word)"
)
_HEAR = (
    r"(?:(?:when|whenever|every ?time|any ?time|each time|if|once|as soon as)(?: ever)? (?:i|we|i'm|"
    r"(?:any|some)(?:one|body)(?: here| at home| in (?:this|the|our) (?:house|home|family|flat))?|1 of us|one of "
    r"us|the kids)(?: ever)? (?:saying "
    r"|{say})|(?:when|whenever|if) you(?: ever)? (?:hear|catch|pick up"
    r"|get(?! (?:(?:an?|some|the|1|any) (?:\w+ )?(?:moment|minute|mo|second|sec|chance|break|time|tick|opportunity)"
    r"|round|to|home|there|back|done|bored)\b))(?: (?:me|us)(?: (?:say|go|shout|yell|"
    r"saying))?|"
    r" us say)?|(?:on |upon )?hearing|upon|at the (?:word|words|phrase|command|cry of)|(?:when|whenever|if) it(?: "
    r"ever)? sounds like|saying|on)"
)
_LOOK = r"(?:settings?|scene|setup|lights?|lighting|state|mood|combination|combo|look|things?|ones?|actions?|steps?)"
_THAT = (
    rf"(?:(?:this|that|these|those)(?: (?:last|current))?(?: (?:2|two|3|three))?(?: {_LOOK})?|it|"
    rf"both(?: of (?:those|them|these))?|(?:all|everything)(?: of)? (?:that|those|this|it)|the last (?:(?:2|two|3|"
    rf"three)"
    rf"(?: {_LOOK})?|{_LOOK})|how (?:it|this|that) is(?: now)?|how (?:things|they) are(?: now)?|"
    r"what (?:i|you|we) just (?:did|said|asked for))"
)
_WORD = r"(?:name|word|nickname|term|label|expression)"
_OUR = r"(?:our|my|the|his|her|their) "
_WHO = r"(?:we|i|they|he|she|everyone|everybody|people|(?:my|our|the) \w+|(?!please|can|could|just|then|and|to)[a-z]+)"
_X = r"[\"']?(?P<x>[^,;:\"]+?)[\"']?"
_GO = (
    r"(?:then |you (?:should|can|could|must|need to|have to|ought to)(?: please)? |please |i want you "
    r"to |i'd like you to |go and |just |do this:? |it's time to |that's when you )*"
)
_PATTERNS: tuple[tuple[StatementKind, str], ...] = (
    ("correct", r"^(?:i|we|you)(?:'ve| have)? (?:got|had|set|made|put)\s+" + _X + (
        r"\s+(?:all |quite )?wrong[,;.]\s+(?:it|that|\w+(?: \w+)?) (?:should|ought to|needs to|has to|must) be "
        r"(?P<y>.+)$"
    )),
    ("correct", r"^(?:(?:for|to|with) me,?\s+)?" + _X + (
        r"\s+(?:is|means|was) (?:something |quite |rather |a bit )*(?:else|different|otherwise)[,;:.]\s+"
        r"(?:it|that) (?:means|is|should be|has to be) (?P<y>.+)$"
    )),
    ("name", (
        rf"^{_HEAR}\s+{_X}[,;:]?\s+(?:then )?(?:it's|it is|it means|that means|that's|that is|i mean|"

rf"we mean|i meant|it should be|understand|think|read it as|take it as|make it|it's really|i'm "
rf"(?:talking about|referring to|after)|i refer to|we're talking about|think of|(?:i|we) want|(?:i'd|we'd) like|"
rf"assume)\s+(?P<y>.+?)(?: (?:i'm after|i'm talking about|i want|i mean|i need))?$"

    )),
    ("say", (
rf"^(?:i say|you hear)\s+{_X}\s*[,;:]?\s+(?:then |and )?you(?: should| will| can| "
rf"then)?\s+(?P<y>{VERB}\b.+)$"
)),
    ("correct", r"^(?:change|update|redefine|adjust|fix|edit|correct|modify|redo|rework|(?:a )?"
     r"new (?:meaning|definition|version|setting|settings) (?:for|of))\s+" + _X + r"\s*[,;:\-]\s*(?P<y>.+)$"),
    ("say", rf"^(?:i'm (?:going to|gonna)|i'll|i will|i might)(?: just| sometimes)? {{say}}\s+{_X}\s*[,;:]?\s+(?:and )?"
     rf"(?:then )?(?:(?:i want |i'd like )?you (?:to |should |will |can )?|that means )?(?P<y>{VERB}\b.+)$"),
    ("say", rf"^{_HEAR}\s+{_X}\s*[,;:]\s*(?P<go>{_GO})(?P<y>.+)$"),
    ("say", (
        rf"^{_HEAR}\s+{_X}\s+(?:then |it means |that means |i mean |you should |i want (?:you to )?|"
        rf"please |i'd like (?:you to )?|do this:? )(?P<y>.+)$"
    )),
    ("say", rf"^{_HEAR}\s+{_X}\s+(?P<y>(?:the [a-z ]+ should|{VERB}\b).+)$"),
    ("name", r"^(?:by|with)\s+" + _X + r",?\s+(?:i|we)\s+(?:just |really |always )?mean\s+(?P<y>.+)$"),
    ("declare", r"^(?:by|with)\s+" + _X + r",?\s+(?:i|we)\s+(?:just |really |always )?mean\s+(?P<y>.+)$"),
    ("rename", r"^(?:rename|re-name)\s+(?P<y>.+?)\s+(?:to|as|into)\s+(?P<x>.+)$"),
    ("rename", r"^(?:change the name of)\s+(?P<y>.+?)\s+(?:to|into)\s+(?P<x>.+)$"),
    ("keep", (
        rf"^(?:let's |let us |i'll |we'll )?(?:call|name|save|store|keep|remember|learn|record|file)\s+{_THAT}\s+"
        r"(?:as |under |for )?(?:the name |a scene called |called )?(?P<x>.+)$"
    )),
    ("keep", (
r"^(?:what we have|what i have|how it is|the way (?:it|this) is|this setting|this setup)(?: "
r"right)?(?: now)? (?:is|is called|shall be)(?: called)? (?P<x>[^,;:]+)$"
)),
    ("keep", r"^(?:that|this|that's|this is|that is)\s+(?:is\s+)?(?:"
     r"called |what i (?:call|mean by) |my )(?P<x>[^,;:]+)$"),
    ("name", rf"^{_WHO}(?: all| always| usually| often| just| like to)* calls? (?P<y2>.+)$"),
    ("name", r"^(?:let's |let us |we'll |i'll |i want to |i |we |i hereby )?(?:call|nickname|christen|dub|baptise|"
        r"baptize) (?P<y2>.+)$"),
    ("name", (
        r"^(?P<y>.+?)(?:'s| is| are|'s also| is also)\s+(?:called|known as|nicknamed|named|referred to as|"
        r"going by)\s+(?P<x>.+)$"
    )),
    ("name", r"^(?P<y>.+?)'s\s+(?:other |second |pet |new |proper |real )*(?:nick)?name is\s+(?P<x>.+)$"),
    ("name", r"^(?:meet|say (?:hello|hi) to|introducing)\s+" + _X
     + r"[,;:]\s+(?:(?:it's|it is|that's|that is|she's|he's|they're|aka|also known as|otherwise known "
     r"as)\s+)?(?P<y>.+)$"),
    ("name", r"^(?:take|treat|read|hear|interpret|understand|count|think of|regard|consider)\s+" + _X
     + r"\s+(?:as|to be|to mean|like)\s+(?P<y>.+)$"),
    ("name", r"^" + _X + r"[?,;!.]+\s+(?:i|we) (?:mean|meant|want|wanted|said)\s+(?P<y>.+)$"),
    ("name", (
rf"^(?:an?other |{_OUR}|an? )(?:family |house |pet |silly |new "
rf")?{_WORD}\s+for\s+(?P<y>.+?)\s+(?:is|=|would be)\s+(?P<x>.+)$"
)),
    ("name", (
r"^(?P<y>.+?)\s+(?:(?:also )?(?:goes by|answers to|has a nickname,?)|has (?:another|a second) "
r"name,?)\s+(?:the name (?:of )?)?(?P<x>.+)$"
)),
    ("name", r"^" + _X + (
rf"\s+(?:is|are)\s+(?:just |really |actually |also )*(?:(?:an?other |{_OUR}|an? |short |slang "
rf")(?:family |house |pet |silly |new )?(?:{_WORD}\s+)?for|what {_WHO}(?: all| always)? calls?|"
rf"how {_WHO} (?:refer to|call)s?)\s+(?P<y>.+)$"
)),
    ("name", r"^" + _X + r"\s+and\s+(?P<y>.+?)\s+(?:are|is)\s+(?:the same(?: thing| one)?|identical)$"),
    ("name", r"^" + _X + (
        r"\s+(?:is really|is actually|is just|is supposed to be|is the same (?:thing )?as|means|are|is|refers to|"
        r"stands for|should be|would be|equals|=|belongs to)\s+(?P<y>.+)$"
    )),
    ("correct", r"^(?:i|we)(?:'ve| have)? changed (?:my|our) minds? (?:about|on)\s+" + _X
     + r"[,;.:]\s+(?:make it|it's|it is|it should be|it wants to be|now it's)?\s*(?P<y>.+)$"),
    ("correct", r"^" + _X + r"\s+(?:was|is|were) (?:wrong|not right|off|incorrect|no good)[,;.:]\s+(?:make it|it's|"
        r"it is|"
     r"it should be|it means)?\s*(?P<y>.+)$"),
    ("correct", r"^(?:add|include)\s+(?P<y>.+?)\s+(?:to|in|into)\s+" + _X + r"$"),
    ("correct", r"^(?:remove|take|leave|drop|delete|cut|strike)\s+(?P<without>.+?)\s+(?:out of|from)\s+" + _X + r"$"),
    ("correct", r"^" + _X + r"\s+(?:should|has to|needs to|must|ought to) (?:also |too )?(?P<y>" + VERB + r"\b.+)$"),
    ("correct", r"^(?:change|update|redefine|adjust|fix|edit|make|set|switch|turn|bump|bring|take|crank)\s+" + _X
     + r"\s+(?:(?:up |down )?to(?: be| mean)?|so (?:that )?(?:it|that)|into|mean)\s+(?P<y>.+)$"),
    ("correct", r"^" + _X + (
        r"\s+(?:should (?:be|have been|mean|now be|use|include)|is now|is actually|ought to be|needs to be|"
        r"must be|now means|means|is|needs|wants|gets|has to be|shall be)\s+(?P<y>.+)$"
    )),
    ("correct", r"^(?P<y>(?:use|play|take|do|have|make it|put)\b.+?)\s+(?:for|as|in|when i say)\s+" + _X + r"$"),
    ("correct", r"^(?:for|in|with)\s+" + _X + r"[,:]?\s+(?P<y>.+)$"),
    ("declare", r"^" + _X + (
        r"\s+(?:means|should mean|stands for|is code for|is (?:short|shorthand|slang|a code|my code|our code) for|"
        r"shall mean|will mean|=|equals|"
        r"translates to)(?: that(?: you(?: should)?)?| you(?: should)?| to| i want)?\s+(?P<y>.+)$"
    )),
    ("declare", r"^" + _X + (
        r"\s+(?:has|is given|gets|is getting|needs) (?:a|its own|another|this) (?:new |special |secret )?"
        r"meaning(?: here| now)?\s*[:,;]\s*(?P<y>.+)$"
    )),
    ("say", r"^" + _X + (
        r"\s+(?:is|means it's|will be|shall be) (?:your|the|my|our|a) (?:cue|signal|sign|prompt|call|reminder) "
        r"(?:for you )?(?:to|that you (?:should|can|must)) (?P<y>.+)$"
    )),
    ("declare", (
        r"^(?:call|name|save|store|keep|remember|learn|record|file)\s+(?:this|that|the following) "
        r"(?:as|under|for)\s+"
    ) + _X + r"\s*[:;]\s*(?P<y>.+)$"),
    ("declare", r"^(?:i want|i'd like|let|have)(?: you)? (?:to )?(?:know|learn|remember|understand) what\s+" + _X
     + r"\s+(?:means?|is|does|stands for)\s*[:,;]\s*(?P<y>.+)$"),
    ("declare", r"^what (?:i|we) (?:mean|understand|want) by\s+" + _X + r"\s+(?:is|are)\s+(?P<y>.+)$"),
    ("name", r"^(?:i|we) (?:all )?(?:use|say|have)(?: the)?(?: (?:word|term|phrase|name|expression))?\s+" + _X
     + r"\s+(?:for|to mean|to refer to|when (?:i|we) mean)\s+(?P<y>.+)$"),
    ("declare", r"^(?:i|we) (?:all )?use (?:the )?(?:word|term|phrase|name|expression)?\s*" + _X
     + r"\s+(?:for|to mean|when (?:i|we) want)\s+(?P<y>.+)$"),
    ("declare", r"^(?:consider|take|treat|regard|read|understand)\s+" + _X + r"\s+(?:to be|as|to mean)\s+(?P<y>.+)$"),
    ("name", r"^" + _X + r"\s+is\s+(?:the|a) (?:nick)?name (?:of|for)\s+(?P<y>.+)$"),
    ("name", r"^(?P<x>[a-z]+(?: [a-z]+)?)'s\s+(?P<y>(?:the|my|our)\s+.+)$"),
    ("declare", r"^what\s+" + _X + r"\s+(?:means?|is|does|stands for)(?: is)?\s*[:,;]\s*(?P<y>.+)$"),
    ("declare", r"^(?:i want|i'd like|make|let|have)\s+" + _X
     + rf"\s+(?:to mean|mean|to do|to be|be|stand for|to stand for|to(?= {VERB}\b))\s+(?P<y>.+)$"),
    ("declare", r"^(?:when|whenever|if|once|every time)\s+" + _X
     + r"\s+(?:is|gets) (?:said|mentioned|called|announced|shouted),?\s+(?P<y>.+)$"),
    ("declare", r"^(?P<y>.+?)\s+is what (?:i|we) (?:mean by|call|understand by)\s+(?P<x>[^,;:]+)$"),
    ("declare", r"^(?:(?:a |the |your |my |our )*(?:new )?(?:command|rule|cue|code ?word|keyword|password|signal|"
    r"trigger|"
     r"magic word|word|phrase)(?: is| for you is|,)? )" + _X + r"\s*[:,\-]\s*(?P<y>.+)$"),
    ("declare", (
        r"^(?:define|set up|create|make|add|program|learn|record|save|build|configure|invent|introduce)\s+(?:a "
        r"|an |the )?(?:new )?(?:routine|scene|concept|command|mode|word|phrase|setting|shortcut|rule|"
        r"macro)?\s*(?:called |named |for |by the name of )?"
    ) + _X + r"\s*(?:as|:|which|that|is|=|means?|to be|so (?:that )?it|, |with|and have it|to)\s+(?P<y>.+)$"),
    ("name", r"^" + _X + (
r"[,;?]\s+(?:that's|that is|it's|which is|that means|i mean)(?: what (?:we|i) "
r"call)?\s+(?P<y>.+)$"
)),
    ("declare", r"^(?P<y>.+?),?\s+(?:that's|is|that is|this is) what\s+" + _X + r"\s+(?:means|is|does|stands for)$"),
    ("declare", r"^(?P<y>.+?)\s+(?:is|are|gets|will be|shall be)\s+(?:called|named|known as)\s+(?P<x>[^,;:]+)$"),
    ("declare", r"^" + _X + r"\s+(?P<y>" + _VERBS + r"\b.+)$"),
    ("declare", r"^" + _X + r"\s+(?:should|will|shall|is supposed to|has to|must|ought to|is meant to|is to)\s+"
     r"(?:get you to |make you |have you |tell you to )?(?P<y>"
     + VERB + r"\b.+)$"),
    ("declare", r"^(?:for|on|at)\s+" + _X + r"\s*[,:]\s*(?P<y>" + VERB + r"\b.+)$"),
    ("declare", r"^(?:for)\s+" + _X + r"\s+(?P<y>" + VERB + r"\b.+)$"),
    ("declare", (
        r"^(?P<y>.+?)[,;:.\-]+\s*(?:that's|that is|and that's|and call (?:that|it)|call (?:that|"
        r"it)|and (?:we|i) call (?:that|it)|(?:we|i) call (?:that|it)|this is|so that's|is what i call)(?: "
        r"called| what i call| my)?\s+(?P<x>[^,;:]+)$"
    )),
    ("declare", r"^" + _X + r"[,;?.]\s+(?:that's|that is|it's|which is|that means|it means)(?: when| where)"
        r"?\s+(?P<y>.+)$"),
    ("declare", r"^(?P<y>" + VERB + r"\b.+?),?\s+(?:(?:when|whenever|every ?time|any ?time|each time|if) (?:i|we) "
     + _SAY + r"|(?:on|upon) hearing|(?:when|whenever|if) you hear)\s+(?P<x>[^,;:]+)$"),
    ("maybe", r"^" + _X
     + r"(?:\s*:|,?\s+(?:is when|is where|is like|is just|is|are|-|(?:goes|works|looks) (?:like )?(?:this|so|as "
         r"follows):?))\s+(?P<y>.+)$"),
    ("rename", r"^(?P<y>.+?)\s+(?:is|shall be|should be|will be) (?:now )?(?:called|named|known as)\s+(?P<x>[^,;:]+)$"),
    ("forget", (
        r"^(?:forget|delete|remove|unlearn|erase|drop|clear|get rid of|lose|discard|scrap|wipe|kill|"
        r"bin|ditch|retire|trash|dump|chuck(?: out)?|junk)\s+(?:about |whatever "
        r"|the meaning of |what i (?:said|told you|taught you) about |what |the (?:word|concept|name|"
        r"alias|nickname|scene|routine|phrase|meaning of) |my )?(?P<x>.+?)(?: means?| is| stands for)?"
        r"(?:[,;.:] .*)?$"
    )),
    ("forget", (
        r"^(?P<x>.+?)\s+(?:doesn't mean anything|is no longer (?:a thing|a word|needed)|means nothing|"
        r"is gone|is history|can go|is (?:retired|obsolete|over|dead|finished(?: with)?|no more|out|done with))$"
    )),
    ("forget", r"^(?:don't|do not|stop|no longer|no more) (?:use|using|remember|remembering|know|need)\s+(?P<x>.+)$"),
    ("forget", r"^(?:wipe|erase|delete|clear|remove|drop|take)\s+(?P<x>.+?)\s+(?:from|out of|off) (?:your|the) "
     r"(?:memory|mind|head|brain|list|books)$"),
    ("forget", r"^(?:i|we) (?:don't|do not|no longer|won't|will not) (?:be )?(?:need|want|use|have|needing|using)\s+"
     r"(?P<x>.+?)(?: any ?more| again| any longer)*$"),
    ("forget", r"^(?:i'm|i am|we're|we are) (?:done|finished|through) with\s+(?P<x>[^,;:]+)"
     r"(?:[,;]? (?:so )?(?:you can )?forget it)?$"),
    ("list", (
        r"^(?:what (?:have|did|all have) (?:you (?:learned|learnt|remembered|stored|picked up)|i (?:taught|"
        r"teach|told))|what do you (?:know|remember) (?:about (?:me|us|my|our)|from me|of what i|that i)|"
        r"(?:list|show|tell me|read out) (?:everything|all|anything) (?:that )?(?:i|you|we)(?:'ve| have)? (?:taught|"
        r"learned|learnt|told|"
        r"know|named)|(?:list|show|"
        r"tell|read)(?: me)?(?: out)?(?: all)?(?: of)? (?:my|our|the|your|what) (?:concepts|routines|"
        r"words|modes|learned|taught|scenes i|preferences|i('ve| have)? taught|you('ve| have)? learned|"
        r"names|things i|aliases|things you)|(?:which|what) (?:words|modes|concepts|names|routines|"
        r"things|scenes|settings|nicknames|commands) (?:do you know|have i taught|did i teach|have you learned|"
        r"of mine|did you learn|are mine)|what are (?:my|our) (?:routines|concepts))"
    )),
    ("private", (
        r"^what (?:did|has|does|have) (?!i\b|you\b|we\b|it\b|the\b|this\b|that\b)(?P<x>[a-z]+(?: [a-z]+)?) "
        r"(?:teach|taught|tell|told|like|call|mean|learn|say)\b"
    )),
    ("show", (
        r"^(?:what (?:did|have) (?:i|we|you) (?:say|said|tell you|told you|teach you|taught you|decide|decided|"
        r"agree|agreed)"
        r"(?: that| about)?|what(?:'s| is| was| does| did| do)|tell me(?: again)?(?: what)?|remind me (?:what|of)|"
        r"explain|what(?= happens)|how (?:did i|have i|do you) (?:define|defined|understand)|how(?:'s| is| was)(?= "
        r".* (?:set up|"
        r"defined|made|done|meant)$)|do you (?:know|remember)(?: what)?|"
        r"show(?: me)?|describe)\s+(?:the meaning of |i mean by |happens (?:in|with|for|on) |in |about )?(?P<x>.+?)(?: "
        r"again| mean| means| meant| was| should be| do| does| is| set up| set| defined| made| done| stand for| look "
        r"like| at the moment| right now| now| currently| these days| so far| exactly| actually| here| at present| "
        r"to you| for "
        r"you)*[?.!]*$"
    )),
)  # fmt: skip
WORDINGS = tuple((kind, regex(pattern.replace("{say}", _SAY), re.IGNORECASE)) for kind, pattern in _PATTERNS)
"""(kind, wording), the likeliest first."""
