"""Read teaching dialogues that are written for the tests, and play them.

A line is "kind | what is said | what is expected": `gap` words that are asked about; `-` nothing is offered; `does` and
`means` list actions, "intent, devices, values"; `same` means what was meant before; `no` is no recall.
"""

from pathlib import Path

from tests.teaching.homes import HOMES, told
from uptake.lab.evaluate.teaching.rows import Dialogue

HEARD = Path(__file__).parent / "heard"


def action(written):
    intent, names, values = (*(part.strip() for part in written.split(",")), "", "")[:3]
    slots = dict(pair.split("=") for pair in values.replace("calm waters", "calm_waters").split())
    return {
        "intent": intent,
        "slots": {slot: value.replace("_", " ") for slot, value in slots.items()},
        "targets": [name for name in names.split("+") if name],
    }


def actions(written):
    return list(map(action, written.split(";")))


def expectation(kind, written, before):
    word, _, rest = written.partition(" ")
    if word == "does":
        return {"recall": True, "actions": before if rest == "same" else actions(rest)}
    return {
        "gap": {"gap": rest, "offer": True},
        "-": {"offer": False} | ({"stored": False} if kind == "cancel" else {}),
        "means": {"actions": actions(rest) if word == "means" else []},
        "alias": {"alias_of": rest, "actions": []},
        "stored": {"stored": True},
        "unclear": {"clarify": True, "actions": []},
        "refused": {"offer": False, "stored": False},
        "no": {"recall": False, "offer": False},
    }[word]


def dialogue(name, home, lines):
    """Return a dialogue that is written as lines, in a home."""
    before, turns, taught = [], [], []
    for line in lines.strip().splitlines():
        kind, text, written = (part.strip() for part in line.split("|", 2))
        kind, _, speaker = kind.partition("@")
        if kind == "taught":
            before = actions(written)
            slots = [
                {
                    "intent": one["intent"],
                    "slots": [["name", each] for each in one["targets"]] + list(one["slots"].items()),
                }
                for one in before
            ]
            taught.append({"concept": text, "actions": slots})
            continue
        expect = expectation(kind, written, before)
        before = expect["actions"] if written.startswith("means") else before
        turns.append({"kind": kind, "user": text, "expect": expect} | ({"speaker": speaker} if speaker else {}))
    return Dialogue(
        key=name, category=name.rpartition("-")[0] or name, home=told(home), taught=tuple(taught), turns=tuple(turns)
    )


def heard(part):
    """Return the dialogues of a file: "= name HOME", then a line a turn."""
    found = []
    for block in (HEARD / f"{part}_talks.txt").read_text().strip().split("\n\n"):
        head, _, lines = block.partition("\n")
        name, home = head.removeprefix("= ").split()
        found.append(dialogue(name, HOMES[home], lines))
    return found


def stated(part):
    """Return the statements of a file, in the format of the evaluation: "what is said | what it comes to"."""
    rows = []
    for line in (HEARD / f"{part}_statements.txt").read_text().strip().splitlines():
        text, _, written = line.partition(" |")
        rows.append(
            {"id": text, "text": text, "expect": [_preference(one) for one in written.strip().split("; ") if one]}
        )
    return rows


def _preference(written):
    kind, *words = written.split()
    polarity = -1 if words[-1] == "-" else 1
    words = [word for word in words if word != "-"]
    scope = "household" if words[-1] == "household" else "person"
    value, _, about = " ".join(words[:-1] if scope == "household" else words).partition(" for ")
    row = {"type": kind, "value": value, "scope": scope, "polarity": polarity}
    return row | ({"about": about.replace("_", " ")} if about else {})
