"""Parse times, dates and numbers as people say them, and say them back: plain functions.

`numbers` reads number words, `durations` lengths of time, `moments` times and dates, `saying` says all of them.
English only.
"""
