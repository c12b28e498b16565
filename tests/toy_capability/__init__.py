"""A capability as small as one can be: what most people mean by a single word. One folder, one line."""

from uptake.capability import Capability

CAPABILITY = Capability(
    name="words",
    kind="words",
    help="What a single word stands for.",
    daily=True,
    artifact="tests.toy_capability.artifact:Words",
    learner="tests.toy_capability.learn:WordLearner",
    gate="tests.toy_capability.gate:refuse_doors",
    steps=("tests.toy_capability.step:SayWord",),
)
