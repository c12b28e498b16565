"""What a word stands for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple


class Word(NamedTuple):
    word: str
    stands_for: str


@dataclass(frozen=True)
class Words:
    kind: ClassVar[str] = "words"
    schema_version: ClassVar[int] = 1

    known: tuple[Word, ...] = ()

    def rows(self):
        return iter(self.known)

    def __len__(self):
        return len(self.known)

    def save(self, directory: Path) -> None:
        (directory / "words.json").write_text(json.dumps(self.known))

    @classmethod
    def load(cls, directory: Path):
        return cls(tuple(Word(*row) for row in json.loads((directory / "words.json").read_text())))

    def without(self, user_id: str) -> None:
        """Tell nothing: it is counted again."""
