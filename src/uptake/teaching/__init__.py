"""Learn what people teach explicitly: concepts (names of settings, actions and things) and preferences."""
