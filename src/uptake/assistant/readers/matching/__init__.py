"""Matching of requests with sentence templates: what can match at all, the compiled templates, one search for all."""
