"""Evaluate differentially private releases: what they are still worth, and what attacks see in them."""
