"""Handle a request in its conversation: answers, corrections, follow-ups, and open questions."""

from uptake.assistant.dialogue.conversation import Conversation, LastAction, Pending
from uptake.assistant.dialogue.moves import Move, find_move

__all__ = ["Conversation", "LastAction", "Move", "Pending", "find_move"]
