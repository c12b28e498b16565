"""Homes in which the tests teach."""

from tests.teaching.talks import FLAT, VILLA
from uptake.assistant.entities.household import Household
from uptake.assistant.teaching.house_view import house_of
from uptake.lab.evaluate.teaching.rows import home_of


def told(home):
    return {**home, "entities": [dict(zip(("name", "area", "domain"), each, strict=True)) for each in home["entities"]]}


def house(home):
    return house_of(Household(home_of(told(home))))


FLAT_HOUSE, VILLA_HOUSE = house(FLAT), house(VILLA)
