"""Act on what a word stands for."""

from uptake.types import Decision


class SayWord:
    name = "words"

    def __init__(self, words, version=None):
        self._known, self._version = dict(words.known), version

    def __call__(self, request, situation, preflight=None):
        stands_for = self._known.get(request.text.lower())
        if stands_for is None:
            return None
        return Decision(
            step=self.name, acted_on=stands_for, rewrite_id=f"word-{request.text}", artifact_version=self._version,
            layer="global", reason="several people say it so",
        )  # fmt: skip
