"""Remove the frame of a statement about concepts: address, courtesies, "from now on", "if it's me asking".

Limit: English.
"""

from __future__ import annotations

import re

from uptake.teaching.concepts.house import House
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["announced", "request_alone", "without_frame"]

_LEAD = regex(
    r"^(?:(?:hey|hi|hello|ok|okay|alright|so|listen|look|well|right|um+|uh+|oh|please|no|nope|actually|wait|sorry|"
    r"and|by the way|btw|(?:and )?(?:mine|my (?:version|one|meaning))(?=\s*[,:])|just so you know|for the record|"
    r"note that|one more thing|new rule|new one|teach(?! (?:you|yourself)\b)|lesson|fyi|remember(?! (?:this|that|it|"
    r"these|those|both|the last|how|what)\b[^,;:]{0,24} (?:as|under)\b)(?: that| this)?(?!\s+(?:as|under)\b)|can "
    r"you (?:please )?remember(?: that)?|learn(?: this| that)?|i want (?:you )?to (?:learn|teach you|remember)(?: "
    r"something| this| that)?|let me teach you(?: something| a new (?:one|word))?|(?:i'll |i want to |i'd like to |"
    r"i'm going to )?teach you(?: something| (?:a|1)(?: new)? (?:phrase|word|1|one|thing|mode|command))?|(?:add|new|"
    r"create|make|here's|here is)(?: an?| the| your| 1)?(?: new)? (?:command|rule|phrase|routine|scene|mode|shortcut|"
    r"concept|word)(?=\s*[:,])|(?:you|we) (?:can|may|should|could|might|must|have to|need to)(?: now| please| just| "
    r"also)?(?= (?:call|forget|bin|ditch|scrap|retire|dump|chuck|delete|remove|unlearn|drop|rename|save|store|"
    r"remember)\b)|feel free to(?= call)|hang "
    r"on|hold on|(?:when|if) (?:it's|it is) (?:me|us) (?:asking|talking|speaking|saying (?:it|that|so))|(?:when|if) "
    r"(?:i|we) (?:ask|say it|say so|ask for it)|as for (?:me|us)|in my (?:case|book|world)|speaking for myself|to me|"
    r"i want you to know(?: that)?|take note|mark this|get this|heads up|from (?:here|today|this moment|now) "
    r"(?:on(?:wards?)?|out|forth|in)|starting (?:now|today)|as of (?:now|today)|for me|in (?:this|our) house|for "
    r"(?:(?:everyone|everybody)(?: here| at home)?|all of us|the lot of us|the (?:whole )?(?:family|house|household)|"
    r"us all)(?: in (?:this|the) house)?|going forward|in future|in the future|hereafter|henceforth|always|today you "
    r"learn|(?:can|could|would|will) you(?: please)?|i'd like(?: you to (?:know|learn|remember)(?: that)?)?|i said "
    r"[^.,;]+[.,;]|let's agree that|(?:so )?you know for (?:next|another) time|for next time|can (?:we|i) (?:please )"
    r"?(?:agree|say|settle)(?: on it)?(?: that)?|let's (?:just )?(?:say|agree|decide|settle)(?: on it)?(?: that)?(?= "
    r".* (?:is|are|means?)\b)|(?:here's|this is|that's) (?:how|what) (?:i|we) (?:like|want|do|have|call)|(?:a |the |"
    r"your )?new (?:phrase|word|command|one|name)(?: for (?:you|your list))?(?=\s*[:,])|it's like this|here's the "
    r"thing|you should know(?: that)?|just remember(?: that)?|(?:that|it)(?:'s| is| was) (?:all )?(?:wrong|not right|"
    r"not what i (?:meant|said|wanted)|a mistake)|you got (?:that|it) wrong|i(?:'ve)? changed my mind)[,:;.!\s]+)+",
    re.IGNORECASE,
)
_ANNOUNCED = regex(
    r"^(?:[a-z' ,]*\b(?:new|remember|teach|learn|know|note|later|remind|here's|here is|listen|memo|lesson|rule|word|"
    r"command|phrase|tell you|write|jot|save|store|keep)\b[a-z' ,]*)(?<!mean)(?<!means):\s+(?=\S+ )",
    re.IGNORECASE,
)
"""What only says that something is about to be taught: "here's a new one for you: …"."""
_TAIL = regex(
    r"(?<![,\s])"
    r"(?:[,\s]+(?:every (?:single )?time|each time|always|forever|for good|for ever|from here on(?: out| in)?|as of "
    r"now|got that|understood|capisce|you see|now|mate|ta|cheers|would you|will you|could you|can you|please|okay|ok|"
    r"thanks|thank you|from now on|for me|got it|alright|right|in future|instead|for everyone|for everybody|for all "
    r"of us|for the whole family|any ?more|again|remember that|you hear))+[.!?]*$",
    re.IGNORECASE,
)


_TEACHES = regex(r"\b(?:means?|is|are|equals|stands for|should|does|when (?:i|we|you)|=|:)\b", re.IGNORECASE)


_PARENTHESIS = regex(
    r",\s+(?:by the way|to me|for me|for us|in (?:this|our) (?:house|home|flat|family)|at home|round here|from now "
    r"on|please note|you see|you know|just so you know|as (?:i|we) (?:say|call it))\s*,(?=\s)",
    re.IGNORECASE,
)


_ORDER = regex(
    r"^(?:(?:i|we)(?:'d| would)? (?:want|like|need|love|prefer|expect) (?:you|it) to|you (?:should|must|can|could|"
    r"need to|"
    r"have to|are to)|it's your job to)\s+(?=.*\b(?:when|whenever|every ?time|any ?time|each time|if|once|as soon as|"
    r"the "
    r"moment|upon|on hearing)\b)",
    re.IGNORECASE,
)
"""What only says that it is an order, before what is to be done and when: "I want you to dim the lamp when I say …"."""


def announced(text: str) -> str | None:
    """Return what a text announces that it teaches: "store this: nap time, blinds shut"; None where it does not."""
    match = _ANNOUNCED.match(text)
    return None if match is None else text[match.end() :]


def without_frame(text: str) -> str:
    """Return a statement without what leads to it and what follows it.

    >>> without_frame("ok, from now on you can call the lamp Bob, please")
    'call the lamp Bob'
    """
    text, told = _PARENTHESIS.sub("", text), announced(text)
    text = _ORDER.sub("", told if told is not None and _TEACHES.search(told) else text)
    while (shorter := _TAIL.sub("", _LEAD.sub("", text)).strip(" .!")) != text:
        text = shorter
    return text


_CALLS = regex(
    r"^(?:(?:oi|hey|hi|hello|oh|ugh|argh|sigh|yay|phew|woo|finally|no|nope|kids|guys|folks|everyone|everybody|team|"
    r"people|lads|girls|boys|ladies|gents|right then|right|ok|okay|alright|all right|go on|come on|quick|now then|"
    r"listen|listen up|attention|please|yes|yeah|well|so)[,!.]+|[a-z]+(?: [a-z]+)?!|(?:i'm|we're|it's|he's|she's|"
    r"they're|everyone's|everybody's|somebody's|there's|i am|we are|it is) [^,;:!.]{1,32}[,;:!.]+|(?:the )?same "
    r"(?:again|thing)[,:]|(?:another|one more|1 more|a bit more|one|1) (?:round|go|bit|dose|helping|portion) of)\s"
    r"+(?=\S)",
    re.IGNORECASE,
)
_ASIDE = regex(
    r"(?:(?<![,;.!?])[,;.!?]+\s*|\s-+\s)"
    r"(?:and |but |so |because |cos |'cause |as |since )?(?:i|i'm|i've|i'll|i'd|we|we're|we've|"
    r"we'll|it's|it is|they|they're|he|he's|she|she's|you|you're|there's|that's|my|our|mum|dad|quick|quickly|now|"
    r"please|again|thanks|ta|cheers|mate|love|hen|pet|darling|hun|babe|bud|bro|chief|boss|lad|lass|hurry|chop|"
    r"sharpish|sigh|ugh|yay|phew|alas|finally|at last|sadly|"
    r"hooray|woo|go|come|for|if|don't|before|while|one more time|once more|same as|like)\b[^,;.!?]{0,48}[.!?]*$",
    re.IGNORECASE,
)
_COMPLAINT = regex(
    r"^(?P<what>(?:the |my |our |this )?[\w ]+?)(?:'s| is| are| feels?| looks?| sounds?| seems?) (?:too|so|very|"
    r"really|a bit|way too|rather|quite|getting|far too|bloody) [^,;.!]+[,;.!]+ ",
    re.IGNORECASE,
)
"""What is wrong with something, before it is said what is wanted: "the stove's too hot, summer mode please"."""
_PLAIN_TAIL = regex(
    r"(?<![,\s])[,\s]+"
    r"(?:would be (?:nice|good|great|lovely|perfect)|would do|please|thanks|thank you|would you|will you|could "
    r"you|can you|if you (?:would|could|can|will|please|like|don't mind)|for (?:me|us)|(?:for )?(?:this|one|the|1) "
    r"(?:time|evening|morning|afternoon)|this once|again|once (?:more|again)|one more time|1 more time|for (?:now|a "
    r"bit|a while|tonight|today|once)|tonight|right (?:now|away)|straight away|at once|already|right|yeah|instead|"
    r"then)[.!?]*$",
    re.IGNORECASE,
)


def request_alone(text: str, house: House) -> str:
    """Return a request without who is called, and what is said in passing before and behind it.

    >>> request_alone("kids! pack it in, I mean it", House())
    'pack it in'

    Args:
        text: The request.
        house: Names of the home: what names something of it is not said in passing.
    """
    text, before = _COMPLAINT.sub(r"\g<what> ", text), ""
    while text != before:
        before = text
        for pattern in (_CALLS, _ASIDE, _PLAIN_TAIL):
            match = pattern.search(text)
            if match is not None and len(match[0]) < len(text) and not house.mentions(normalize(match[0]).split()):
                text = f"{text[: match.start()]}{text[match.end() :]}"
    return text
