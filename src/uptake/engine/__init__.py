"""Relational jobs: Arrow or Parquet in, Arrow or Parquet out (`local`: DuckDB)."""
