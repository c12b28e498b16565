"""Candidates from what this person and others have asked before, the nearest evidence first: see `cascade`."""
