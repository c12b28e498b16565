"""Clean up what was said before it is read: disfluency, preambles, the past, and words typed or heard wrong."""
