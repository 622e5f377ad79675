"""Commands about the office around the schedule."""

from schedopt.cli.operations.commands import add_operations

__all__ = ["add_operations"]
