"""Take a request apart into clauses, so that every part of it is acted on, kept for later, or refused."""

from uptake.assistant.clauses.compose import Command, DirectAnswer, Instead, Parts, compose

__all__ = ["Command", "DirectAnswer", "Instead", "Parts", "compose"]
