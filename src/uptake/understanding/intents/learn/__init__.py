"""Train the models of intents and slots."""
