"""Units: "how many cups in a litre", "180 degrees fahrenheit in celsius", "convert 5 miles to kilometres".

`pint` does the conversion; it is loaded when a unit is first asked for (about half a second, once).
Limit: money is not converted, since exchange rates need a provider and there is none.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

from uptake.assistant.phrases.numbers import in_digits, number
from uptake.assistant.phrases.saying import capital, say_number
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot
from uptake.text.normalize import normalize

__all__ = ["Units", "money", "unit_name"]

# What people say -> what pint calls it, where the two differ.
_NAMES = {
    "celsius": "degC", "centigrade": "degC", "degree celsius": "degC", "degree c": "degC", "c": "degC",
    "fahrenheit": "degF", "degree fahrenheit": "degF", "degree f": "degF", "f": "degF", "kelvin": "kelvin",
    "kilo": "kilogram", "kg": "kilogram", "lb": "pound", "pound": "pound", "oz": "ounce", "stone": "stone",
    "fluid ounce": "fluid_ounce", "fl oz": "fluid_ounce", "tablespoon": "tablespoon", "teaspoon": "teaspoon",
    "tbsp": "tablespoon", "tsp": "teaspoon", "cup": "cup", "pint": "pint", "gallon": "gallon", "quart": "quart",
    "feet": "foot", "ft": "foot", "inch": "inch", "inche": "inch", "in": "inch", "yd": "yard", "km": "kilometer",
    "mile an hour": "mile / hour", "mile per hour": "mile / hour", "mph": "mile / hour", "kph": "kilometer / hour",
    "kilometer an hour": "kilometer / hour", "kilometer per hour": "kilometer / hour", "km/h": "kilometer / hour",
    "meter per second": "meter / second", "knot": "knot", "square meter": "meter ** 2", "square foot": "foot ** 2",
    "square feet": "foot ** 2", "square kilometer": "kilometer ** 2", "square mile": "mile ** 2",
    "cubic meter": "meter ** 3", "ton": "metric_ton", "tonne": "metric_ton", "l": "liter", "ml": "milliliter",
    "mil": "milliliter", "mill": "milliliter",
    "cm": "centimeter", "mm": "millimeter", "g": "gram", "m": "meter", "calorie": "calorie",
    "kilowatt hour": "kilowatt_hour", "light year": "light_year", "centurie": "century", "megabyte": "megabyte",
    "gigabyte": "gigabyte", "fortnight": "fortnight", "nautical mile": "nautical_mile", "horsepower": "horsepower",
    "decade": "decade", "century": "century",
}  # fmt: skip
_PLAIN = frozenset(
    "meter kilometer centimeter millimeter mile yard foot inch gram kilogram milligram pound ounce stone liter "
    "milliliter centiliter deciliter cup pint quart gallon tablespoon teaspoon second minute hour day week "
    "month year decade century fortnight kelvin acre hectare byte kilobyte megabyte gigabyte terabyte bit "
    "joule watt kilowatt volt ampere bar pascal psi knot radian degree carat furlong bushel barrel microsecond "
    "millisecond nanometer micrometer".split()
)
_MONEY = re.compile(
    r"\b(?:dollars?|usd|euros?|eur|gbp|pounds? sterling|sterling|yen|jpy|rupees?|francs?|chf|yuan|renminbi|pesos?|"
    r"rubles?|roubles?|won|kronor|krone|krona|kroner|bitcoins?|cents?|dirhams?|rand|reais|currency|exchange rate|"
    r"zloty|lira|shekels?|baht|ringgit|dinars?)\b|[$€£¥]"
)
_SHOWN = {"degC": "degrees Celsius", "degF": "degrees Fahrenheit", "metric_ton": "tonnes", "foot": "feet",
          "inch": "inches", "century": "centuries", "mile / hour": "miles an hour",
          "kilometer / hour": "kilometres an hour"}  # fmt: skip
_LISTS = {
    "unit_from": ("litre", "mile", "kilo", "pound", "cup", "gallon", "hour", "inch", "kilometre", "fahrenheit", "day"),
    "unit_to": ("cups", "kilometres", "pounds", "grams", "tablespoons", "litres", "minutes", "centimetres", "celsius",
                "miles", "ounces", "seconds"),
    "unit_part": ("half (a|an):half", "[a] quarter of (a|an):1/4", "three quarters of (a|an):3/4"),
    "unit_money": ("dollars", "euros", "pounds sterling", "yen", "rupees", "us dollars", "bitcoin"),
}  # fmt: skip
_COUNTERPARTS = {
    "degF": "degC", "degC": "degF", "pound": "kilogram", "ounce": "gram", "stone": "kilogram", "cup": "milliliter",
    "pint": "milliliter", "quart": "liter", "gallon": "liter", "fluid_ounce": "milliliter", "mile": "kilometer",
    "foot": "meter", "yard": "meter", "inch": "centimeter", "kilometer": "mile", "meter": "foot", "centimeter": "inch",
    "kilogram": "pound", "gram": "ounce", "liter": "pint", "milliliter": "fluid_ounce",
    "mile / hour": "kilometer / hour", "kilometer / hour": "mile / hour",
}  # fmt: skip
"""Unit -> its like in the other system: "350 fahrenheit in proper money"."""
_OUR_OWN = re.compile(
    r"\b(?:proper|real|normal|sensible|our|my|new|old|english|british|american|european)"
    r" (?:money|units?|measures?|measurements?|terms|numbers)\b|\b(?:metric|imperial)\b"
)
_WILDCARDS = ("unit_from", "unit_to")


class Units(NothingDue):
    """Skill that converts units."""

    name: ClassVar[str] = "units"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="ConvertUnits",
            slots=(
                Slot(name="amount", kind="number"),
                Slot(name="from", prompt="From which unit?"),
                Slot(name="to", prompt="Into which unit?"),
            ),
            sentences=(
                "how many {unit_to:to} (are [there] in|in|are in|is|are|make|make up|equal|does it take to make) "
                "(a|an|one) {unit_from:from}",
                "how many {unit_to:to} (are [there] in|in|are in|is|are|make|equal) {0..1000:amount} {unit_from:from}",
                "how many {unit_to:to} (are [there] in|in|are in|is|are|make) {unit_part:amount} {unit_from:from}",
                "(convert|change|turn) (a|an|one) {unit_from:from} (to|into|in) {unit_to:to}",
                "(convert|change|turn) {0..1000:amount} {unit_from:from} (to|into|in) {unit_to:to}",
                "(convert|change|turn) {unit_from:from} (to|into|in) {unit_to:to}",
                "(what is|what's|how much is|how far is|how long is|how big is) {0..1000:amount} {unit_from:from} "
                "(in|to|into) {unit_to:to}",
                "(what is|what's|how much is) (a|an|one) {unit_from:from} (in|to|into) {unit_to:to}",
                "{0..1000:amount} {unit_from:from} (in|to|into|as) {unit_to:to}",
                "how much is {0..1000:amount} {unit_money:from} in {unit_money:to}",
                "(what is|what's) the exchange rate (of|from|between) {unit_money:from} (to|and|in) {unit_money:to}",
            ),
            lists=_LISTS,
            wildcards=_WILDCARDS,
            examples=(
                "how many cups are in a litre",
                "convert 5 miles to kilometres",
                "what is 350 fahrenheit in celsius",
            ),
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Convert what is asked."""
        source, target = call.slot("from"), call.slot("to")
        if money(f"{source} {target}"):
            return Effect(speech="I have no exchange rates, so I cannot convert money.", status="unsupported")
        if not source or not target:
            asked = "to" if source else "from"
            return Effect(speech="Into which unit?" if source else "From which unit?", missing=asked)
        amount, source = _amount(call.slot("amount"), source)
        left, right = unit_name(source), unit_name(target)
        if left is not None and right is None and _OUR_OWN.search(target) is not None:
            right = _COUNTERPARTS.get(left)
        if amount is None or left is None or right is None:
            return Effect(speech="I do not know that unit.", status="unsupported")
        return _convert(amount, left, right)

    def warm(self) -> None:
        """Load the units now, so that the first question need not wait."""
        _registry()


def money(said: str) -> bool:
    """Tell whether money is spoken of."""
    return _MONEY.search(said.casefold()) is not None


def unit_name(said: str) -> str | None:
    """Return pint's name for a unit that people name; None where it is not known.

    >>> unit_name("Litres"), unit_name("degrees Fahrenheit"), unit_name("miles per hour"), unit_name("bananas")
    ('liter', 'degF', 'mile / hour', None)
    """
    said = re.sub(r" (?:are|is)(?: there)?$", "", normalize(said[:60]))
    words = [re.sub(r"tre(s?)$", r"ter\1", word) for word in said.split()]
    words = [word[:-1] if word.endswith("s") and len(word) > 2 and word != "celsius" else word for word in words]
    name = " ".join(word for word in words if word not in {"of", "the", "a"})
    known = _NAMES.get(name) or (name if name in _PLAIN else None)
    return known or (name.removeprefix("degree ") if name.removeprefix("degree ") == "kelvin" else None)


def _amount(said: str | None, unit: str) -> tuple[Fraction | None, str]:
    """Read the amount, from its slot and from the words before the unit, and the unit."""
    whole = "half" in (said or "") or "/" in (said or "")
    if said is not None and (whole or not unit.startswith((".", "quarter", "third", "and "))):
        return number(said), unit
    together = in_digits(f"{(said or '').removesuffix('.0')}{'' if unit.startswith('.') else ' '}{unit}")
    match = re.match(r"(-?\d+(?:\.\d+)?) (?:of (?:an?|one) )?(.+)", together)
    if match is not None:
        return number(match[1]), match[2]
    return Fraction(1), re.sub(r"^(?:an?|one) ", "", unit)


def _convert(amount: Fraction, source: str, target: str) -> Effect:
    from pint import DimensionalityError

    registry = _registry()
    try:
        value = registry.Quantity(float(amount), registry(source).units).to(registry(target).units).magnitude
    except (DimensionalityError, OverflowError):
        return Effect(
            speech=f"{capital(_plural(source, 2))} and {_plural(target, 2)} measure different things.", status="failed"
        )
    said = say_number(round(float(value), 9), 4)
    left = f"{say_number(amount)} {_plural(source, float(amount))}"
    exact = abs(float(said.replace(",", "")) - value) <= 1e-9 * abs(value) if "times" not in said else False
    verb = "is" if amount == 1 or source.startswith("deg") else "are"
    return Effect(speech=f"{capital(left)} {verb} {'' if exact else 'about '}{said} {_plural(target, float(value))}.")


def _plural(unit: str, count: float) -> str:
    name = unit.replace("_", " ")
    if unit in _SHOWN and (abs(count) != 1 or unit.startswith("deg")):
        return _SHOWN[unit]
    if count in (1, -1):
        return re.sub(r"(?<!me)ter$", "tre", re.sub(r"meter$", "metre", name))
    name = re.sub(r"meter$", "metre", re.sub(r"liter$", "litre", name))
    return name if name.endswith(("s", "hertz", "kelvin")) else f"{name}s"


@cache
def _registry() -> Any:
    from pint import UnitRegistry

    return UnitRegistry(cache_folder=None)
