"""Audit groups of people: which group is served worse, what the thresholds do to it, and the cost of narrowing a gap.

membership   assigns people to groups: by the log, by a field of it, by a file gaps         compares each group's rates
with everybody else's, with intervals, corrected for many comparisons reach        counts the failures of a group that
the k-users rule allows to repair narrowing    gives questions to the groups that are served worst, and measures the
cost to the others audit        runs all of it, and returns JSON values
"""
