"""Parse times, dates and numbers as people say them, and format them for speech.

`numbers` parses number words, `durations` lengths of time, `moments` times and dates, `saying` formats all of them.
English only.
"""
