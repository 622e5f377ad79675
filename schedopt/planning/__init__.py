"""Plan a week: promises, prices, search and pieces one after the other, and the reasons for what is left out."""

from schedopt.planning.phases import plan

__all__ = ["plan"]
