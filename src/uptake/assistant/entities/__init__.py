"""Entities: resolve the words of an interpretation to things of this home, this catalogue, these lists."""

from uptake.assistant.entities.catalogue import Catalogue, Item
from uptake.assistant.entities.resolution import Problem, Resolution
from uptake.assistant.entities.resolver import Resolver

__all__ = ["Catalogue", "Item", "Problem", "Resolution", "Resolver"]
