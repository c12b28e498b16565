"""Doors are nothing for a single word."""

from tests.toy_capability.artifact import Words
from uptake.capability import GateVerdict, Refused


def refuse_doors(artifact, served):
    kept = tuple(word for word in artifact.known if "door" not in word.stands_for)
    refused = tuple(Refused(word.word, "is about a door", "words") for word in artifact.known if word not in kept)
    return GateVerdict(Words(kept), refused)
