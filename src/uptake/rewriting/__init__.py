"""Decide whether to act on another wording or interpretation of a request: steps, guard and pipeline.

`Pipeline` is the public interface. Nothing here imports learners.
"""
