"""What people mean by "half past seven tomorrow" or "two and a half", and how to say it back: plain functions.

`numbers` reads number words, `durations` lengths of time, `moments` times and dates, `saying` says all of them.
English only.
"""
