"""The command line: to plan, to ask about a plan, to change it, and to publish it."""

from schedopt.cli.commands import app

__all__ = ["app"]
