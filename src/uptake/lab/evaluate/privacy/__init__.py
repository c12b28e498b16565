"""Evaluate differentially private releases: their utility, and the success of attacks."""
