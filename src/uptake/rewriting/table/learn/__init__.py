"""Solve the absorbing Markov chain of what people say next into a table of rewrites."""
