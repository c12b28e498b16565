"""The inner loops of `uptake.artifacts.trigrams`, compiled: count shared trigrams, then measure edit distance.

Compiled code is kept on the disk beside this file (or where NUMBA_CACHE_DIR says), so that only the first process
ever compiles. Import it only where that may be waited for: `TrigramIndex.warm` does.

Source: the count filter of Gravano et al., "Approximate String Joins in a Database (Almost) for Free" (VLDB 2001);
bit-parallel edit distance of Myers (JACM 46(3), 1999) in blocks as of Hyyrö (2003).
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["nearest"]

_ONE, _TOP = np.uint64(1), np.uint64(63)


@njit(cache=True, nogil=True)
def nearest(query, inverted, columns, counts, limits):  # type: ignore[no-untyped-def]
    """Rows nearest to a query by edit similarity; equal ones by row.

    Args:
        query: (m,) int32 code points.
        inverted: (g, 2) int64, where the postings of the query's distinct trigrams start and end, the rest are unknown;
            and the postings, int32 rows.
        columns: UTF-8 of all texts, where each starts, and its length in characters.
        counts: (n,) uint8 of zeros; zeros again when this returns.
        limits: Number of distinct trigrams of the query, most rows to measure, most rows to return, least similarity,
            and for a short query the lengths to measure whatever is shared, else (0, 0).

    Returns:
        Rows, and their similarities.
    """
    texts, starts, chars = columns
    distinct, measured, most, least, shortest, longest = limits
    spans, postings = inverted
    for at in range(len(spans)):
        for place in range(spans[at, 0], spans[at, 1]):
            counts[postings[place]] += 1
    short = longest > 0
    rows, levels = _of_length(counts, chars, shortest, longest) if short else _best_counted(counts, measured)
    counts[:] = 0
    found = np.zeros(most, dtype=np.int32)
    similarities = np.zeros(most, dtype=np.float64)
    kept = 0
    m = len(query)
    masks, others, other_masks = _masks(query)
    text = np.zeros(256, dtype=np.int32)
    positive = np.zeros(masks.shape[1], dtype=np.uint64)
    negative = np.zeros(masks.shape[1], dtype=np.uint64)
    for at in range(len(rows)):
        row = rows[at]
        changes = (distinct - levels[at] + 2) // 3  # one change destroys at most three trigrams
        floor = similarities[kept - 1] if kept == most else least
        if 1.0 - changes / (m + changes) < floor:
            if short:  # rows come in their own order
                continue
            break
        n = np.int64(chars[row])
        longer = max(m, n)
        if 1.0 - max(changes, abs(m - n)) / longer < floor:
            continue
        _decode(texts, starts[row], n, text)
        allowed = np.int64((1.0 - floor) * longer + 1e-9)
        distance = _distance((masks, others, other_masks), text[:n], m, allowed, (positive, negative))
        similarity = 1.0 - distance / longer
        if distance > allowed or similarity < least:
            continue
        kept = _insert(found, similarities, kept, row, similarity)
    return found[:kept], similarities[:kept]


@njit(cache=True, nogil=True)
def _best_counted(counts, most):  # type: ignore[no-untyped-def]
    """Rows with the highest counts, highest first, equal ones by row; and their counts."""
    size = np.zeros(256, dtype=np.int64)
    for row in range(len(counts)):
        size[counts[row]] += 1
    place = np.zeros(256, dtype=np.int64)
    total, lowest = 0, 1
    for level in range(255, 0, -1):
        place[level] = total
        total += size[level]
        if total >= most:
            lowest = level
            break
    total = min(total, most)
    rows = np.empty(total, dtype=np.int32)
    levels = np.empty(total, dtype=np.int64)
    for row in range(len(counts)):
        level = counts[row]
        if level >= lowest:
            at = place[level]
            if at < total:
                rows[at] = row
                levels[at] = level
                place[level] = at + 1
    return rows, levels


@njit(cache=True, nogil=True)
def _of_length(counts, chars, shortest, longest):  # type: ignore[no-untyped-def]
    """Rows of these lengths, and their counts."""
    total = 0
    for row in range(len(chars)):
        total += shortest <= chars[row] <= longest
    rows = np.empty(total, dtype=np.int32)
    levels = np.empty(total, dtype=np.int64)
    at = 0
    for row in range(len(chars)):
        if shortest <= chars[row] <= longest:
            rows[at], levels[at] = row, counts[row]
            at += 1
    return rows, levels


@njit(cache=True, nogil=True)
def _insert(found, similarities, kept, row, similarity):  # type: ignore[no-untyped-def]
    """Put a row in its place among the best; returns how many there are now."""
    most = len(found)
    at = kept
    while at > 0 and (
        similarities[at - 1] < similarity or (similarities[at - 1] == similarity and found[at - 1] > row)
    ):
        at -= 1
    if at >= most:
        return kept
    kept = min(kept + 1, most)
    for place in range(kept - 1, at, -1):
        found[place] = found[place - 1]
        similarities[place] = similarities[place - 1]
    found[at], similarities[at] = row, similarity
    return kept


@njit(cache=True, nogil=True)
def _decode(texts, start, n, text):  # type: ignore[no-untyped-def]
    """UTF-8 to code points."""
    at = start
    for place in range(n):
        byte = np.int32(texts[at])
        if byte < 0x80:
            text[place] = byte
            at += 1
        elif byte < 0xE0:
            text[place] = (byte & 0x1F) << 6 | np.int32(texts[at + 1]) & 0x3F
            at += 2
        elif byte < 0xF0:
            text[place] = (byte & 0x0F) << 12 | (np.int32(texts[at + 1]) & 0x3F) << 6 | np.int32(texts[at + 2]) & 0x3F
            at += 3
        else:
            text[place] = (
                (byte & 0x07) << 18
                | (np.int32(texts[at + 1]) & 0x3F) << 12
                | (np.int32(texts[at + 2]) & 0x3F) << 6
                | np.int32(texts[at + 3]) & 0x3F
            )
            at += 4


@njit(cache=True, nogil=True)
def _masks(query):  # type: ignore[no-untyped-def]
    """Where each character stands in the query, as bits: ASCII by code, the others by search."""
    blocks = max(1, (len(query) + 63) // 64)
    masks = np.zeros((128, blocks), dtype=np.uint64)
    others = np.zeros(len(query), dtype=np.int32)
    other_masks = np.zeros((len(query), blocks), dtype=np.uint64)
    known = 0
    for at in range(len(query)):
        bit = _ONE << np.uint64(at % 64)
        if query[at] < 128:
            masks[query[at], at // 64] |= bit
            continue
        place = 0
        while place < known and others[place] != query[at]:
            place += 1
        if place == known:
            others[known] = query[at]
            known += 1
        other_masks[place, at // 64] |= bit
    return masks, others[:known], other_masks


@njit(cache=True, nogil=True)
def _distance(patterns, text, m, allowed, state):  # type: ignore[no-untyped-def]
    """Levenshtein distance of a query of `m` characters to a text; anything above `allowed` once it must be."""
    masks, others, other_masks = patterns
    positive, negative = state
    blocks = masks.shape[1]
    positive[:] = ~np.uint64(0)
    negative[:] = np.uint64(0)
    last = _ONE << np.uint64((m - 1) % 64)
    score = m
    for at in range(len(text)):
        char = text[at]
        row = -1
        if char >= 128:
            for place in range(len(others)):
                if others[place] == char:
                    row = place
                    break
        up, down = _ONE, np.uint64(0)
        for block in range(blocks):
            if char < 128:
                mask = masks[char, block]
            elif row >= 0:
                mask = other_masks[row, block]
            else:
                mask = np.uint64(0)
            plus, minus = positive[block], negative[block]
            x = mask | down
            diagonal = (((x & plus) + plus) ^ plus) | x | minus
            higher = minus | ~(diagonal | plus)
            lower = diagonal & plus
            if block == blocks - 1:
                if higher & last:
                    score += 1
                if lower & last:
                    score -= 1
            next_up, next_down = higher >> _TOP, lower >> _TOP
            higher = (higher << _ONE) | up
            lower = (lower << _ONE) | down
            positive[block] = lower | ~(diagonal | higher)
            negative[block] = higher & diagonal
            up, down = next_up, next_down
        if score - (len(text) - 1 - at) > allowed:  # each further character takes off one at most
            return allowed + 1
    return score
