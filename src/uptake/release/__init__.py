"""Run a release: watch, withdraw, count, solve, judge and publish. Forgetting a user is here, too.

`night` runs a release, the only way to publish. `solve` counts the log and solves, only what changed. `gates` decide
what may be published. `watching` withdraws what does harm. `kept` caches the outcomes of closed parts. `history`
records past releases. `state` opens a state directory.
"""
