"""What a regular expression requires is in every text that it matches, and little of it is missed."""

import gc
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import uptake.assistant.build  # noqa: F401 - loads the modules that define patterns
from uptake.text.literals import required
from uptake.text.patterns import _Pattern, regex

ODD = [
    r"colou?r{2,3}\s*z", r"a{0,2}b{0}c{,3}d+", r"(a|b(c|d)?)e", r"x(?:a|b){0,2}y(?P<n>ab|cd)+", r"[)(|]q\(z\|",
    r"(?<=x)y(?!z)(?=w|v)w?", r"(?:ab|c[de]|f)g", r"(?:one |two )?three(?: four)*", r"(?P<q>a|b)(?P=q)c", r"a\x62c",
    r"(?i:ab)c", r"^a+?b*?c$", r"a{x}b",
]  # fmt: skip
LAZY = sorted({(one.pattern, one._flags) for one in gc.get_objects() if type(one) is _Pattern})


def rules_out(clauses, text):
    return any(not any(piece in text.lower() for piece in clause) for clause in clauses)


@settings(max_examples=60)
@given(st.data())
def test_a_text_that_is_matched_has_what_is_required(data):
    expression, flags = data.draw(st.sampled_from([(one, re.IGNORECASE) for one in ODD] + LAZY))
    word = re.compile(expression, flags)
    text = data.draw(st.from_regex(word, alphabet=st.characters(codec="ascii")))
    assert not rules_out(required(expression, flags), text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [("(?:turn|switch) it (?:on|off)?", "open the door"), ("remind me(?: to)?", "remind us"), ("a(?:b|c)d+", "ab")],
)
def test_a_text_without_what_is_required_is_ruled_out(expression, text):
    assert rules_out(required(expression), text)
    assert re.search(expression, text) is None


def test_most_patterns_of_the_assistant_require_something():
    assert sum(bool(required(*one)) for one in LAZY) > 0.8 * len(LAZY)


def test_what_is_ruled_out_is_not_compiled_until_it_was_asked_often():
    lazy = regex(r"(?:turn|switch) it")
    assert lazy.search("open the door") is None
    assert lazy._compiled is None
    assert [lazy.search("open the door") for _ in range(60)] == [None] * 60
    assert lazy._compiled is not None
    assert lazy.search("Turn it off, switch it on")[0] == "switch it"


def test_letters_that_only_fold_to_ascii_are_left_to_the_pattern():
    assert regex("set|kit", re.IGNORECASE).search("\u017fET") is not None
