"""Prove the product: corpora, simulated homes, evaluations, training of what ships."""
