"""Estimate from people's reactions whether each turn failed.

    columns      turns as columns
    reactions    one definition of each reaction: retried, barged in, terminated, corrected ...
    scorer       P(said again) and P(defect)
    turns_view   the view `turns` that learners read: the log, marked

A turn is a *defect* if what the assistant acted on is not what the user meant, whichever component is the cause:
recogniser, understanding, or a rewrite. It is a property of the turn, not of the user's mood. An honest "I cannot" to a
request that was understood is friction, not a defect, and so is a change of mind. If a corpus has human truth, it
defines the term precisely (`uptake.lab.corpora.dstc2.misunderstood`); in a log a defect is only estimated.
"""

from uptake.feedback.reactions import REACTIONS
from uptake.feedback.scorer import defects, reactions_of

__all__ = ["REACTIONS", "defects", "reactions_of"]
