"""Templates of a room's pages, on the shell and style that all pages have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jinja2


def environment(package: str, filters: Mapping[str, Callable[..., Any]] | None = None) -> jinja2.Environment:
    """Templates of a package, which may extend ``shell.html.j2``.

    A page needs nothing else: no script, no other file, no network. Whatever is put into it stands in it as text.

    Parameters
    ----------
    package : str
        Whose ``*.j2`` files are meant, such as ``"schedopt.report"``.
    filters : mapping, optional
        Filters beside ``number`` (thousands separated).
    """
    made = _environment(package)
    made.filters |= dict(filters or {})
    return made


@cache
def _environment(package: str) -> jinja2.Environment:
    own, shell = jinja2.PackageLoader(package, ""), jinja2.PackageLoader("schedopt.pages", "")
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([own, shell]), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["number"] = "{:,}".format
    return made
