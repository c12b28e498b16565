"""From words to meaning: readers propose, `Understanding` weighs.

grammar     sentence templates: Home Assistant's, the skills', older wordings
"""

from uptake.agent.understand.understanding import Understanding
from uptake.agent.understand.vocabulary import Name, Vocabulary

__all__ = ["Name", "Understanding", "Vocabulary"]
