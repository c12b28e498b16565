"""Label the log with the readers, and train the statistical reader again."""
