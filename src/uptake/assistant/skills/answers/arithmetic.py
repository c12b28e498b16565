"""Arithmetic as people say it: "what is twelve times seven", "15 percent of 80", "the square root of 144"."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.phrases.saying import say_number
from uptake.assistant.phrases.sums import calculate
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Arithmetic"]

_ASK = "[what is|what's|whats|calculate|compute|how much is|work out|what does|what are]"
_LISTS = {
    "sum_left": ("twelve", "7", "two hundred and forty four", "3.5", "one million", "19", "fifty two", "136"),
    "sum_right": ("seven", "9", "sixty", "fifty two", "4", "twelve", "one hundred", "4 times 2"),
    "sum_whole": ("3 plus 4 times 2", "2 * (3 + 4)", "100 / 8", "the square root of 2"),
    "sum_sign": (
        "plus:plus", "minus:minus", "times:times", "multiplied by:times", "divided by:divided by", "over:over",
        "to the power of:to the power of", "modulo:mod", "mod:mod", "(percent|per cent|%) of:percent of",
        "+:+", "-:-", "*:*", "/:/", "^:^", "x:x",
    ),
    "sum_word": (
        "plus:plus", "minus:minus", "times:times", "multiplied by:times", "divided by:divided by",
        "to the power of:to the power of", "modulo:mod", "(percent|per cent|%) of:percent of",
    ),
    "sum_before": (
        "[the] square root (of|from):square root of", "[the] cube root of:cube root of", "half of:half of",
        "(a|one) third of:a third of", "(a|one) quarter of:a quarter of", "[the] factorial of:factorial of",
        "double:double", "twice:twice", "triple:triple",
    ),
    "sum_after": ("squared:squared", "cubed:cubed", "factorial:factorial", "doubled:doubled", "tripled:tripled"),
    "sum_from": ("subtract:minus", "take [away]:minus", "deduct:minus"),
    "sum_order": (
        "[the] sum of:sum of", "[the] product of:product of", "[the] difference (of|between):difference between",
        "[the] (average|mean) of:average of", "add:add", "multiply:multiply",
    ),
}  # fmt: skip
_ORDERS = frozenset({"sum of", "product of", "difference between", "average of", "add", "multiply"})
_LEFT = "({0..999:left}|{sum_left:left})"
_RIGHT = "({0..999:right}|{sum_right:right})"


class Arithmetic(NothingDue):
    """Skill for arithmetic."""

    name: ClassVar[str] = "arithmetic"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="Calculate",
            slots=(
                Slot(name="expression", prompt="What shall I work out?"),
                Slot(name="left"),
                Slot(name="operator"),
                Slot(name="right"),
            ),
            sentences=(
                f"{_ASK} {{0..999:left}} {{sum_sign:operator}} {{0..999:right}} [equal|equals|make|=]",
                f"{_ASK} {{sum_left:left}} {{sum_word:operator}} {{sum_right:right}}",
                f"{_ASK} {{sum_before:operator}} ({{0..999:right}}|{{sum_right:right}})",
                f"{_ASK} {{0..999:left}} {{sum_after:operator}}",
                f"{_ASK} {{sum_order:operator}} {_LEFT} (and|by|to|with) {_RIGHT}",
                f"divide {_LEFT} by {_RIGHT}",
                "{sum_from:operator} {sum_right:right} from {sum_left:left}",
                "how many times does {sum_right:right} (go|fit) into {sum_left:left}",
                "(calculate|compute|work out|solve|evaluate) {sum_whole:expression}",
                "[can you] (do|solve) [some|a|this] (math|maths|arithmetic|sum|calculation|math problem)",
            ),
            lists=_LISTS,
            wildcards=("sum_left", "sum_right", "sum_whole"),
            examples=("what is twelve times seven", "15 percent of 80", "what is the square root of 144"),
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Say the result."""
        expression = call.slot("expression") or _joined(call)
        if not expression:
            return Effect(speech="What shall I work out?", missing="expression")
        result = calculate(expression)
        if result is None:
            return Effect(speech="I cannot work that out.", status="unsupported")
        if result.value is None:
            return Effect(speech=result.problem or "I cannot work that out.", status="failed")
        short = result.exact and 10**6 % result.value.denominator == 0
        return Effect(speech=f"That is {'' if short else 'about '}{say_number(result.value, 9 if short else 6)}.")


def _joined(call: Call) -> str | None:
    left, sign, right = call.slot("left"), call.slot("operator"), call.slot("right")
    if sign is None:
        return f"({left}) divided by ({right})" if left and right else None
    if left and right and sign in _ORDERS:
        return f"{sign} {left} and {right}"
    return " ".join(part for part in (left, sign, right) if part)
