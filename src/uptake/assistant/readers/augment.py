"""Augment the training set of the statistical reader: fillers, paraphrases, misspellings, other topics."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from uptake.assistant.readers.sampling import Sample
from uptake.text.lexicon import numbers

__all__ = ["COURTESIES", "FILLERS", "misspelt", "other_topics", "varied"]

FILLERS: Mapping[str, Sequence[str]] = {
    "search_query": tuple(
        "queen|the beatles|bohemian rhapsody|jazz|some jazz|rock music|classical music|yesterday|hunger games|"
        "harry potter|taylor swift|the daily|morning news|smooth operator|my favorites|miles davis|summer hits|"
        "relaxing music|something calm|abbey road|breaking bad|the office|music by adele|hey jude by the beatles|"
        "kind of blue|country roads|folk songs|party music|the nutcracker|radio four|white noise".split("|")
    ),
    "shopping_list_item": tuple(
        "milk|eggs|apples|bread|two bananas|olive oil|coffee|toilet paper|cat food|flour|butter|orange juice|"
        "chicken breast|batteries|dish soap|rice|tomatoes|green tea|sugar|cheese".split("|")
    ),
    "todo_list_item": tuple(
        "wash the car|mow the lawn|pay rent|call mum|buy stamps|clean the gutters|fix the sink|do homework|"
        "water the plants|book tickets|take out the trash|vacuum|iron the shirts".split("|")
    ),
    "timer_name": tuple("pizza|pasta|laundry|tea|eggs|homework|nap|workout|cookies|rice|meditation|oven".split("|")),
    "timer_command": tuple(
        "turn off the lights|open the garage door|start the vacuum|turn on the fan|lock the door|"
        "close the blinds|play some music|turn off the tv".split("|")
    ),
    "message": tuple(
        "dinner is ready|time to go|good night everybody|i am home|the bus is here|come downstairs|lunch is ready"
        "|we leave in five minutes".split("|")
    ),
    "zone": tuple("home|work|school|the office|the gym|the park".split("|")),
    "*": tuple(
        "the blue one|something else|paris|tokyo|berlin|einstein|tomorrow|six thirty|next week|a cup".split("|")
    ),
}
"""List that takes any words -> what is said there in practice."""

_OTHER_WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("turn on", ("switch on", "power on", "put on", "fire up", "start up", "power up", "flip on", "get on")),
    ("turn off", ("switch off", "power off", "shut off", "shut down", "power down", "kill", "flip off")),
    ("activate", ("enable", "turn on", "start", "engage", "fire up")),
    ("deactivate", ("disable", "turn off", "disengage")),
    ("set", ("adjust", "put", "change", "make", "bring", "move", "get")),
    ("increase", ("raise", "bump up", "boost", "turn up", "crank up", "up")),
    ("decrease", ("lower", "reduce", "turn down", "bring down", "cut")),
    ("what is", ("what's", "tell me", "give me", "can you tell me", "do you know", "i want to know")),
    ("how many", ("what number of", "how much")),
    ("close", ("shut", "pull down", "draw")),
    ("open", ("pull up", "roll up")),
    ("start", ("begin", "run", "launch", "kick off")),
    ("stop", ("end", "halt", "quit")),
    ("cancel", ("abort", "drop", "scrap", "forget", "get rid of")),
    ("pause", ("hold", "freeze", "suspend")),
    ("resume", ("continue", "go on with", "carry on with", "unpause")),
    ("add", ("put", "include", "append", "write", "jot")),
    ("remove", ("take", "delete", "drop", "erase")),
    ("play", ("put on", "start playing", "i want to hear", "let me hear", "listen to")),
    ("skip", ("jump over", "go past")),
    ("clean", ("hoover", "sweep", "tidy up")),
    ("maximum", ("max", "full", "highest")),
    ("minimum", ("min", "lowest")),
    ("temperature", ("temp", "heat", "heating")),
    ("volume", ("sound", "loudness", "audio")),
)
_BEFORE = (
    "please|could you|can you please|would you|hey|ok|i want you to|i'd like you to|go ahead and|quickly|hi can you|"
    "um|uh|so|would you mind|do me a favor and|now|just|let's|i need you to|we should|time to"
).split("|")
_AFTER = "please|thanks|for me|right now|now|thank you|ok|would you|if you can|when you get a chance|again".split("|")
COURTESIES = frozenset(" ".join((*_BEFORE, *_AFTER)).split())
"""Words of politeness that may stand around any request."""
_DROPPED = frozenset("the a an my our your of to please is are in on at".split())
_KEPT = frozenset(
    "on off up down open close shut lock unlock in out all no not raise lower more less start stop add mute".split()
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def varied(sample: Sample, draw: random.Random) -> Sample:
    """Vary a sentence: said in another way, less tidily, or misspelt; its meaning stays."""
    pieces = _pieces(sample)
    if draw.random() < 0.5:
        pieces = _other_way(pieces, draw)
    if draw.random() < 0.25:
        pieces = [each for each in pieces if each[1] or each[0] not in _DROPPED - {"on", "in"} or draw.random() < 0.5]
    if draw.random() < 0.35:
        pieces = [(draw.choice(_BEFORE), ""), *pieces]
    if draw.random() < 0.2:
        pieces = [*pieces, (draw.choice(_AFTER), "")]
    if draw.random() < 0.3:
        pieces = [(misspelt(word, draw), slot) for word, slot in pieces]
    return _whole(pieces, sample)


def _pieces(sample: Sample) -> list[tuple[str, str]]:
    """Split into (text, slot) in order: a slot is one piece, every other word is one."""
    pieces, at = [], 0
    for slot, start, end in sorted(sample.slots, key=lambda each: each[1]):
        pieces += [(word, "") for word in sample.text[at:start].split()]
        pieces.append((sample.text[start:end], slot))
        at = end
    return pieces + [(word, "") for word in sample.text[at:].split()]


def _whole(pieces: Sequence[tuple[str, str]], sample: Sample) -> Sample:
    text, slots = "", []
    for word, slot in pieces:
        text += " " if text else ""
        if slot:
            slots.append((slot, len(text), len(text) + len(word)))
        text += word
    return replace(sample, text=text, slots=tuple(slots)) if text else sample


def _other_way(pieces: Sequence[tuple[str, str]], draw: random.Random) -> list[tuple[str, str]]:
    for said, others in draw.sample(_OTHER_WAYS, len(_OTHER_WAYS)):
        wanted = said.split()
        for at in range(len(pieces) - len(wanted) + 1):
            here = pieces[at : at + len(wanted)]
            if all(not slot and word == want for (word, slot), want in zip(here, wanted, strict=True)):
                new = [(word, "") for word in draw.choice(others).split()]
                return [*pieces[:at], *new, *pieces[at + len(wanted) :]]
    return list(pieces)


def misspelt(word: str, draw: random.Random, chance: float = 0.35) -> str:
    """Misspell a word: one letter gone, doubled, swapped or changed; short words, numbers and cue words stay."""
    if len(word) < 4 or draw.random() > chance or word in _KEPT or numbers(word) or word.startswith(("device", "some")):
        return word
    at = draw.randrange(1, len(word) - 1)
    way = draw.randrange(4)
    if way == 0:
        return word[:at] + word[at + 1 :]
    if way == 1:
        return word[:at] + word[at] + word[at:]
    if way == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + draw.choice(_LETTERS) + word[at + 1 :]


_TOPICS = """
    (book|reserve|find|get) (me|us) (a flight|a hotel|a table|a taxi|a train ticket|a rental car) (to|in|for) CITY
    how much (money|is) (do i have in my savings account|my credit card balance|the exchange rate|a share of apple)
    (transfer|send|wire) NUMBER dollars to (my landlord|PERSON|my checking account)
    what (is|are) (my account balance|my credit score|the interest rate|my spending this month|the routing number)
    (report|freeze|replace) my (credit card|debit card|bank card)
    (write|compose|draft|send) (an email|a text|a tweet|a poem|an essay|a letter) (to|about) PERSON
    (who|which team) (won|will win|is playing) (the game|the world cup|the election) (last night|today|in YEAR)
    (what|how) (should i cook|do i cook|do i make|is the recipe for) (lasagna|pancakes|a chicken soup|risotto)
    how many calories (are in|does) (a banana|pizza|an avocado|a bagel)
    (translate|how do you say) (good morning|where is the station|thank you) (in|to|into) (french|spanish|japanese)
    (do you think|should i|would you) (i look fat|buy a house|change my job|marry PERSON|move to CITY)
    (fix|debug|review|write) (this code|my program|a python script|the homework) (for me|now|)
    (what is|explain|define) (the meaning of life|quantum mechanics|photosynthesis|love|a black hole|inflation)
    (when|where) (was|is|did) PERSON (born|buried|live|get married|study|die)
    (my|the) (car|laptop|phone|boiler) (is broken|needs an oil change|makes a strange noise|has a flat tire)
    (how do i|how can i|help me) (lose weight|tie a tie|jump start a car|apply for a visa|file my taxes|learn to swim)
    (i feel|i am|my head is) (sad|sick|tired|bored|lonely|hurting|hungry) (today|again|right now|)
    (schedule|cancel|move) (my|the) (meeting|appointment|interview) (with PERSON|at NUMBER|on friday)
    (is there|how bad is) (traffic|construction|an accident) (on the way to work|on the highway|to CITY)
    (order|buy|ship) (me|) (a pizza|new shoes|a birthday gift|some flowers|a laptop) (online|from the shop|)
    what (vaccines|documents|visa) do i need (for|to enter) CITY
    (tell|read) me (a story about dragons|my horoscope|my fortune|the bible|about PERSON)
    (are you|were you) (married|human|happy|in love|alive|lying)
    (pick|choose|guess) a (number|card|name|colour) (for me|)
    (how tall|how old|how rich|how far away) is (PERSON|CITY|the moon|the tower)
    (what time|when) does (the bank|the store|the next bus|the movie|my flight) (open|leave|start|close)
    (did|has) (my package|the mail|my order|PERSON) (arrive|ship|come|call) (today|yet|already)
    (sing|rap|dance|bark) (me a song|like a dog|for us|)
    (the|my) (weather forecast model|neighbour's dog|teacher) (is wrong|barks|said that) (a lot|all day|)
    can (dogs|cats|babies) eat (chocolate|grapes|honey)
    (roll|throw|flip) (a die|two dice|a coin)
    (pay|split|show) (the|my) (bill|invoice|rent|phone bill|electricity bill)
    (do|can|why do) (ducks|cats|people|fish|birds|children) (sleep|swim|fly|dream|laugh) (at night|upside down|so much|)
    what (trees|animals|flowers|languages) (change color|live|grow|are spoken) (in autumn|in africa|at sea|)
    how many (planets|bones|states|teeth|legs|sides|stars) (are there|have we found|does a spider have|are in the body)
    (what|which) year (was|did) (the telephone|the saxophone|the war|television) (invented|first played|start|end)
    (i am|i'm|am) (kind of|really|so|very|not) (busy|happy|sure|late|confused) (now|about that|today|)
    (you want to|i want to|they) (know about|talk about|complain about) (PERSON|politics|sports|space travel)
    (how can i|how do you|can you) (root|unlock|repair|sell|charge) (an android phone|my old computer|a guitar|a bike)
    (what's|what is) the (average|best|cheapest|longest) (battery life|phone|bridge|pay) (of|in|for) (CITY|a teacher|)
    who is (PERSON|the coach of the team|the captain of this ship|the scariest character|the author of the book)
    (when|where) do (the bulls|the giants|the eagles|the students) (play next|train|meet)
    (check|look up|show) (my|the) (flight status|bank statement|messages|grades|medical records|stocks)
    (which|what) (is better|do you prefer) (cats or dogs|coffee or tea|summer or winter)
    (blah|lorem|foo|asdf|qwerty|hmm) (blah|ipsum|bar|zxcv|uiop|hmm) (blah|dolor|baz|)
"""
_CITIES = "paris london tokyo berlin boston rome madrid chicago oslo cairo".split()
_PEOPLE = "anna|john|my boss|my wife|my brother|einstein|madonna|the president|doctor miller".split("|")


def other_topics(count: int, draw: random.Random) -> Iterator[str]:
    """Return requests outside the home's domain, and words without sense."""
    lines = [line.strip() for line in _TOPICS.strip().splitlines()]
    for at in range(count):
        yield _drawn(lines[at % len(lines)], draw)


def _drawn(line: str, draw: random.Random) -> str:
    said = []
    for part in line.replace(")", "(").split("("):
        said.append(draw.choice(part.split("|")).strip())
    text = " ".join(" ".join(said).split())
    text = text.replace("CITY", draw.choice(_CITIES)).replace("PERSON", draw.choice(_PEOPLE))
    return text.replace("NUMBER", str(draw.randrange(2, 100))).replace("YEAR", str(draw.randrange(1950, 2026)))
