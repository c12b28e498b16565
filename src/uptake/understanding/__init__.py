"""Understand requests: intents and slots, labels without annotators, the situation."""
