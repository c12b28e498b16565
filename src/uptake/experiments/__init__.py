"""Run experiments: compare arms, watch rewrites, withdraw those that do harm, keep incidents and budgets."""
