"""Bias audits of what is not our own log: embeddings of a knowledge graph, and generators of text."""
