"""Connected components over data frames: every node learns the smallest node that it is connected to.

Two steps in turn. Large star: each node ties its greater neighbours to the smallest node that it sees. Small star: each
node ties its smaller neighbours, and itself, to the smallest of them. Neither ever parts what is connected nor joins
what is not, and when a round changes nothing each component is a star around its smallest node.

Source: Kiveris et al., "Connected Components in MapReduce and Beyond" (SoCC 2014): rounds grow as the logarithm, at
most squared, of the nodes, however long a path is.
Limit: each round is kept by the executors; one that is lost with its disk ends the search with an error.
"""

from __future__ import annotations

from typing import Any

from uptake.errors import EngineFailed

__all__ = ["connected"]

_MOST_ROUNDS = 200


def connected(edges: Any) -> Any:
    """Return a data frame (node, label) of the nodes that are not the smallest of their component.

    Args:
        edges: Data frame (source, target) of integers; direction and repetition do not matter.

    Raises:
        EngineFailed: It does not come to rest, which no graph should bring about.
    """
    from pyspark.sql import functions as f

    u, v = f.col("u"), f.col("v")
    ends = edges.select(f.col("source").alias("a"), f.col("target").alias("b")).filter("a <> b")
    found = ends.select(f.greatest("a", "b").alias("u"), f.least("a", "b").alias("v")).distinct().localCheckpoint()
    before = None
    for _ in range(_MOST_ROUNDS):
        found = _small_star(_large_star(found)).localCheckpoint()
        now = tuple(found.agg(f.count("*"), f.bit_xor(f.xxhash64(u, v))).toArrow().to_pylist()[0].values())
        if now == before:
            return found.select(u.alias("node"), v.alias("label"))
        before = now
    raise EngineFailed("the components of a graph were not found in 200 rounds; please report this")


def _large_star(edges: Any) -> Any:
    """Tie each greater neighbour of a node to the smallest of the node and its neighbours."""
    from pyspark.sql import functions as f

    both = edges.unionByName(edges.select(f.col("v").alias("u"), f.col("u").alias("v")))
    least = both.groupBy("u").agg(f.least(f.min("v"), f.col("u")).alias("least"))
    tied = both.filter("v > u").join(least, "u")
    return tied.select(f.col("v").alias("u"), f.col("least").alias("v")).distinct()


def _small_star(edges: Any) -> Any:
    """Tie each smaller neighbour of a node, and the node, to the smallest of those neighbours."""
    from pyspark.sql import functions as f

    least = edges.groupBy("u").agg(f.min("v").alias("least"))
    tied = edges.join(least, "u").filter("v <> least").select(f.col("v").alias("u"), f.col("least").alias("v"))
    return tied.unionByName(least.select("u", f.col("least").alias("v"))).distinct()
