"""Pages for people: one shell and one style, for paper, phones and screens."""

from schedopt.pages.environment import environment

__all__ = ["environment"]
