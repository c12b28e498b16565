"""Measure how professions follow gender in embeddings of a knowledge graph, and take it out.

graph    facts, and which of them are held out
models   TransE, DistMult, ComplEx: scores, training, filtered ranks
signal   the gender signal: translational likelihood bias, a probe, the gap between women and men
removal  the adversarial filter, and the methods that it stands beside
run      all of it, as flat figures
"""
