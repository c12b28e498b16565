"""Patterns that are compiled at first use: every one that a module defines can be compiled, and works as if it were."""

import gc
import re

import uptake.assistant.build  # noqa: F401 - loads the modules that define patterns
from uptake.text.patterns import Caseless, _Pattern, compile_all, regex


def test_a_pattern_is_the_one_that_re_compiles():
    lazy, word = regex(r"(\w+) light", re.IGNORECASE), re.compile(r"(\w+) light", re.IGNORECASE)
    text = "the Hall LIGHT and the desk light"
    assert lazy.findall(text) == word.findall(text)
    assert lazy.sub("x", text) == word.sub("x", text)
    assert (lazy.pattern, lazy.flags) == (word.pattern, word.flags)


def test_every_pattern_that_is_defined_can_be_compiled():
    defined = [one for one in gc.get_objects() if type(one) is _Pattern]
    assert len(defined) > 100
    for one in defined:
        assert one.groups >= 0


def test_all_that_is_defined_can_be_compiled_at_once():
    lazy = regex("a lamp")
    compile_all()
    assert lazy._compiled is not None


def test_a_pattern_for_either_case_finds_what_one_that_ignores_case_does():
    lazy, word = Caseless(r"(?:my |the )?lamp\b"), re.compile(r"(?:my |the )?lamp\b", re.IGNORECASE)
    for text in ("My LAMP", "dim the Lamp", "lamps", "a lamp, the lamp", "MY \u017flamp LAMP", ""):
        for at in (0, 3):
            assert _place(lazy.search(text, at)) == _place(word.search(text, at))
        assert _place(lazy.match(text)) == _place(word.match(text))


def test_patterns_for_either_case_are_in_lower_case():
    for one in (one for one in gc.get_objects() if type(one) is Caseless):
        letters = re.sub(r"\\.|\(\?P<\w+>", "", one._lower.pattern)
        assert letters == letters.lower()


def _place(found):
    return found and found.span()
