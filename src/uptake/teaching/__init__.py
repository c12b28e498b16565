"""Learn what people teach in so many words: concepts (words for settings, actions and things) and preferences."""
