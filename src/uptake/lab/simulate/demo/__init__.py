"""The demo: a town lives with an assistant that learns, with harm sown on purpose, and its effects by the truth."""
