"""Small artifacts for tests."""

from uptake.proactive.latent_goals.artifact import SHARED, Filled, GoalPair, GoalPairs

_NUMBERS = {"times": 30, "homes": 9, "share": 0.5, "lift": 9.0, "npmi": 0.6, "p_value": 1e-9}


def some_pairs():
    """A pair that homes share, with a value carried over, and one of a single home."""
    carried = (Filled(slot="minutes", carried="minutes"), Filled(slot="é", value="😀"))
    return GoalPairs.of(
        [
            GoalPair(
                scope=SHARED,
                source="|A",
                target="|B",
                filled=carried,
                parts=(("morning", 0.5),),
                habits=(0.4, 0.6),
                **_NUMBERS,
            ),
            GoalPair(scope="home", source="|A|x=1", target="|C", **_NUMBERS),
        ],
        {("ann", SHARED, "|A", "|B"): (5, 2), ("bo", SHARED, "|A", "|B"): (10**6, 10**6)},
    )
