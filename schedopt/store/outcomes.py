"""What becomes of a call: an answer, or an error that is raised once its entry stands in the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from schedopt.errors import AccessDenied

Answer = TypeVar("Answer")


def outcome_of(error: BaseException) -> str:
    """What an entry says of a call that has raised an error."""
    return "refused" if isinstance(error, AccessDenied) else "failed"


def giving(answer: Answer) -> Callable[[], Answer]:
    """Gives an answer."""
    return lambda: answer


def raising(error: Exception) -> Callable[[], Any]:
    """Raises an error."""

    def again() -> Any:
        raise error

    return again
