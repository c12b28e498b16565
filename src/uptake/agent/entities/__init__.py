"""Entities: what the words of a reading stand for in this home, this catalogue, these lists."""

from uptake.agent.entities.catalogue import Catalogue, Item
from uptake.agent.entities.resolution import Problem, Resolution
from uptake.agent.entities.resolver import Resolver

__all__ = ["Catalogue", "Item", "Problem", "Resolution", "Resolver"]
