"""office.toml to settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from schedopt.errors import Fault
from schedopt.models.office import Section, Settings
from schedopt.models.tables.fields import types_of
from schedopt.models.words import HIDDEN, meant, shown
from schedopt.office.columns import kinds
from schedopt.office.csv_file import decode
from schedopt.office.words import expected

_KEY = re.compile(r"[a-z_]+")
"""How keys are written, and people's names are not."""
_SAID_KEY = re.compile(r"\(.*\)|'[^']{2,}'|\"[^\"]{2,}\"")
"""Where a message of tomllib repeats a key."""


def parse_toml(settings: type[Settings], file: str, content: bytes) -> tuple[Settings | None, list[Fault]]:
    """Read office.toml.

    Parameters
    ----------
    settings : type of Settings
        What may stand there.
    file : str
        File name.
    content : bytes
        What stands in the file.

    Returns
    -------
    Settings or None
        None where something is wrong.
    list of Fault
        Every key at fault, dotted, or the first place that is not TOML.
    """
    text = decode(file, content)
    if isinstance(text, Fault):
        return None, [text]
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_not_toml(file, str(error))]
    except (ValueError, RecursionError):  # what tomllib lets through
        words = "expected TOML without numbers of thousands of digits or brackets nested as deep"
        return None, [Fault(file, None, None, None, words)]
    return read_settings(settings, file, raw)


def read_settings(settings: type[Settings], file: str, raw: Mapping[str, Any]) -> tuple[Settings | None, list[Fault]]:
    """Validate settings that came as a nested mapping; the same results as :func:`parse_toml`."""
    try:
        return settings.model_validate(dict(raw)), []
    except ValidationError as error:
        return None, list(_faults(settings, file, error))


def sections(settings: type[Settings]) -> dict[str, type[Section]]:
    """The sections of office.toml, by name."""
    return {
        name: kind for name, kind in types_of(settings).items() if isinstance(kind, type) and issubclass(kind, Section)
    }


def setting_fields(settings: type[Settings]) -> Iterator[tuple[str, FieldInfo, str]]:
    """Dotted key, declaration and kind of value of every setting, section by section."""
    known = sections(settings)
    plain: dict[str, type[BaseModel]] = {"": settings}
    for section, model in {**plain, **known}.items():
        kind = kinds(model)
        for name, field in model.model_fields.items():
            if section or name not in known:
                yield f"{section}.{name}".removeprefix("."), field, kind[name]


def _faults(settings: type[Settings], file: str, error: ValidationError) -> Iterator[Fault]:
    kind = {key: words for key, _, words in setting_fields(settings)}
    known = [*kind, *sections(settings)]
    for detail in error.errors(include_url=False):
        key = ".".join(map(str, detail["loc"]))
        if detail["type"] == "extra_forbidden":
            words = f"expected a known key{meant(key, known)}"
            value = None if isinstance(detail["input"], dict) else _shown(detail["input"])
            shown_key = ".".join(part if _KEY.fullmatch(part) else HIDDEN for part in key.split("."))
            yield Fault(file, None, shown_key, value, words)
        elif detail["type"] == "missing":
            yield Fault(file, None, key, None, f"expected this key: {kind[key]}")
        else:
            words = expected(detail, kind[key]) if key in kind else f"expected a section [{key}] with keys"
            yield Fault(file, None, key, _shown(detail["input"]), words)


def _shown(value: object) -> str:
    """A value as a message shows it: text may be somebody's name, and a date a birth date."""
    return shown(value) if isinstance(value, (bool, int, float)) else HIDDEN


def _not_toml(file: str, said: str) -> Fault:
    """The fault of a file that is not TOML, from words such as ``Invalid value (at line 3, column 8)``."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", said)
    what = _SAID_KEY.sub("a key", said.split(" (at ")[0])
    column = f", at character {place[2]} of the line" if place else ""
    return Fault(
        file, int(place[1]) if place else None, None, None, f"expected TOML: {what[:1].lower()}{what[1:]}{column}"
    )
