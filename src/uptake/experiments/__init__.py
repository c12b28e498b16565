"""Compare arms, watch rewrites, withdraw what hurts, keep incidents and budgets."""
