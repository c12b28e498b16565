"""Dialogue: what a request owes to what was said before, what to ask, and when to ask at all."""

from uptake.agent.dialogue.conversation import Conversation, Done, Pending
from uptake.agent.dialogue.feedback import AskPolicy
from uptake.agent.dialogue.moves import Move, find_move

__all__ = ["AskPolicy", "Conversation", "Done", "Move", "Pending", "find_move"]
