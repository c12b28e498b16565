"""How a turn looks to whoever repairs its reading: what learner and server must see alike.

heard   the turn: all that was heard, all readings, the dialogue before it
values  which words name which value
gists   what the words are about, values left out
tables  counts of a training log; a lens is what one source of labels taught
pieces  single acts that may have been meant
whole   whole meanings put together from them
trees   boosted trees with the names of their features
"""
