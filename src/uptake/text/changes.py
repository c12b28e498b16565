"""What two requests differ in, and whether the difference could be a mishearing.

"Check emails from amy" and "check emails from mom" are near as wholes; what differs sounds nothing alike. A
recogniser confuses sounds, so words that were exchanged must sound alike for the one to be the other misheard.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from uptake.text.distance import edit_similarity
from uptake.text.lexicon import content_words
from uptake.text.phonetic import sound_similarity

__all__ = ["changed_similarity", "similarity"]


def similarity(left: str, right: str) -> float:
    """Mean of edit and sound similarity, in [0, 1], of two normalised requests."""
    return (edit_similarity(left, right) + sound_similarity(left, right)) / 2.0


def changed_similarity(left: str, right: str) -> float:
    """Similarity, in [0, 1], of the least alike stretch of words in which two normalised requests differ.

    Stretches without a content word on either side do not count; a content word that only one side has
    is like nothing. 1 where nothing counts.

    >>> changed_similarity("check emails from amy", "check emails from mom") < 0.3
    True
    >>> changed_similarity("play the beetles", "play beatles") > 0.7
    True
    """
    here, there = left.split(), right.split()
    telling = {*content_words(left), *content_words(right)}
    least = 1.0
    for change, start, end, other_start, other_end in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        words, others = here[start:end], there[other_start:other_end]
        content, other_content = ([word for word in side if word in telling] for side in (words, others))
        if change == "equal" or not (content or other_content):
            continue
        whole = similarity(" ".join(words), " ".join(others))
        least = min(least, max(whole, similarity(" ".join(content), " ".join(other_content))))
    return least
