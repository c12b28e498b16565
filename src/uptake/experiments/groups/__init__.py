"""Audit groups of people: who is served worse, what the thresholds do to them, and what narrowing a gap costs.

membership   who belongs to which group: by the log, by a field of it, by a file
gaps         rates of each group beside everybody else's, with intervals, corrected for many comparisons
reach        what the k-users rule leaves a group
narrowing    questions moved to those who are served worst, and what that costs the others
audit        all of it, as JSON values
"""
