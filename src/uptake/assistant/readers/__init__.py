"""Read requests: readers propose, `Understanding` weighs.

grammar      sentence templates: Home Assistant's, the skills', older wordings
tolerant     the same, after politeness was dropped and the spelling corrected
statistical  intent classifier and slot tagger, trained on sentences sampled from the templates
llm          an OpenAI-compatible endpoint, off by default
"""

from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary

__all__ = ["Name", "Understanding", "Vocabulary"]
