"""Declare the relations and superlatives that people ask of the graph.

A relation declares its path through the graph (a SPARQL property path), the kinds of things it applies to, the wordings
of questions (a tilde stands for the thing), and the answer. Questions become queries by these declarations alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EXTREMES", "RELATIONS", "Extreme", "Relation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Relation that can be asked of a thing."""

    name: str
    """Name, for example "capital"."""
    path: str
    """SPARQL property path from the thing to the answer."""
    of: tuple[str, ...]
    """Kinds of things it can be asked of."""
    answer: str
    """Answer: {subject}, {object} (all that was found, enumerated) and {count} are filled in."""
    nouns: tuple[str, ...] = ()
    """Words for it: "what is the NOUN of ~", "~'s NOUN"."""
    asks: tuple[str, ...] = ()
    """Other questions, in hassil's syntax, with a tilde for the thing."""
    none: str | None = None
    """Answer where a thing is known to have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """Superlative of a kind: the most, or the least."""

    name: str
    """Name, for example "highest_mountain"."""
    kind: str
    """Kind of the things that are compared."""
    by: str
    """Relation whose value is compared."""
    asks: tuple[str, ...]
    """Words for it: "which is the WORDS"."""
    answer: str
    """Answer: {object}, {value} and {where} (" in Africa", or nothing) are filled in."""
    within: str = "u:continent"
    """SPARQL property path from a thing to the regions it is in."""
    largest: bool = True
    """Whether the greatest value is meant."""


_COUNTRY, _PLANET, _PERSON, _WORK = ("Country",), ("Planet", "DwarfPlanet"), ("Person",), ("Book", "Play")
_MADE = (*_WORK, "Painting", "Music", "Film", "Invention", "Discovery")

RELATIONS: tuple[Relation, ...] = (
    Relation(name="capital", path="u:capital", of=_COUNTRY, nouns=("capital [city]", "capitol"),
             asks=("which city is the capital of ~", "name the capital of ~"),
             answer="The capital of {subject} is {object}."),
    Relation(name="capital_of", path="^u:capital", of=("City",), answer="{subject} is the capital of {object}.",
             asks=("(what|which) country is ~ the capital of", "what is ~ the capital of",
                   "which country has the capital ~")),
    Relation(name="continent", path="u:continent", of=_COUNTRY, nouns=("continent",),
             asks=("(what|which) continent is ~ (in|on)", "on (what|which) continent is ~",
                   "in which part of the world is ~"),
             answer="{subject} is in {object}."),
    Relation(name="location", path="(u:country|u:continent|^u:capital)",
             of=(*_COUNTRY, "City", "Mountain", "River", "Lake"), nouns=("location",),
             asks=("where is ~", "where is ~ (located|situated)", "where's ~", "(what|which) country is ~ in",
                   "in (what|which) country is ~"),
             answer="{subject} is in {object}."),
    Relation(name="language", path="u:language", of=_COUNTRY,
             nouns=("language[s]", "official language[s]", "national language", "main language"),
             asks=("(what|which) language[s] (do they|do people|is|are) [speak|spoken] in ~",
                   "(what|which) language[s] (do people|do they) speak in ~", "what do they speak in ~",
                   "(what|which) language does ~ speak"),
             answer="In {subject} people speak {object}."),
    Relation(name="spoken_in", path="^u:language", of=("Language",),
             asks=("where is ~ spoken", "in (which|what) countries (is ~ spoken|do they speak ~|do people speak ~)",
                   "(which|what) countries speak ~", "(which|what) country speaks ~"),
             answer="{subject} is spoken in {object}."),
    Relation(name="currency", path="u:currency", of=_COUNTRY, nouns=("currency", "money"),
             asks=("(what|which) (currency|money) (do they use|is used|do people use|do i need) in ~",
                   "(what|which) (currency|money) does ~ (use|have)", "how do people pay in ~"),
             answer="The currency of {subject} is the {object}."),
    Relation(name="currency_of", path="^u:currency", of=("Currency",),
             asks=("(which|what) countries (use|pay with|have) the ~", "where is the ~ used",
                   "where can i pay with the ~"),
             answer="The {subject} is used in {object}."),
    Relation(name="borders", path="u:borders", of=_COUNTRY, nouns=("neighbours", "neighbors", "neighbouring countries"),
             asks=("(which|what) (countries|country) (border|borders|are next to|surround|touch|are around) ~",
                   "(which|what) countries does ~ (border|touch|share a border with)",
                   "(which|what) countries (share a border|have a border) with ~", "who are the neighbours of ~"),
             answer="{subject} borders {object}.", none="{subject} has no neighbour on land."),
    Relation(name="border_count", path="u:borders", of=_COUNTRY,
             asks=("how many (countries border|neighbours has|neighbors has|countries are next to) ~",
                   "how many (countries|neighbours|neighbors) does ~ (border|have)"),
             answer="{subject} has {count} neighbours on land.", none="{subject} has no neighbour on land."),
    Relation(name="population", path="u:population", of=_COUNTRY, nouns=("population", "number of inhabitants"),
             asks=("how many (people|inhabitants) (live in|are in|are there in|has) ~",
                   "how many (people|inhabitants) does ~ have",
                   "how populous is ~"),
             answer="About {object} people live in {subject}."),
    Relation(name="area", path="u:area", of=(*_COUNTRY, "Ocean", "Desert", "Lake"), nouns=("area", "size", "surface"),
             asks=("how (big|large) is ~", "how many square kilometres is ~", "what size is ~"),
             answer="{subject} covers about {object} square kilometres."),
    Relation(name="countries_in", path="^u:continent", of=("Continent",),
             asks=("(which|what) countries are (in|on) ~", "(name|list) [all|the|some] countries (in|of) ~"),
             answer="In {subject} there are {count} countries, for example {some}."),
    Relation(name="country_count", path="^u:continent", of=("Continent",),
             asks=("how many countries (are [there] in|has) ~", "how many countries does ~ have",
                   "how many countries in ~"),
             answer="There are {count} countries in {subject}, by my list."),
    Relation(name="moon_count", path="u:moon_count", of=_PLANET, nouns=("number of moons",),
             asks=("how many moons does ~ have", "how many moons (has|orbit|are around|circle) ~"),
             answer="{subject} has {object} known moons.", none="{subject} has no moon."),
    Relation(name="moons", path="^u:orbits", of=_PLANET, nouns=("moon[s]",),
             asks=("(which|what) moons does ~ have", "what are the names of the moons of ~", "what orbits ~"),
             answer="{subject} has among others {object}.", none="{subject} has no moon."),
    Relation(name="orbits", path="u:orbits", of=("Planet", "DwarfPlanet", "Moon"),
             asks=("what does ~ (orbit|circle|revolve around|go around)",
                   "(which|what) planet does ~ (belong to|orbit)"),
             answer="{subject} orbits {object}."),
    Relation(name="diameter", path="u:diameter", of=(*_PLANET, "Moon", "Star"), nouns=("diameter",),
             asks=("how (big|large|wide) is ~",), answer="{subject} is about {object} kilometres across."),
    Relation(name="distance_from_sun", path="u:distance_from_sun", of=_PLANET, nouns=("distance from the sun",),
             asks=("how far [away] is ~ from the sun", "how far away is ~"),
             answer="{subject} is about {object} kilometres from the sun."),
    Relation(name="distance_from_earth", path="u:distance_from_earth", of=("Moon",),
             nouns=("distance from [the] earth",),
             asks=("how far away is ~", "how far [away] is ~ from [the] earth",),
             answer="{subject} is about {object} kilometres away."),
    Relation(name="year_days", path="u:year_days", of=_PLANET,
             asks=("how long is a year on ~", "how long does ~ take (around|to orbit|to go around) the sun"),
             answer="A year on {subject} takes about {object} days of ours."),
    Relation(name="order", path="u:order", of=("Planet",),
             asks=("(which|what) number planet is ~", "what is the position of ~ from the sun"),
             answer="{subject} is planet number {object} from the sun."),
    Relation(name="symbol", path="u:symbol", of=("Element",),
             nouns=("[chemical] symbol", "abbreviation"), asks=("what is ~ in the periodic table",),
             answer="The symbol of {subject} is {object}."),
    Relation(name="atomic_number", path="u:atomic_number", of=("Element",), nouns=("atomic number",),
             asks=("how many protons does ~ have", "how many protons has ~",),
             answer="The atomic number of {subject} is {object}."),
    Relation(name="formula", path="u:formula", of=("Thing",), nouns=("[chemical] formula",),
             answer="The formula of {subject} is {object}."),
    Relation(name="speed", path="u:speed", of=("Thing",), nouns=("speed",), asks=("how fast is ~",),
             answer="The speed of {subject} is {object}."),
    Relation(name="boiling_point", path="u:boiling_point", of=("Thing",), nouns=("boiling (point|temperature)",),
             asks=("(at what temperature|when) does ~ boil",), answer="{subject} boils at {object}."),
    Relation(name="freezing_point", path="u:freezing_point", of=("Thing",),
             nouns=("freezing (point|temperature)", "melting point"),
             asks=("(at what temperature|when) does ~ freeze",), answer="{subject} freezes at {object}."),
    Relation(name="height", path="u:height", of=("Mountain",), nouns=("height", "elevation"),
             asks=("how (high|tall|big) is ~",), answer="{subject} is {object} metres high."),
    Relation(name="length", path="u:length", of=("River",), nouns=("length",), asks=("how long is ~",),
             answer="{subject} is about {object} kilometres long."),
    Relation(name="flows_through", path="u:country", of=("River",),
             asks=("(which|what) countries does ~ (flow|run|go) through", "where does ~ (flow|run)"),
             answer="{subject} flows through {object}."),
    Relation(name="author", path="u:author", of=_WORK, nouns=("author", "writer"),
             asks=("who (wrote|is the author of|was the author of|has written|authored) ~", "who is ~ by"),
             answer="{object} wrote {subject}."),
    Relation(name="painter", path="u:painter", of=("Painting",), nouns=("painter", "artist"),
             asks=("who (painted|is the painter of|drew) ~",), answer="{object} painted {subject}."),
    Relation(name="composer", path="u:composer", of=("Music",), nouns=("composer",),
             asks=("who (composed|wrote|is the composer of) ~",), answer="{object} composed {subject}."),
    Relation(name="director", path="u:director", of=("Film",), nouns=("director",),
             asks=("who (directed|is the director of|made) ~",), answer="{object} directed {subject}."),
    Relation(name="inventor", path="u:inventor", of=("Invention",), nouns=("inventor",),
             asks=("who (invented|is the inventor of|built the first|made the first) ~",),
             answer="{object} is usually named as the inventor of {subject}."),
    Relation(name="discoverer", path="u:discoverer", of=("Discovery",), nouns=("discoverer",),
             asks=("who (discovered|found|came up with) ~",), answer="{object} discovered {subject}."),
    Relation(name="year", path="u:year", of=_MADE, nouns=("year", "publication date", "release date"),
             asks=("when was ~ (written|published|painted|composed|made|released|invented|discovered|directed)",
                   "(what|which) year (was|is) ~ (written|published|painted|composed|made|released|invented|from)",
                   "how old is ~"),
             answer="{subject} dates from {object}."),
    Relation(name="works", path="^(u:author|u:painter|u:composer|u:director)", of=_PERSON, nouns=("works", "books"),
             asks=("what did ~ (write|paint|compose|direct|make)",
                   "(which|what) (books|plays|films|movies|operas|pictures) did ~ (write|paint|compose|direct|make)"),
             answer="{subject} made among others {object}."),
    Relation(name="inventions", path="^(u:inventor|u:discoverer)", of=_PERSON,
             asks=("what did ~ (invent|discover)",), answer="{subject} is known for {object}."),
    Relation(name="born", path="u:born", of=_PERSON, nouns=("birth year", "year of birth"),
             asks=("when was ~ born", "(what|which) year was ~ born"), answer="{subject} was born in {object}."),
    Relation(name="died", path="u:died", of=_PERSON, nouns=("year of death",),
             asks=("when did ~ die", "(what|which) year did ~ die"), answer="{subject} died in {object}."),
    Relation(name="nationality", path="u:country", of=_PERSON, nouns=("nationality", "home country"),
             asks=("where (is|was|did) ~ (from|born|come from)", "(what|which) country (is|was) ~ from",
                   "where did ~ come from"),
             answer="{subject} was from what is today {object}."),
    Relation(name="known_as", path="u:known_as", of=_PERSON, nouns=("profession", "job"),
             asks=("who (is|was) ~", "who's ~", "tell me about ~"), answer="{subject}: {object}."),
    Relation(name="bones", path="u:bones", of=("Body",), nouns=("number of bones",),
             asks=("how many bones does ~ have", "how many bones (has|are in|are there in) ~",),
             answer="An adult {subject} has {object} bones."),
    Relation(name="teeth", path="u:teeth", of=("Body",), asks=("how many teeth does ~ have",
                   "how many teeth has ~",),
             answer="An adult {subject} has up to {object} teeth."),
    Relation(name="legs", path="u:legs", of=("Animal",), nouns=("number of legs",),
             asks=("how many legs does ~ have", "how many legs has ~",), answer="It has {object} legs."),
    Relation(name="arms", path="u:arms", of=("Animal",), asks=("how many arms does ~ have",),
             answer="It has {object} arms."),
    Relation(name="hearts", path="u:hearts", of=("Animal",), asks=("how many hearts does ~ have",),
             answer="It has {object} hearts."),
)  # fmt: skip
"""Relations of a thing."""

_BIG, _SMALL = "(largest|biggest|greatest|vastest)", "(smallest|tiniest|littlest)"

EXTREMES: tuple[Extreme, ...] = (
    Extreme(name="largest_country", kind="Country", by="area", asks=(f"{_BIG} country [by area]",),
            answer="The largest country{where} is {object}, with about {value} square kilometres."),
    Extreme(name="smallest_country", kind="Country", by="area", largest=False, asks=(f"{_SMALL} country",),
            answer="The smallest country{where} is {object}."),
    Extreme(name="most_people", kind="Country", by="population",
            asks=("most (populous|populated) country", "country with the (most people|largest population)"),
            answer="Most people{where} live in {object}: about {value}."),
    Extreme(name="fewest_people", kind="Country", by="population", largest=False,
            asks=("least (populous|populated) country", "country with the (fewest people|smallest population)"),
            answer="Fewest people{where} live in {object}: about {value}."),
    Extreme(name="largest_planet", kind="Planet", by="diameter", asks=(f"{_BIG} planet",),
            answer="The largest planet is {object}, about {value} kilometres across."),
    Extreme(name="smallest_planet", kind="Planet", by="diameter", largest=False, asks=(f"{_SMALL} planet",),
            answer="The smallest planet is {object}, about {value} kilometres across."),
    Extreme(name="most_moons", kind="Planet", by="moon_count", asks=("planet (with|that has|has) the most moons",),
            answer="{object} has the most moons: {value} are known."),
    Extreme(name="nearest_planet", kind="Planet", by="order", largest=False,
            asks=("(nearest|closest|first) planet (to|from) the sun", "planet (nearest|closest) to the sun"),
            answer="{object} is nearest to the sun."),
    Extreme(name="farthest_planet", kind="Planet", by="order",
            asks=("(farthest|furthest|outermost|last) planet [from the sun]",
                  "planet (farthest|furthest) from the sun"),
            answer="{object} is farthest from the sun."),
    Extreme(name="highest_mountain", kind="Mountain", by="height", within="u:country/u:continent?",
            asks=("(highest|tallest|biggest) mountain", "(highest|tallest) peak"),
            answer="The highest mountain{where} that I know is {object}, {value} metres high."),
    Extreme(name="longest_river", kind="River", by="length", within="(u:on|u:country)", asks=("longest river",),
            answer="The longest river{where} that I know is {object}, about {value} kilometres long."),
    Extreme(name="largest_ocean", kind="Ocean", by="area", asks=(f"{_BIG} ocean",),
            answer="The largest ocean is {object}."),
    Extreme(name="smallest_ocean", kind="Ocean", by="area", largest=False, asks=(f"{_SMALL} ocean",),
            answer="The smallest ocean is {object}."),
    Extreme(name="largest_desert", kind="Desert", by="area", asks=(f"{_BIG} desert",),
            answer="The largest desert is {object}, if ice counts; the largest hot one is the Sahara."),
    Extreme(name="largest_lake", kind="Lake", by="area", within="u:country/u:continent?", asks=(f"{_BIG} lake",),
            answer="The largest lake{where} that I know is {object}."),
)  # fmt: skip
"""Superlatives of a kind."""
