"""The cluster engine: the same SQL and the same marking, on Spark."""
