"""Leaf functions on text: `normalize`, `distance`, `phonetic`, `lexicon`."""
