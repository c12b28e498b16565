"""Words that a text must have to be matched: no match is lost, whatever the expression."""

import gc
import random
import re
from re import _constants as sre
from re import _parser as parser

import pytest

import uptake.assistant.build  # noqa: F401 - loads the modules that define patterns
from uptake.text.needs import needs
from uptake.text.patterns import _Pattern, _said, prepare, regex

_ANY = "abcdefghijklmnopqrstuvwxyz_1 ,.-'"
_BEFORE, _AFTER = ("", "", "turn it ", "x", "please "), ("", "", " now", "s", ", ok")


@pytest.mark.parametrize(
    ("expression", "first", "some"),
    [
        (r"(?:please )?(?:turn|switch) on\b", {"please", "turn", "switch"}, {"on"}),
        (r"turn(?:s|ed)? it", {"turn", "turns", "turned"}, {"turn", "turns", "turned"}),
        (r"(?:the|a)? lights?\b", {"the", "a", "light", "lights"}, {"light", "lights"}),
        (r"[a-z]+ing the \w+", None, {"the"}),
        (r"(\w+) \1 ok", None, None),
        (r"(?:very )*good(?=\s|$)", {"very", "good"}, {"good"}),
        (r"\d+ ?pm\b", {"pm"}, {"pm"}),
        (r"(?:wait|stop)(?!ed)", None, None),
        (r"[ap]\.?m\b", {"am", "pm", "a", "p"}, {"am", "pm", "a", "p"}),
    ],
)
def test_what_an_expression_needs_at_the_beginning(expression, first, some):
    found = needs(expression, searched=False)
    assert (found.first and set(found.first), found.some and set(found.some)) == (first, some)


def test_a_word_that_may_be_part_of_another_is_not_needed_where_it_is_searched_for():
    assert needs("light on").some is None
    assert needs(r"\blight on").some == {"light"}
    assert needs("the light on").some == {"light"}


def _sampled(items, draw) -> str:
    """Return a text that an expression matches, but for what stands around and what it looks at."""
    text = ""
    for kind, what in items:
        if kind is sre.LITERAL:
            text += chr(what)
        elif kind is sre.IN:
            text += draw.choice([sign for sign in _ANY if _is_in(what, sign)] or [" "])
        elif kind is sre.BRANCH:
            text += _sampled(draw.choice(what[1]), draw)
        elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            text += _sampled(what[-1] if kind is sre.SUBPATTERN else what, draw)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inside = what
            text += "".join(_sampled(inside, draw) for _ in range(draw.randint(least, min(int(most), least + 2))))
        elif kind is sre.ASSERT and what[0] > 0:
            text += _sampled(what[1], draw)
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            text += draw.choice(_ANY)
    return text


def _is_in(members, sign: str) -> bool:
    found = False
    for kind, what in members:
        if kind is sre.LITERAL:
            found |= ord(sign) == what
        elif kind is sre.RANGE:
            found |= what[0] <= ord(sign) <= what[1]
        elif kind is sre.CATEGORY:
            word, name = sign.isalnum() or sign == "_", what.name
            kinds = {"DIGIT": sign.isdigit(), "SPACE": sign == " ", "WORD": word}
            plain = name.removeprefix("CATEGORY_").removeprefix("NOT_")
            found |= kinds[plain] != ("NOT" in name)
    return found != (members[0][0] is sre.NEGATE)


def test_no_pattern_of_the_assistant_loses_a_match():
    draw, matched, ruled_out = random.Random(5), 0, 0
    for one in [one for one in gc.get_objects() if type(one) is _Pattern]:
        compiled, parsed = re.compile(one.pattern, one._flags), parser.parse(one.pattern, one._flags)
        texts = [f"{draw.choice(_BEFORE)}{_sampled(parsed, draw)}{draw.choice(_AFTER)}" for _ in range(6)]
        texts += ["turn on the kitchen light", "What's the TIME, please"]
        for name in ("search", "match", "fullmatch"):
            found = needs(one.pattern, one._flags, searched=name == "search", whole=name == "fullmatch")
            for text in texts:
                said, hit = _said(text), getattr(compiled, name)(text)
                if said is None:
                    continue
                lacks = found.some is not None and found.some.isdisjoint(said[1])
                lacks |= found.first is not None and said[0] not in found.first
                assert hit is None or not lacks, (name, one.pattern, text)
                matched, ruled_out = matched + (hit is not None), ruled_out + lacks
    assert matched > 5_000
    assert ruled_out > 10_000


def test_a_pattern_that_is_asked_often_answers_as_before():
    texts = ["put the light on", "light it", "THE light", "Turn off the L\u0131GHT", "", "on, the light", "x" * 3_000]
    often, plain = regex(r"\b(?:the|a) light\b", re.IGNORECASE), re.compile(r"\b(?:the|a) light\b", re.IGNORECASE)
    prepare()
    for text in texts * 2:
        assert bool(often.search(text)) == bool(plain.search(text))
        assert bool(often.search(text, 3)) == bool(plain.search(text, 3))
        assert often.sub("x", text) == plain.sub("x", text)
        assert [one.span() for one in often.finditer(text)] == [one.span() for one in plain.finditer(text)]
        assert bool(often.match(text, 7)) == bool(plain.match(text, 7))
    assert often.search.__name__ == "look"
