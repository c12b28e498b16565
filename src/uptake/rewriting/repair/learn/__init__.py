"""Learn to repair interpretations, with human labels or without.

fit       the two ways to learn, and the use of a few labels material  turns with the turns after them, and stages
applied out of fold gists     acts without values, one logistic regression per gist teacher   weak labels: a second
recogniser and the rest of the dialogue examples  feature rows, and trees applied out of fold by user rule      the
threshold for a repair
"""
