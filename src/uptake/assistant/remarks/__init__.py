"""Remarks beside a request, told from it by a small model: "film's about to start, lights off"."""

from uptake.assistant.remarks.step import MODEL, REMARK, is_told, least_alone, least_chance, remark_chance

__all__ = ["MODEL", "REMARK", "is_told", "least_alone", "least_chance", "remark_chance"]
