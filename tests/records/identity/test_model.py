"""A model is a value: stored, read back, and refused where it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schedopt.errors import InputError
from schedopt.records.identity import Model, default_model, train
from tests.records.identity.people import some


def test_a_model_comes_back_from_json() -> None:
    """The same to the last digit, shipped or learned."""
    for model in (default_model(), train(some(150, 30).people)):
        assert Model.from_json(model.to_json()) == model


def test_training_is_repeatable() -> None:
    """The same table gives the same model."""
    table = some(150, 30).people
    assert train(table) == train(table)


def _broken(change: str) -> str:
    read: dict[str, Any] = json.loads(default_model().to_json())
    if change == "version":
        read["version"] = 2
    elif change == "format":
        del read["format"]
    elif change == "rate":
        read["moved"] = 1.5
    elif change == "not a number":
        read["duplicates"] = "many"
    elif change == "level":
        del read["tables"]["same"]["given_name"]["exact"]
    elif change == "table":
        read["tables"]["relative"] = None
    elif change == "sum":
        read["tables"]["other"]["sex"]["same"] = 0.9
    elif change == "zero":
        read["tables"]["other"]["sex"] = {"same": 0, "different": 1}
    return json.dumps(read)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("version", "version 1"), ("format", "a model"), ("rate", "from 0 to 1"), ("not a number", "from 0 on"),
        ("level", "a probability for each"), ("table", "a probability for each"), ("sum", "sum to 1"),
        ("zero", "above 0"),
    ],
)  # fmt: skip
def test_what_is_no_model_is_refused(change: str, words: str) -> None:
    """Each with what was expected."""
    with pytest.raises(InputError, match=words):
        Model.from_json(_broken(change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"model"'])
def test_what_is_no_json_is_refused(text: str) -> None:
    """Text that is not JSON, and JSON that is something else."""
    with pytest.raises(InputError, match="a model"):
        Model.from_json(text)
