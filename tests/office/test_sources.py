"""Sources gather themselves: a fourth one, installed by somebody else, is read, kept, priced, explained and written."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
from pydantic import Field, ValidationError

import schedopt
from schedopt.models.office import Section
from schedopt.models.source import Source
from schedopt.models.tables import Leave
from schedopt.office import write_appointments
from schedopt.office.document import tables_document
from schedopt.office.rules_document import rules_document
from schedopt.office.settings import read_settings
from schedopt.office.sources import HOUSE, all_tables, settings_class, sources
from schedopt.office.write import written_table
from tests.cli.commands import invoke
from tests.conversation import MONDAY, TABLES, write_office
from tests.fourth import TRANSPORT, Ride, Transport, install

SECRET = "Hidden Lane"
HEADER = "patient,date,arrives,pauses,with_chair,helpers,address\n"
RIDES = HEADER + (
    f"N2,2026-12-01,08:45,12:00-12:15;13:00-13:30,yes,H1;H2,1 {SECRET}\nN3,2026-12-01,08:45,,,,2 {SECRET}\n"
    f"N4,2026-11-30,08:45,,no,,3 {SECRET}\n"
)
APPOINTMENTS = TABLES["appointments"].replace("R3,DR2,2026-11-30,09:30,movable\n", "")
SECTION = "[transport]\nmost_a_day = 1\nride = 7\n"


@pytest.fixture
def fourth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fourth source is installed."""
    monkeypatch.syspath_prepend(install(tmp_path / "site"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The very small office with rides."""
    place = write_office(tmp_path / "office", rides=RIDES, appointments=APPOINTMENTS)
    with (place / "office.toml").open("a") as file:
        file.write(SECTION)
    return place


def _frames(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}


def _faults(folder: Path) -> dict[tuple[str, int | None, str | None], schedopt.Fault]:
    with pytest.raises(schedopt.InputError) as caught:
        schedopt.read_office(folder)
    assert SECRET not in str(caught.value)
    return {(fault.file, fault.row, fault.column): fault for fault in caught.value.faults}


def test_without_it_the_table_and_the_section_are_unknown(folder: Path) -> None:
    """Where the distribution is not installed, its table and its section are faults, and the sources are ours."""
    assert sources() == HOUSE
    places = {(file, column) for file, _, column in _faults(folder)}
    assert places == {("rides.csv", None), ("office.toml", "transport")}


@pytest.mark.usefixtures("fourth")
def test_an_installed_source_is_gathered() -> None:
    """The entry point of a distribution on the path names a source, which comes after ours."""
    assert sources() == (*HOUSE, TRANSPORT)


@pytest.mark.usefixtures("fourth")
def test_its_table_and_settings_are_read(folder: Path) -> None:
    """From files and from frames come the same rows, settings and fingerprint."""
    office = schedopt.read_office(folder)
    rides = office.rows(Ride)
    assert rides is not None
    assert [(ride.patient, ride.arrives, ride.with_chair) for ride in rides] == [
        ("N2", 525, True), ("N3", 525, False), ("N4", 525, False),
    ]  # fmt: skip
    assert rides[0].pauses == ((720, 735), (780, 810))
    assert office.settings.section(Transport) == Transport(most_a_day=1, ride=7)
    again = schedopt.office_from_frames(_frames(folder), office.settings)
    assert again == office
    assert schedopt.extend_office(office, {}).fingerprint == office.fingerprint
    assert SECRET not in repr(office)


@pytest.mark.usefixtures("fourth")
def test_no_table_and_an_empty_one_differ(folder: Path) -> None:
    """Without the table its rules are not there; with an empty one they are; the fingerprints differ."""
    (folder / "rides.csv").write_text(HEADER)
    empty = schedopt.read_office(folder)
    (folder / "rides.csv").unlink()
    absent = schedopt.read_office(folder)
    assert (empty.rows(Ride), absent.rows(Ride)) == ((), None)
    assert empty.fingerprint != absent.fingerprint
    names = [{rule.name for rule in schedopt.assemble(office, MONDAY).rules} for office in (empty, absent)]
    assert names[0] - names[1] == {"ride_day", "ride"}


def test_the_fingerprint_depends_on_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row or a setting changes the fingerprint; a source of which an office says nothing does not."""
    folder = write_office(tmp_path / "office")
    before = schedopt.read_office(folder).fingerprint
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    seen = [before]
    assert schedopt.read_office(folder).fingerprint == before
    with (folder / "office.toml").open("a") as file:
        file.write(SECTION)
    seen.append(schedopt.read_office(folder).fingerprint)
    for rides in (HEADER, RIDES, RIDES.replace("H1;", "H3;")):
        (folder / "rides.csv").write_text(rides)
        seen.append(schedopt.read_office(folder).fingerprint)
    assert len(set(seen)) == len(seen) == 5


@pytest.mark.usefixtures("fourth")
def test_faults_name_file_row_and_column(folder: Path) -> None:
    """What its columns and its checks ask for is held, all at once, and no private cell is shown."""
    (folder / "rides.csv").write_text(
        HEADER
        + f"N2,2026-12-32,08:45,,,,1 {SECRET}\nN9,2026-12-01,08:45,,,,{SECRET}\n"
        + f"N9,2026-12-01,08:45,,,,1 {SECRET}\nN3,2026-12-01,late,,,,1 {SECRET}\nN3,2026-03-08,02:30,,,,{SECRET}\0\n"
    )
    with (folder / "office.toml").open("a") as file:
        file.write("rid = 3\n")
    found = _faults(folder)
    assert found.keys() == {
        ("rides.csv", 2, "date"), ("rides.csv", 3, "patient"), ("rides.csv", 3, "address"),
        ("rides.csv", 4, None), ("rides.csv", 4, "patient"),
        ("rides.csv", 5, "arrives"), ("rides.csv", 6, "address"), ("office.toml", None, "transport.rid"),
    }  # fmt: skip
    assert found["rides.csv", 3, "address"].value == "(hidden)"
    assert found["rides.csv", 6, "address"].value == "(hidden)"
    assert "did you mean transport.ride?" in found["office.toml", None, "transport.rid"].expected


@pytest.mark.usefixtures("fourth")
def test_its_columns_are_on_the_grid_and_on_the_clock(folder: Path) -> None:
    """Lengths off the grid and times that clocks skip are faults, as in our own tables."""
    toml = folder / "office.toml"
    toml.write_text(toml.read_text().replace('name = "Tiny"', 'name = "Tiny"\ntime_zone = "America/New_York"'))
    (folder / "rides.csv").write_text(
        HEADER + f"N2,2026-12-01,08:46,12:01-13:00,,,1 {SECRET}\nN3,2026-03-08,02:30,,,,2 {SECRET}\n"
    )
    found = _faults(folder)
    assert found.keys() == {("rides.csv", 2, "arrives"), ("rides.csv", 2, "pauses"), ("rides.csv", 3, "arrives")}
    assert "clocks change" in found["rides.csv", 3, "arrives"].expected


@pytest.mark.usefixtures("fourth")
def test_a_plan_keeps_its_rules(folder: Path) -> None:
    """Visits are on days of rides, one a day; the price is paid, the check says the same, and explain names it."""
    office = schedopt.read_office(folder)
    problem = schedopt.assemble(office, MONDAY)
    assert problem.weights["ride"] == 7
    plan = schedopt.plan(problem, time_limit=0.2, workers=1, progress=False)
    audit = schedopt.check(problem, plan.assignment)
    assert audit.breaches.empty
    dates = dict(zip(plan.schedule["request"], pd.to_datetime(plan.schedule["date"]).dt.date, strict=True))
    by_van = {"R3": 1, "R4": 1, "R5": 1, "R6": 1, "R7": 0}
    assert {(dates[name] - MONDAY).days - day for name, day in by_van.items() if name in dates} == {0}
    assert sum(dates.get(name) == MONDAY + dt.timedelta(days=1) for name in ("R3", "R4", "R5", "R6")) == 1
    costs = audit.costs.set_index("part")
    assert costs.loc["ride", "points"] == 7 * sum(name in dates for name in by_van)
    later = schedopt.publish(office, plan, MONDAY)
    assert (later.rows(Ride), later.settings) == (office.rows(Ride), office.settings)
    told = schedopt.explain(plan, "R5")
    assert ("ride_day", "transport") in set(zip(told.rules["rule"], told.rules["source"], strict=True))


@pytest.mark.usefixtures("fourth")
def test_the_commands_know_it(folder: Path, tmp_path: Path) -> None:
    """The check names its rule and its coupling, explain its reason, publish leaves its table; no address is said."""
    out = tmp_path / "plan"
    words = ("--week", MONDAY, "--out", out, "--time-limit", "0.2", "--quiet")
    assert invoke("plan", folder, *words).exit_code == 0
    assert invoke("check", folder, out).exit_code == 0
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(
        "request,provider,date,start\nR4,DR1,2026-12-01,09:00\nR6,DR1,2026-12-01,09:30\nR7,DR1,2026-12-01,09:15\n"
        "R5,DR2,2026-11-30,09:30\n"
    )
    said = invoke("check", folder, wrong, "--week", MONDAY)
    assert said.exit_code == 1
    assert "van_seats" in said.stdout
    assert "ride_day" in said.stdout
    told = invoke("explain", folder, out, "R5")
    assert "the van does not bring the patient on that day" in told.stdout
    before = (folder / "rides.csv").read_bytes()
    assert invoke("publish", folder, out, "--through", MONDAY).exit_code == 0
    assert (folder / "rides.csv").read_bytes() == before
    texts = [said.output, told.output, *(file.read_text("utf-8") for file in out.rglob("*") if file.is_file())]
    assert [text for text in texts if SECRET in text] == []


@pytest.mark.usefixtures("fourth")
def test_its_table_is_written_as_it_was(folder: Path, tmp_path: Path) -> None:
    """Every table, its own too, is written so that it is read again as it was; what has changed goes beside."""
    office = schedopt.read_office(folder)
    place = Path(shutil.copytree(folder, tmp_path / "written"))
    for row_class in all_tables(sources()):
        if office.rows(row_class) is not None:
            written_table(office, row_class).to_csv(place / f"{row_class.table_name}.csv", index=False)
    assert schedopt.read_office(place) == office
    later = schedopt.extend_office(office, {
        "rides": [{"patient": "N2", "date": "2026-11-30", "arrives": "09:00", "address": f"4 {SECRET}"}],
        "leave": [{"provider": "DR2", "first_day": "2026-12-03", "last_day": "2026-12-04"}],
    })  # fmt: skip
    written = write_appointments(later, place / "appointments.csv", before=office)
    assert {file.name for file in written} == {"rides.csv", "leave.csv", "appointments.csv"}
    again = schedopt.read_office(place)
    assert again == later
    assert len(again.rows(Ride) or ()) == 4
    assert again.rows(Leave) == again.leave


@pytest.mark.usefixtures("fourth")
def test_documents_are_made_of_it() -> None:
    """Its table, settings and checks stand in the document of tables, its rules and coupling in that of rules."""
    tables, rules = tables_document(sources()), rules_document(sources())
    assert "## rides.csv\n" in tables
    assert "| `address` | text |  | **required** |  | Where the patient is fetched. *Private.* |" in tables
    assert "| `transport.most_a_day` | a whole number from 0 to 1,000 | `9` | visits a day by van |" in tables
    assert "- An address begins with a number.\n" in tables
    assert "## Transport: who is brought\n" in rules
    assert "| `ride` | prices | A visit by van costs |" in rules
    assert "`transport.ride`: a visit by van" in rules
    assert "| `van_seats` | transport | So many visits a day are by van |" in rules
    assert tables_document() != tables
    assert "transport" not in tables_document() + rules_document()


def test_settings_made_before_it_was_installed_are_taken(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings without its section are read with the section's defaults."""
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    office = schedopt.office_from_frames(_frames(folder), schedopt.Settings(name="Old", grid_minutes=15))
    assert office.settings.section(Transport) == Transport()
    assert isinstance(office.settings, settings_class(sources()))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("schedopt.rosters.source:ROSTERS", "one source 'rosters'"),
        ("tests.fourth:install", "to be a Source"),
        ("tests.office.contrary:SAME_TABLE", "one table 'requests'"),
        ("tests.office.contrary:METHOD", "another table than 'copy'"),
        ("tests.office.contrary:LOST", "lost.thing to refer to a table with a key, found 'nowhere'"),
        ("tests.office.contrary:SAME_SECTION", "one section of office.toml 'holidays'"),
        ("tests.office.contrary:COMMON_SECTION", "another section of office.toml than 'weights'"),
        ("tests.office.contrary:SAME_PRICE", "one price 'access'"),
    ],
)
def test_sources_that_contradict_others_are_refused(
    value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that repeats what another says, or refers to nothing, is named at once."""
    monkeypatch.syspath_prepend(install(tmp_path / "site", value))
    with pytest.raises(ValueError, match=words):
        sources()


@pytest.mark.parametrize(("value", "words"), [("FALSE_NAME", "to name it"), ("SAME_RULE", "one rule 'unscheduled'")])
def test_rules_of_false_names_are_refused(
    value: str, words: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that names another source, or has the name of another rule, is named when a week is made."""
    (folder / "rides.csv").unlink()
    (folder / "office.toml").write_text('name = "Tiny"\ngrid_minutes = 15\n')
    monkeypatch.syspath_prepend(install(tmp_path / "site", f"tests.office.contrary:{value}"))
    with pytest.raises(ValueError, match=words):
        schedopt.assemble(schedopt.read_office(folder), MONDAY)


def test_our_tables_are_attributes_of_an_office() -> None:
    """An office has an attribute for each table that planning rests on, in order: () by default where it is required.

    Those of the office around the schedule are told by ``rows``.
    """
    named = {name: field.default for name, field in schedopt.Office.model_fields.items()}
    del named["settings"], named["fingerprint"]
    own = all_tables(source for source in HOUSE if source.name != "operations")
    assert list(named.items()) == [(kind.table_name, () if kind.required else None) for kind in own]


class Garage(Section):
    """A section with a key that must be there."""

    section_name: ClassVar[str] = "garage"

    street: str = Field(description="where the van stands", examples=["1 Road"])


def test_a_section_that_needs_a_key_may_be_left_out() -> None:
    """It is None where it is left out, read where it is there, and at fault without its key; the document shows it."""
    found = (*HOUSE, Source("garage", "who drives", "tests.fourth", sections=(Garage,)))
    kind = settings_class(found)
    settings = [read_settings(kind, "office.toml", raw) for raw in ({}, {"garage": {"street": "2 Road"}})]
    assert [(read.section(Garage) if read else read, faults) for read, faults in settings] == [
        (None, []), (Garage(street="2 Road"), []),
    ]  # fmt: skip
    _, faults = read_settings(kind, "office.toml", {"garage": {}})
    assert [(fault.file, fault.column) for fault in faults] == [("office.toml", "garage.street")]
    assert '[garage]\nstreet = "1 Road"\n' in tables_document(found)


def test_an_office_holds_rows_under_the_name_of_their_table() -> None:
    """Rows of another table, and what are no rows, are refused."""
    ride = Ride(patient="N1", date="2026-12-01", arrives="09:00", address="1 Road")
    assert schedopt.Office(rides=(ride,)).rows(Ride) == (ride,)
    for tables in ({"trips": (ride,)}, {"rides": ("N1",)}):
        with pytest.raises(ValidationError):
            schedopt.Office(**tables)
