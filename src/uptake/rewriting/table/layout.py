"""Lay out a rewrite table's rows: order, slots, and replacement of some among many that stay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from uptake.errors import BadRecord

__all__ = ["filled", "ordered", "spliced"]

_Rows = npt.NDArray[np.void]
_Text = npt.NDArray[np.uint8]


def spliced(rows: _Rows, text: _Text, out: list[int], more: _Rows, more_text: _Text) -> tuple[_Rows, _Text]:
    """Return rows and text without some rows and with others, ascending by hash.

    Args:
        rows: (n,) rows with the fields hash, start, user, request, acted_on and domain, ascending by hash.
        text: Their texts, in their order, back to back.
        out: Numbers of the rows to leave out.
        more: (m,) rows to put in; no hash of theirs may be among those that stay.
        more_text: Texts of those.
    """
    stays = np.ones(len(rows), bool)
    stays[out] = False
    numbers = np.flatnonzero(stays)
    kept = rows[numbers]
    at = np.searchsorted(kept["hash"], more["hash"])
    before = np.append(numbers, len(rows))[at]  # the row of the old table that each new one stands before
    starts = np.append(rows["start"], len(text)).astype(np.int64)
    own = np.append(more["start"], len(more_text)).astype(np.int64)
    changes = sorted([(int(row), 0, index) for index, row in enumerate(before)] + [(row, 1, 0) for row in out])
    blocks: list[_Text] = []
    done = 0
    for row, leaves_out, index in changes:
        blocks.append(text[done : starts[row]])
        done = int(starts[row])
        if leaves_out:
            done = int(starts[row + 1])
        else:
            blocks.append(more_text[own[index] : own[index + 1]])
    joined = np.insert(kept, at, more)
    texts = [joined[name].astype(np.uint64) for name in ("user", "request", "acted_on", "domain")]
    lengths = np.sum(texts, axis=0, dtype=np.uint64)
    lengths -= (joined["domain"] > 0).astype(np.uint64)  # a domain's length is kept plus one
    joined["start"] = np.cumsum(lengths) - lengths
    return joined, np.concatenate([*blocks, text[done:]])


def ordered(hashes: npt.NDArray[np.uint64], users: list[bytes], requests: list[bytes]) -> list[int]:
    """Row numbers by ascending hash, equal hashes by key, so that equal rows make equal tables."""
    order: list[int] = np.argsort(hashes, kind="stable").tolist()
    ties = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(ties):
        order.sort(key=lambda at: (hashes[at], users[at], requests[at]))
    for at in ties.tolist():
        left, right = order[at], order[at + 1]
        if users[left] == users[right] and requests[left] == requests[right]:
            raise BadRecord("a request has two rewrites for the same user", line=max(left, right) + 1, field="request")
    return order


def filled(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Slots of rows that ascend by hash: linear probing without wrapping round, in one pass.

    Each row stands in the first free slot from where its hash points: slot[i] = max(home[i], slot[i-1] + 1).
    """
    bits = max(1, (2 * len(hashes) - 1).bit_length())
    home = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    row = np.arange(len(hashes))
    slot = row + np.maximum.accumulate(home - row) if len(hashes) else row
    # The array is a whole power of two plus a free slot at least, and less than the next power of two.
    slots = np.zeros(max(1 << bits, int(slot[-1]) + 1 if len(slot) else 0) + 1, dtype=np.uint32)
    slots[slot] = row + 1
    return slots
