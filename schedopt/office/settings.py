"""office.toml to settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from schedopt.errors import Fault
from schedopt.models.office import Defaults, Fairness, Holidays, Settings, Timing, Weights
from schedopt.office.columns import kinds
from schedopt.office.csv_file import decode
from schedopt.office.words import expected, meant, shown

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Settings),
    ("weights", Weights),
    ("defaults", Defaults),
    ("fairness", Fairness),
    ("timing", Timing),
    ("holidays", Holidays),
)


def parse_toml(file: str, content: bytes) -> tuple[Settings | None, list[Fault]]:
    """Read office.toml.

    Parameters
    ----------
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
    return read_settings(file, raw)


def read_settings(file: str, raw: Mapping[str, Any]) -> tuple[Settings | None, list[Fault]]:
    """Validate settings that came as a nested mapping; the same results as :func:`parse_toml`."""
    try:
        return Settings.model_validate(dict(raw)), []
    except ValidationError as error:
        return None, list(_faults(file, error))


def setting_fields() -> Iterator[tuple[str, FieldInfo, str]]:
    """Dotted key, declaration and kind of value of every setting, section by section."""
    sections = [name for name, _ in SECTIONS]
    for section, model in SECTIONS:
        kind = kinds(model)
        for name, field in model.model_fields.items():
            if section or name not in sections:
                yield f"{section}.{name}".removeprefix("."), field, kind[name]


def _faults(file: str, error: ValidationError) -> Iterator[Fault]:
    kind = {key: words for key, _, words in setting_fields()}
    for detail in error.errors(include_url=False):
        key = ".".join(map(str, detail["loc"]))
        if detail["type"] == "extra_forbidden":
            words = f"expected a known key{meant(key, [*kind, *filter(None, map(itemgetter(0), SECTIONS))])}"
            yield Fault(file, None, key, None if isinstance(detail["input"], dict) else shown(detail["input"]), words)
        elif detail["type"] == "missing":
            yield Fault(file, None, key, None, f"expected this key: {kind[key]}")
        else:
            words = expected(detail, kind[key]) if key in kind else f"expected a section [{key}] with keys"
            yield Fault(file, None, key, shown(detail["input"]), words)


def _not_toml(file: str, said: str) -> Fault:
    """The fault of a file that is not TOML, from words such as ``Invalid value (at line 3, column 8)``."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", said)
    what = said.split(" (at ")[0]
    column = f", at character {place[2]} of the line" if place else ""
    return Fault(
        file, int(place[1]) if place else None, None, None, f"expected TOML: {what[:1].lower()}{what[1:]}{column}"
    )
