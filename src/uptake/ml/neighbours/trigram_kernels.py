"""The inner loops of `uptake.ml.neighbours.trigrams`, compiled: count shared trigrams, then measure edit distance.

Compiled code is kept on the disk beside this file (or where NUMBA_CACHE_DIR says), so that only the first process
ever compiles. Import it only where that may be waited for: `TrigramIndex.warm` does.

Source: the count filter of Gravano et al., "Approximate String Joins in a Database (Almost) for Free" (VLDB 2001);
bit-parallel edit distance of Myers (JACM 46(3), 1999) in blocks as of Hyyrö (2003).
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["common_bits", "nearest"]

_ONE, _TOP = np.uint64(1), np.uint64(63)
_FIRST, _TAKEN = 256, 255  # no text has so many trigrams


@njit(cache=True, nogil=True)
def nearest(query, inverted, columns, counts, limits):  # type: ignore[no-untyped-def]
    """Return rows nearest to a query by edit similarity; equal ones by row.

    Args:
        query: (m,) int32 code points.
        inverted: (g, 2) int64, where the postings of the query's distinct trigrams start and end, the rest are unknown;
            the postings, int32 rows; the query's trigrams that are among the commonest, as bits; and (n,) uint64 those
            that each row has (`common_bits`), instead of their postings.
        columns: UTF-8 of all texts, where each starts, and its length in characters.
        counts: (n,) uint8 to work with.
        limits: Number of distinct trigrams of the query, most rows to measure, most rows to return, least similarity,
            and for a short query the lengths to measure whatever is shared, else (0, 0).

    Returns:
        Rows, and their similarities.
    """
    texts, starts, chars = columns
    distinct, measured, most, least, shortest, longest = limits
    _count(counts, inverted)
    short = longest > 0
    rows, levels = _of_length(counts, chars, shortest, longest) if short else _best_counted(counts, measured)
    found = np.zeros(most, dtype=np.int32)
    similarities = np.zeros(most, dtype=np.float64)
    kept = 0
    m = np.int64(len(query))
    masks, others, other_masks = _masks(query)
    narrow, last = np.ascontiguousarray(masks[:, 0]), np.uint64((m - 1) % 64)
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
        longer = np.int64(max(m, n))
        if 1.0 - max(changes, abs(m - n)) / longer < floor:
            continue
        allowed = np.int64((1.0 - floor) * longer + 1e-9)
        start = np.int64(starts[row])
        if m <= 64 and np.int64(starts[row + 1]) - start == n:  # all ASCII, and one block: by far the commonest case
            plus, minus, distance = ~np.uint64(0), np.uint64(0), m
            for place in range(start, start + n):
                mask = narrow[texts[place]]
                diagonal = (((mask & plus) + plus) ^ plus) | mask | minus
                higher = minus | ~(diagonal | plus)
                lower = diagonal & plus
                distance += np.int64((higher >> last) & _ONE) - np.int64((lower >> last) & _ONE)
                if distance - (start + n - 1 - place) > allowed:
                    break
                higher = (higher << _ONE) | _ONE
                plus = (lower << _ONE) | ~(diagonal | higher)
                minus = higher & diagonal
            if distance > allowed:
                continue
        else:
            _decode(texts, start, n, text)
            distance = _distance((masks, others, other_masks), text[:n], m, allowed, (positive, negative))
        similarity = 1.0 - distance / longer
        if distance > allowed or similarity < least:
            continue
        kept = _insert(found, similarities, kept, row, similarity)
    return found[:kept], similarities[:kept]


@njit(cache=True, nogil=True)
def _count(counts, inverted):  # type: ignore[no-untyped-def]
    """Put down how many of the query's trigrams each row has; `inverted` as of `nearest`."""
    spans, postings, common, bits = inverted
    for row in range(len(counts)):
        counts[row] = _ones(bits[row] & common)
    for at in range(len(spans)):
        for place in range(spans[at, 0], spans[at, 1]):
            counts[postings[place]] += 1


@njit(cache=True, nogil=True)
def common_bits(spans, postings, rows):  # type: ignore[no-untyped-def]
    """Return (rows,) uint64: which of at most 64 trigrams each row has, as bits.

    Args:
        spans: (g, 2) int64, where the postings of each trigram start and end.
        postings: int32 rows.
        rows: How many there are.
    """
    bits = np.zeros(rows, dtype=np.uint64)
    for at in range(len(spans)):
        for place in range(spans[at, 0], spans[at, 1]):
            bits[postings[place]] |= _ONE << np.uint64(at)
    return bits


@njit(cache=True, nogil=True)
def _ones(x):  # type: ignore[no-untyped-def]
    """Count the bits that are set; compilers know this form for the instruction that counts them."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.uint8((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def _best_counted(counts, most):  # type: ignore[no-untyped-def]
    """Return rows with the highest counts, highest first, equal ones by row; and their counts."""
    size = _histogram(counts)
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
    # Eight counts at a time, as long as none needs its eighth bit, which tells those as high as the lowest wanted.
    together = len(counts) - len(counts) % 8 if size[128:].sum() == 0 else 0
    eights = counts[:together].view(np.uint64)
    every, eighth_bits = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
    lift = np.uint64(128 - min(lowest, 128)) * every
    for first in range(0, len(counts), 8):
        if first < together and not (eights[first // 8] + lift) & eighth_bits:
            continue
        for row in range(first, min(first + 8, len(counts))):
            level = counts[row]
            if level >= lowest and place[level] < total:
                at = place[level]
                rows[at], levels[at], place[level] = row, level, at + 1
        if lowest < 255 and place[lowest] == total:  # no room for more of the lowest
            lowest += 1
            lift = np.uint64(128 - min(lowest, 128)) * every
    return rows, levels


@njit(cache=True, nogil=True)
def _histogram(counts):  # type: ignore[no-untyped-def]
    """Count the rows of each count, shape (256,); in four tables, as neighbours mostly have the same count."""
    sizes = np.zeros((4, 256), dtype=np.int64)
    n = len(counts)
    for row in range(0, n - 3, 4):
        sizes[0, counts[row]] += 1
        sizes[1, counts[row + 1]] += 1
        sizes[2, counts[row + 2]] += 1
        sizes[3, counts[row + 3]] += 1
    for row in range(n - n % 4, n):
        sizes[0, counts[row]] += 1
    return sizes.sum(axis=0)


@njit(cache=True, nogil=True)
def _of_length(counts, chars, shortest, longest):  # type: ignore[no-untyped-def]
    """Return rows of these lengths, and their counts, those that share most first to shorten the search for others."""
    first, first_levels = _best_counted(counts, _FIRST)
    counts[first] = _TAKEN
    total = 0
    for row in range(len(chars)):
        total += shortest <= chars[row] <= longest
    rows = np.empty(total, dtype=np.int32)
    levels = np.empty(total, dtype=np.int64)
    at = 0
    for place in range(len(first)):
        if shortest <= chars[first[place]] <= longest:
            rows[at], levels[at] = first[place], first_levels[place]
            at += 1
    for row in range(len(chars)):
        if shortest <= chars[row] <= longest and counts[row] != _TAKEN:
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
    """Decode UTF-8 to code points."""
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
    """Return the positions of each character in the query, as bits: ASCII by code, the others by search."""
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
    """Return Levenshtein distance of a query of `m` characters to a text; anything above `allowed` once it must be."""
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
