"""Read what is meant: intents and slots, labels without annotators, the situation."""
