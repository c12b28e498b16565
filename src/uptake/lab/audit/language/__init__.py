"""Bias of any generator of text.

generators   a Python callable, an OpenAI-compatible endpoint, a local model
scores       sentiment, toxicity and gender polarity of a text
bold         continuations of BOLD's prompts, by group, beside Wikipedia's own
winobias     pronouns that a stereotype would resolve, and those that it would not
coreference  the same, asked of the assistant's own rewriter, which writes pronouns out
run          all of it, as flat figures
"""
