"""Parse statements about concepts and uses of them: frames, assent, lists, and their words."""
