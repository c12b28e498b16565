"""Learners: statistics that add, solved into artifacts. One learner, one file.

`markov`: rewrites from what people say next. `sound`: known requests, to be found by their sound.
`incremental`: from the log to a published artifact, doing again only what changed. `forget`: the same, backwards.
"""
