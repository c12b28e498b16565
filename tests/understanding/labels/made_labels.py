"""Labels as tests need them."""

from uptake.understanding.labels.artifact import Label, Labels

__all__ = ["some_labels"]


def some_labels() -> Labels:
    """A label that is trusted and one that is not, of an odd text."""
    sure = Label(
        turn_id="1",
        user_id="ann",
        request="play jazz",
        intent="play",
        slots=(("genre", 5, 9),),
        values=(("genre", "Jazz"),),
        confidence=0.95,
        p_defect=0.1,
        origin="accepted",
        source_turn_id="1",
        signals=("no_complaint",),
        read_before="|play|genre=Jazz",
    )
    unsure = Label(
        turn_id="2",
        user_id="bo",
        request="é 😀",
        intent="call",
        confidence=0.2,
        origin="rephrase",
        source_turn_id="1",
    )
    return Labels(rows=(sure, unsure), threshold=0.8, answers=3, model="000001-0123abcd", defects={"1": 0.1, "2": 0.9})
