"""Detect answers that accept a proposed meaning: "go on then", "that's her", "aye, do", "ta".

An answer accepts if all its words are words of assent, address or courtesy, and at least one is of assent. This is used
only if a yes stores a meaning and runs the request; critical actions need a plain yes (`is_agreement`).

Limit: English, and the yes of some other languages.
"""

from __future__ import annotations

from uptake.text.patterns import regex

__all__ = ["accepts", "approves"]

_THEM = r"(?:it|that|this|them|those|these|so|him|her|1)"
_FINE = (
    r"(?:right|correct|fine|good|great|grand|perfect|lovely|nice|brilliant|ideal|excellent|super|superb|splendid|"
    r"smashing|cracking|fab|fabulous|fantastic|magic|neat|wicked|sound|sorted|marvell?ous|terrific|beautiful|"
    r"gorgeous|amazing|tidy|ace|mint|sweet|cool|true|ok|okay|alright|all right|spot on|bang on|dead on|accurate|"
    r"(?:much |far |way |even )?better|accepted|agreed|approved|affirmed|confirmed|clear|cushty|golden|happy|exactly "
    r"(?:it|right|that)|just (?:so|"
    r"right|it))"
)
_WORDS = (
    r"(?:y+e+a*[hps]*|y[aeu]+[hps]*|yessir|aye|ay|ja|jawohl|si|oui|da|hai|sim|m+|m+[ -]?h+m+|u+h+[ -]?h+u+h+|aha|k|"
    r"sure|surely|certainly|definitely|absolutely|totally|completely|entirely|naturally|obviously|indeed|exactly|"
    r"precisely|course|okey doke?y?|righto|rightio|righty ho|ta|cheers|thanks|thank you|please|affirm|affirmative|"
    r"agree|accept|approve|confirm|(?:roger|copy)(?: that)?|proceed|bingo|jackpot|amen|deal|yep|nailed it|why not|by "
    r"all means|thumbs up|bliss|heaven(?:ly)?|bravo|gg|champion|hooray|yay|sold|"
    r"done|same|ditto|hallelujah|touche|noted|understood|everything)"
)
_PHRASES = (
    r"(?:of course|sure thing|you (?:bet|betcha|may|can|got it)|too right|(?:damn|bloody|dead|quite|all|very|just|so)"
    r" (?:right|good|well|true|nice)|(?:hell|heck|oh|god|why|well) (?:yes|yeah)|(?:go|crack|carry|come|right) on|go "
    rf"(?:ahead|for it)|be my guest|right you are|(?:please )?do(?: (?:it|that|so))?|lock {_THEM} in|make {_THEM} "
    rf"(?:so|official|stick)|(?:i |we |you |you've |you have )?got {_THEM}|(?:and )?(?:save|store|keep|remember|note|"
    rf"log|learn|memori[sz]e|replace|overwrite|update|add|record|write|jot) {_THEM}(?: (?:down|in|up))?|(?:i'm |we're "
    r"|i am |we are )?(?:fine|happy|good|cool|ok|okay) (?:by|with) (?:me|us|it|that)|(?:works|good) for (?:me|us)|"
    r"(?:good|close|fair) enough|(?:that |that'll |it'll |will |that will )(?:works|do)(?: nicely| fine)?|(?:i|we) "
    r"(?:guess|suppose|reckon|think|believe)(?: so)?|(?:nice|good|lovely|great) (?:1|stuff|job|work|going)|(?:it|"
    r"that|they) (?:certainly |really |sure )?(?:is|are|does)|(?:i|we) (?:do|am|are|would)|if you (?:like|must|would|"
    r"please|say so)|let's(?: (?:do it|go))?|no (?:problem|objections?|doubt|question)|not wrong|sweet as|like "
    r"(?:that|it))"
)
_SO = (
    r"(?:(?:there (?:we|you) (?:go|are|have it)|now we're talking|(?:the|that) very (?:one|1|thing|same)|bob's your "
    r"uncle)|(?:that's|that is|it's|it is|that'd be|that would be|that will be|you're|sounds|looks|seems|feels|is) "
    rf"(?:about |just |all |absolutely |really |very |quite |pretty )*(?:{_FINE}|it|her|him|them|us|me|mine|ours|like "
    r"a plan|the (?:1|ticket|stuff|plan|idea|fella|lad|lass|job|thing|business)|my (?:girl|boy|guy|man)|what (?:i|we)"
    r" (?:want|wanted|said|mean|meant|asked for)|(?:the|a|my) (?:deal|idea|spirit|spot|way|fella|beauty|very (?:one|"
    r"1|thing|same)))(?: (?:to|for) (?:me|us))?)"
)
_YES = rf"(?:{_WORDS}|{_PHRASES}|{_SO}|{_FINE})"
_NEUTRAL = (
    r"(?:then|now|just|oh|well|so|um|uh|er|ah|hmm|and|really|actually|it|that 1|you know|after all|mate|love|dear|"
    r"darling|buddy|pal|bud|sir|ma'am|boss|chief|captain|computer|genius|(?:my )?friend|honey|hun|sweetie|babe|man|"
    r"dude|bro|you (?:clever|smart|good|little|old) [a-z]+|very much|a lot|so much|kindly|for (?:me|us|good|now|"
    r"everyone|everybody)|from now on|too|always|next time|(?:for )?(?:fuck|god|heaven|pete|christ|goodness)'?s? "
    r"sakes?|damn it|bloody|fucking|my (?:god|goodness|word))"
)
_ACCEPTED = regex(rf"(?:{_NEUTRAL} )*{_YES}(?: (?:{_YES}|{_NEUTRAL}))*")
_DENIED = regex(r"\b(?:no|not|don't|never)\b(?! (?:problem|objections?|doubt|question|wrong)\b)")
_LONGEST = 60  # characters


def accepts(text: str) -> bool:
    """Return whether an answer accepts, by words of `uptake.text.normalize`.

    >>> accepts("go on then"), accepts("that's her"), accepts("ta"), accepts("on then"), accepts("bin it")
    (True, True, True, False, False)
    """
    return len(text) <= _LONGEST and bool(_ACCEPTED.fullmatch(text)) and not _DENIED.search(text)


_APPRAISES = regex(
    rf"(?:{_NEUTRAL} )*(?:that's|that is|that'll|that will|that should|that does|that would|that sounds|that looks|"
    rf"those "
    r"are|they're|sounds|looks|seems|(?:now |and )?(?:you've|you have|you're|you are|you|we've|we're)|(?:just|exactly) "
    r"(?:what|how|as|like)|couldn't|that|all of (?:it|that)|everything|nothing (?:else|more|to add))\b(?P<rest>.*)"
)
_OBJECTS = frozenset(
    "no not never don't doesn't isn't aren't won't can't wrong bad awful terrible horrible silly stupid rubbish "
    "nonsense "
    "ridiculous weird strange odd off too almost nearly close but except instead wait hmm maybe perhaps rather more "
    "less "
    "change should sure what why who how when where which forget cancel leave stop hate misheard misunderstood missed "
    "enough lot funny interesting joking mad crazy dark different other another only half missing without lost "
    "confused "
    "kidding lying tomorrow later old mine deaf daft useless late early expensive boring annoying hilarious worrying "
    "to you'd were was did could might think need needs want wants do does play turn set switch".split()
)
"""Words that object, change the subject, or judge something else than a meaning that waits for a yes."""
_MOST = 7  # words


def approves(text: str) -> bool:
    """Return whether an answer says of a meaning that it is as wanted: "that's more like it", "now you've got it".

    >>> approves("that's everything"), approves("that'll keep her happy"), approves("that's too dark")
    (True, True, False)
    """
    match = _APPRAISES.fullmatch(text)
    if match is None or len(text.split()) > _MOST:
        return False
    rest = (
        match["rest"].replace("more like it", "").replace("what i want", "").replace("all there is to it", "").split()
    )
    return not _OBJECTS & set(rest) and not any(word.isdigit() for word in rest)
