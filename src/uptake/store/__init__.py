"""Store versions of learned artifacts: publish, verify, compare, roll back."""
