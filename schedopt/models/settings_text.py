"""Settings as the text of office.toml."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import BaseModel


def toml_lines(part: BaseModel) -> Iterator[str]:
    """Keys with their description; parts of the settings follow as sections."""
    sections: list[str] = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            sections += ["", f"[{name}]", *toml_lines(value)]
        elif value is not None:
            note = f"  # {field.description}" if field.description else ""
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}{note}"
    yield from sections
