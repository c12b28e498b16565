"""One release: watch, withdraw, count, solve, judge, publish; and forgetting, which is the same backwards.

`night`: the release, the only way to publish. `solve`: counts and solves, doing again only what changed. `gates`: what
may be published. `watching`: what hurts is withdrawn. `kept`: outcomes of closed parts. `history`: releases that were.
`state`: one state directory.
"""
