"""The benchmark of linkage: one line of JSON, whatever tables and truth look like."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import linkage
from benchmarks.people import __main__ as people

Written = tuple[Path, Path]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Files of people and of true pairs."""
    folder = tmp_path_factory.mktemp("people")
    people.main(["--people", "600", "--duplicates", "120", "--seed", "4", "--out", str(folder)])
    return folder / "people.csv", folder / "pairs.csv"


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, float]:
    assert linkage.main([str(argument) for argument in arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    result: dict[str, float] = json.loads(lines[0])
    return result


def test_one_table(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trained, with the stored model, and without a column; pairs of the truth may be turned round."""
    table, truth = written
    model = tmp_path / "model.json"
    first = _run(capsys, table, "--truth", truth, "--save-model", model)
    assert first["precision"] > 0.95
    assert first["recall"] > 0.95
    pairs = pd.read_csv(truth)[["right", "left"]]
    pairs.to_csv(tmp_path / "turned.csv", index=False)
    again = _run(capsys, table, "--truth", tmp_path / "turned.csv", "--model", model)
    assert (again["precision"], again["recall"]) == (first["precision"], first["recall"])
    assert first["trained"]
    assert not again["trained"]
    assert _run(capsys, table, "--truth", truth, "--model", "default", "--without", "soc_sec_id")["sure_pairs"] == 0


def test_two_tables(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ids in the first column where none is called ``rec_id``, truth turned round, gaps after commas."""
    table, pairs = pd.read_csv(written[0], dtype=str, keep_default_na=False), pd.read_csv(written[1], dtype=str)
    twice = table["rec_id"].isin(pairs["right"])
    for name, part in (("a", table[~twice]), ("b", table[twice])):
        text = part.rename(columns={"rec_id": "key"}).to_csv(index=False).replace(",", ", ")
        (tmp_path / f"{name}.csv").write_text(text)
    pairs[["right", "left"]].to_csv(tmp_path / "truth.csv", index=False)
    found = _run(capsys, tmp_path / "a.csv", tmp_path / "b.csv", "--truth", tmp_path / "truth.csv")
    assert found["precision"] > 0.95
    assert found["recall"] > 0.95
    assert found["pairs"] <= twice.sum()


def test_what_cannot_be_read_is_said(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with status 2."""
    (tmp_path / "bad.csv").write_text("id,colour\n1,red\n")
    assert linkage.main([str(tmp_path / "bad.csv"), "--truth", str(written[1])]) == 2
    assert "at least one of the columns" in capsys.readouterr().err
    assert linkage.main([str(tmp_path / "none.csv"), "--truth", str(written[1])]) == 2
    with pytest.raises(SystemExit):
        linkage.main([str(written[0]), "--truth", str(written[1]), "--without", "colour"])


def test_invented_people_are_repeatable(tmp_path: Path, written: Written) -> None:
    """The same arguments give the same bytes."""
    people.main(["--people", "600", "--duplicates", "120", "--seed", "4", "--out", str(tmp_path)])
    assert [(tmp_path / file.name).read_bytes() for file in written] == [file.read_bytes() for file in written]
