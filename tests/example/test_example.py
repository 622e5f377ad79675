"""Invented offices: believable, readable, repeatable, of any size."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.errors import OutputError
from schedopt.example import example_frames, example_settings, write_example
from schedopt.example.words import WORDS
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.office import assemble, office_from_frames, read_office
from schedopt.office.sources import HOUSE, all_tables, whole_settings
from tests.counted import calls
from tests.effort import examples

WEEK = dt.date(2026, 11, 30)
BUNDLED = Path(__file__).resolve().parents[2] / "examples" / "office"


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _problem(frames: dict[str, pd.DataFrame], week: dt.date = WEEK) -> Problem:
    return assemble(office_from_frames(frames, example_settings()), week)


def _promises(problem: Problem) -> Schedule:
    """The schedule in which every appointment stands as promised, and nothing else."""
    week = problem.week
    schedule = nothing_placed(week)
    session, step_start = schedule.session.copy(), schedule.step_start.copy()
    provider, start = week.requests.promised_provider, week.requests.promised_start
    for request in np.flatnonzero(start >= 0):
        inside = (week.sessions.start <= start[request]) & (start[request] < week.sessions.end)
        (session[request],) = np.flatnonzero(inside & (week.sessions.provider == provider[request]))
        step_start[week.steps.provider_step[request]] = start[request]
    return Schedule(session, step_start)


def _requested_minutes(frames: dict[str, pd.DataFrame]) -> int:
    types = frames["visit_types"].set_index("visit_type")
    asked = frames["requests"]
    usual = asked["visit_type"].map(types["minutes"].astype(int))
    minutes = pd.to_numeric(asked["minutes"]).fillna(usual)
    buffers = types["buffer_before"].astype(int) + types["buffer_after"].astype(int)
    return int((minutes + asked["visit_type"].map(buffers)).sum())


def _session_minutes(problem: Problem) -> int:
    return int((problem.week.sessions.end - problem.week.sessions.start).sum()) * problem.calendar.grid


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two folders written with the same arguments are equal, file by file."""
    one, other = (write_example(tmp_path / name, sites=2, providers=5, seed=7) for name in ("one", "other"))
    assert _files(one) == _files(other)
    without = {"age_days", "roles", "lengths", "travel", "setups", "reserves", "open_holidays"}
    without |= {"eligibility", "collection", "measure_changes"}
    tables = {table.table_name for table in all_tables(HOUSE)} - without
    assert set(_files(one)) == {"office.toml", *(f"{table}.csv" for table in tables)}


def test_another_seed_gives_another_office() -> None:
    """The seed decides about people, requests, shifts and insurance."""
    one, other = example_frames(seed=1), example_frames(seed=2)
    for table in ("patients", "requests", "providers", "shifts", "availability", "coverage", "appointments"):
        assert not one[table].equals(other[table]), table


def test_a_folder_reads_as_its_frames(tmp_path: Path) -> None:
    """What is written is what was invented, with its settings."""
    office = read_office(write_example(tmp_path / "office", sites=2, providers=6))
    assert office == office_from_frames(example_frames(sites=2, providers=6), example_settings())
    assert office.settings == whole_settings(example_settings(), HOUSE)


def test_the_bundled_office_is_what_the_command_writes(tmp_path: Path) -> None:
    """``examples/office`` is up to date with the generator (``make example`` writes it anew)."""
    assert _files(BUNDLED) == _files(write_example(tmp_path / "office", sites=2, providers=6))


@settings(max_examples=examples(13))
@given(
    sites=st.integers(1, 5),
    providers=st.integers(1, 14),
    seed=st.integers(0, 10**9),
    load=st.floats(0.1, 2.0),
    week=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
)
def test_any_office_is_accepted(sites: int, providers: int, seed: int, load: float, week: dt.date) -> None:
    """Whatever the size, seed and week, the reader finds no fault, and the promises break no rule of the office."""
    problem = _problem(example_frames(sites=sites, providers=providers, seed=seed, load=load, week=week), week)
    assert check(problem, _promises(problem)).breaches.empty


@pytest.mark.parametrize("word", WORDS)
def test_an_office_with_a_word_has_what_it_asks_for(word: str) -> None:
    """What an office has beside is accepted, and states a rule or coupling that it would not have without."""
    plain, more = (_problem(example_frames(sites=2, providers=6, words=words)) for words in ((), (word,)))
    names = [{rule.name for rule in (*problem.rules, *problem.couplings)} for problem in (plain, more)]
    assert names[0] < names[1]
    assert len(more.week.requests) == len(plain.week.requests)


def test_words_that_are_not_known_are_refused() -> None:
    """A word that is none, and ways where there is one site, are errors that say so."""
    with pytest.raises(ValueError, match="not waves"):
        example_frames(words=["waves"])
    with pytest.raises(ValueError, match="two sites"):
        example_frames(sites=1, words=["travel"])


@pytest.mark.parametrize("load", [0.5, 1.0, 1.4])
@pytest.mark.parametrize(("sites", "providers"), [(1, 1), (2, 7), (4, 30)])
def test_load_is_honoured(sites: int, providers: int, load: float) -> None:
    """Provider minutes asked for, over the minutes of the sessions that the roster yields, are near the load."""
    frames = example_frames(sites=sites, providers=providers, load=load, seed=3)
    assert _requested_minutes(frames) / _session_minutes(_problem(frames)) == pytest.approx(load, rel=0.1)


def test_number_of_requests_goes_before_load() -> None:
    """Where requests are asked for by number, so many there are, from one on."""
    assert [len(example_frames(requests=number)["requests"]) for number in (1, 2, 333)] == [1, 2, 333]


def test_the_office_is_believable() -> None:
    """Shares are near those of a real office: urgency, promises, coverage, series, wishes; nobody has cancelled yet."""
    frames = example_frames(sites=3, providers=30)
    assert [name for name, frame in frames.items() if frame.empty] == ["cancellations"]
    number, people = len(frames["requests"]), len(frames["patients"])
    urgency = frames["requests"]["urgency"].value_counts(normalize=True)
    assert [urgency[level] for level in ("1", "2", "5")] == pytest.approx([0.6, 0.3, 0.1], abs=0.05)
    assert 0.1 < len(frames["appointments"]) / number <= 0.21
    assert frames["appointments"]["mark"].eq("fixed").mean() == pytest.approx(0.3, abs=0.07)
    assert frames["coverage"]["patient"].nunique() / people == pytest.approx(0.95, abs=0.02)
    assert frames["availability"]["patient"].nunique() / people == pytest.approx(0.5, abs=0.05)
    for link in ("after", "same_day_as"):
        assert 0 < frames["requests"][link].ne("").sum() < 0.1 * number


def test_private_data_stand_in_one_table() -> None:
    """No table but ``patients`` has a cell in a private column, or a patient's name anywhere."""
    frames = example_frames(sites=2, providers=8)
    names = set(frames["patients"]["name"])
    assert names
    for table in all_tables(HOUSE):
        if table.table_name == "patients" or table.table_name not in frames:
            continue
        frame = frames[table.table_name]
        for column, field in table.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and extra.get("private"):
                assert frame[column].eq("").all()
        assert names.isdisjoint(frame.to_numpy().ravel())


def test_a_large_office_is_quick_and_its_problem_of_the_size_it_should_be() -> None:
    """Ten thousand requests take at most 350 function calls each, and about ten sessions each are possible."""
    frames = example_frames(sites=10, providers=100, requests=10_000)
    assert calls(lambda: example_frames(sites=10, providers=100, requests=10_000)) < 3_500_000
    options = _problem(frames).options
    assert 60_000 < len(np.unique(np.stack([options.request, options.session]), axis=1).T) < 160_000


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """An empty folder counts as none, and folders above it are made."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new" / "office"):
        assert write_example(folder, providers=1, load=0.1) == folder
        assert (folder / "office.toml").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with anything in it, or a file, is refused and stays as it was."""
    (tmp_path / "note.txt").write_text("mine")
    for target in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(OutputError, match="expected no such folder"):
            write_example(target, providers=1, load=0.1)
    assert _files(tmp_path) == {"note.txt": b"mine"}


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot be written, no other is left behind."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_example(tmp_path / "office", providers=1, load=0.1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [{"sites": 0}, {"providers": 0}, {"load": 0.0}, {"seed": -1}, {"requests": 0}], ids=str
)
def test_senseless_arguments_are_refused(arguments: dict[str, Any]) -> None:
    """Sizes start at one, the load above nothing."""
    with pytest.raises(ValueError, match="expected"):
        example_frames(**arguments)
