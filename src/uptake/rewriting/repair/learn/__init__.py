"""Learning to repair readings, with people's labels or with none.

fit       the two ways to learn, and what to do with a few labels
material  turns, what followed them, and stages asked out of fold
gists     what words are about, one logistic regression a gist
teacher   a truth without labels: a second recogniser and the rest of the dialogue
examples  rows of features, and trees that never saw the user of the row they judge
rule      when a repair is worth proposing
"""
