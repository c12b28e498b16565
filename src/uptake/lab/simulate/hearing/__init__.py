"""Make books of hearings: the town's sentences, spoken by synthetic voices and transcribed by a real recogniser."""
