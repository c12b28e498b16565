"""Train the contextual rewriter."""
