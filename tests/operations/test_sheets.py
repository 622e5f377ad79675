"""The day's sheets: every visit once where it belongs, what is missing by a reference, nobody else's patients."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.models.office import Office
from schedopt.models.problem.happened import Away, Closed
from schedopt.models.problem.visits import Visit
from schedopt.models.tables import Closure, Coverage, Eligibility, Leave, Network, PoolClosure, Travel
from schedopt.operations.cases.tables import Material
from schedopt.operations.sheets.huddle import huddle
from schedopt.operations.sheets.lines import GivenDay, HuddlePoint, Noted
from schedopt.operations.sheets.making import DaySheets, Sheet, day_sheets
from schedopt.operations.sheets.page import sheet_files, sheet_html
from schedopt.operations.sheets.tables import Need, Received
from tests.operations.day_offices import WEEK, chances, frames, given_day, office, plan, planned

DAY = dt.timedelta(days=1)
SEEDS = st.sampled_from([3, 4])
AHEAD = st.integers(0, 4)
NEEDS = [Need(need="form"), Need(need="form", visit_type="follow-up", kind="result", holds_days=9),
         Need(need="new", new_only=True, kind="consent", holds_days=0), Need(need="sugar", kind="record")]  # fmt: skip
SIGNED = [Material(material="policy", title="Rules", needs_signature=True),
          Material(material="policy", title="Reglas", language="es", needs_signature=True, visit_types="check-up"),
          Material(material="leaflet", title="Leaflet")]  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> GivenDay:
    """A day of an office of which some tables are thinned out, and others are made up."""
    seed, ahead = draw(SEEDS), draw(AHEAD)
    base, day = office(seed), WEEK + DAY * ahead
    visits = [visit for visit in plan(seed).visits if visit.date == day]
    some = st.sampled_from(visits)
    received = {}
    for _ in range(draw(st.integers(0, 12))):
        visit, other = draw(some), draw(some)
        row = Received(
            patient=visit.patient, need=draw(st.sampled_from(["form", "new", "sugar", "policy", "interpreter"])),
            request=draw(st.sampled_from([None, visit.request, other.request])),
            on=day - DAY * draw(st.integers(-2, 12)),
        )  # fmt: skip
        received[row.patient, row.need, row.request, row.on] = row
    answers = [
        Eligibility(
            patient=visit.patient, insurer=draw(st.sampled_from([row.insurer for row in base.coverage or ()])),
            visit_type=draw(st.sampled_from([None, visit.visit_type, "check-up"])),
            asked_for=draw(st.sampled_from([None, day, day + DAY])), answered=day - DAY * draw(st.integers(-1, 45)),
            status=draw(st.sampled_from(["active", "inactive", "unknown"])),
            visits_left=draw(st.sampled_from([None, 0, 3])),
            valid_from=draw(st.sampled_from([None, day, day + DAY])),
        ) for visit in draw(st.lists(some, max_size=8))
    ]  # fmt: skip
    thin = draw(st.lists(st.sampled_from(["coverage", "networks", "referrals", "authorisations"]), max_size=2))
    update = {name: tuple(getattr(base, name))[:: draw(st.integers(2, 9))] for name in thin}
    update |= dict.fromkeys(draw(st.lists(st.sampled_from(["coverage", "referrals"]), max_size=1)))
    made = base.model_copy(
        update=update | {
            "needs": tuple(draw(st.lists(st.sampled_from(NEEDS), unique=True))), "material": tuple(SIGNED),
            "received": tuple(received.values()), "eligibility": draw(st.sampled_from([None, tuple(answers)])),
        }
    )  # fmt: skip
    return given_day(seed, ahead, office=made)


def holds(row: object, day: dt.date) -> bool:
    """Whether a row's days have the day in them."""
    first, last = row.valid_from, row.valid_until  # type: ignore[attr-defined]
    return (first is None or first <= day) and (last is None or day <= last)


def served(made: Office, visit: Visit, need: str, days: int | None) -> bool:
    """Whether something that serves a visit was received, by the words of the tables."""
    rows = [row for row in made.rows(Received) or () if (row.patient, row.need) == (visit.patient, need)]
    rows = [row for row in rows if row.on <= visit.date]
    return any(
        row.request == visit.request or (row.request is None if days is None else visit.date - row.on <= DAY * days)
        for row in rows
    )


def reference(made: Office, visit: Visit) -> set[tuple[str, str]]:
    """What is missing for a visit, by the words of docs/tables.md and docs/sheets.md: kind and what."""
    patient = next(row for row in made.patients if row.patient == visit.patient)
    request = next(row for row in made.requests if row.request == visit.request)
    speaks = next(row.languages for row in made.providers if row.provider == visit.provider)
    found = set[tuple[str, str]]()
    if patient.language and speaks and patient.language not in speaks and not served(made, visit, "interpreter", None):
        found.add(("interpreter", "interpreter"))
    for name in {row.need for row in made.rows(Need) or ()}:
        rows = [row for row in made.rows(Need) or () if row.need == name and row.visit_type in (None, visit.visit_type)]
        rows.sort(key=lambda row: row.visit_type is None)
        if rows and (request.new or not rows[0].new_only) and not served(made, visit, name, rows[0].holds_days):
            found.add((rows[0].kind, name))
    if not served(made, visit, "policy", None):
        found.add(("signature", "policy"))
    return found | {(one, one) for one in insured(made, visit, patient.self_pay or request.self_pay)}


def insured(made: Office, visit: Visit, pays: bool) -> set[str]:
    """What is missing of insurance."""
    if made.coverage is None or pays:
        return set()
    payers = [row.insurer for row in made.coverage if row.patient == visit.patient and holds(row, visit.date)]
    if not payers:
        return {"insurance"}
    found, payer = set[str](), payers[0]
    near = [row for row in made.networks or () if (row.insurer, row.provider) == (payer, visit.provider)]
    if made.networks is not None and not any(holds(row, visit.date) for row in near):
        found.add("network")
    terms = [row for row in made.terms or () if (row.insurer, row.visit_type) == (payer, visit.visit_type)]
    if any(row.referral for row in terms) and made.referrals is not None:
        mine = [row for row in made.referrals if (row.patient, row.visit_type) == (visit.patient, visit.visit_type)]
        if not any(row.status in ("approved", "partly") and holds(row, visit.date) for row in mine):
            found.add("referral")
    if any(row.authorisation for row in terms) and made.authorisations is not None:
        named = {row.authorisation for row in made.appointments or () if row.request == visit.request}
        about = (visit.patient, payer, visit.visit_type)
        ours = [row for row in made.authorisations if (row.patient, row.insurer, row.visit_type) == about]
        ours = [row for row in ours if row.status in ("approved", "partly") and holds(row, visit.date)]
        if not any(row.visits_left or row.authorisation in named for row in ours):
            found.add("authorisation")
    if made.eligibility is not None and not verified(made, visit, payer):
        found.add("eligibility")
    return found


def verified(made: Office, visit: Visit, payer: str) -> bool:
    """Whether the newest answer about the day says that the patient is covered, and is not too old."""
    about = []
    for row in made.eligibility or ():
        if (row.patient, row.insurer) == (visit.patient, payer) and row.visit_type in (None, visit.visit_type):
            bounded = row.valid_from is not None or row.valid_until is not None
            speaks = (
                (row.status == "active" or holds(row, visit.date)) if bounded else row.asked_for in (None, visit.date)
            )
            if speaks and row.answered <= visit.date:
                about.append(row)
    if not about:
        return False
    newest = max(about, key=lambda row: (row.answered, row.asked_for == visit.date))
    fresh = (visit.date - newest.answered).days <= made.settings.billing.verified_days
    return newest.status == "active" and newest.visits_left != 0 and holds(newest, visit.date) and fresh


@given(days())
def test_what_is_missing_is_what_a_reference_finds(day: GivenDay) -> None:
    """For every visit, by kind and by what is missing."""
    for line in day_sheets(day).lines:
        found = [(one.kind, one.what) for one in line.missing]
        assert len(found) == len(set(found))
        assert set(found) == reference(day.office, line.visit)


def insured_alone(**tables: object) -> set[str]:
    """What is missing of insurance for the first visit of the day, with some tables put in place of the office's."""
    none = {"networks": None, "terms": None, "eligibility": None}
    made = office().model_copy(update=none | tables)
    line = day_sheets(given_day(office=made)).lines[0]
    return {one.kind for one in line.missing} & {"insurance", "network", "referral", "authorisation", "eligibility"}


def test_who_pays_and_which_answer_counts() -> None:
    """Of several insurers the first row of the day pays; of several answers the newest counts, whatever it was for."""
    day = WEEK + DAY * 3
    visit = day_sheets(given_day()).lines[0].visit
    patients = tuple(row.model_copy(update={"self_pay": False}) for row in office().patients)
    first, second = (Coverage(patient=visit.patient, insurer=name) for name in ("ONE", "TWO"))
    past = Coverage(patient=visit.patient, insurer="OLD", valid_until=day - DAY)
    network = (Network(insurer="ONE", provider=visit.provider),)
    for rows, missing in (
        ((past, first, second), set()),
        ((past, second, first), {"network"}),
        ((past,), {"insurance"}),
    ):
        assert insured_alone(patients=patients, coverage=rows, networks=network) == missing

    def answer(ago: int, status: str, asked_for: dt.date | None) -> Eligibility:
        said = {"patient": visit.patient, "insurer": "ONE", "answered": day - DAY * ago, "status": status}
        return Eligibility.model_validate(said | {"asked_for": asked_for})

    for old, new, missing in (("active", "inactive", {"eligibility"}), ("inactive", "active", set())):
        for rows in ((answer(9, old, day), answer(2, new, None)), (answer(2, new, None), answer(9, old, day))):
            assert insured_alone(patients=patients, coverage=(first,), eligibility=rows) == missing
    for ago, missing in ((30, set()), (31, {"eligibility"}), (-1, {"eligibility"})):
        rows = (answer(ago, "active", None),)
        assert insured_alone(patients=patients, coverage=(first,), eligibility=rows) == missing


def of_role(sheets: DaySheets, role: str) -> list[Sheet]:
    """Sheets of a role."""
    return [sheet for sheet in sheets.sheets if sheet.role == role]


@given(SEEDS, AHEAD)
def test_each_visit_stands_once_where_it_belongs(seed: int, ahead: int) -> None:
    """Once with its own provider and once at the desk of its site; with support where it holds something; by time."""
    sheets = day_sheets(given_day(seed, ahead))
    visits = [visit for visit in plan(seed).visits if visit.date == WEEK + DAY * ahead]
    asked = Counter(visit.request for visit in visits)
    own = [
        line.visit.request
        for sheet in of_role(sheets, "provider")
        for line in sheet.lines
        if line.visit.provider == sheet.who
    ]
    assert Counter(own) == asked
    assert Counter(line.visit.request for sheet in of_role(sheets, "desk") for line in sheet.lines) == asked
    assert all(line.visit.site == sheet.site for sheet in of_role(sheets, "desk") for line in sheet.lines)
    held = {line.visit.request for line in sheets.lines if any(step.pools for step in line.steps)}
    assert {line.visit.request for sheet in of_role(sheets, "support") for line in sheet.lines} == held
    for sheet in of_role(sheets, "desk"):
        assert [line.visit.arrive for line in sheet.lines] == sorted(line.visit.arrive for line in sheet.lines)
    types = {row.visit_type: row for row in office(seed).visit_types}
    for line in sheets.lines:
        (step,) = [step for step in line.steps if step.with_provider]
        assert (step.start, step.end) == (line.visit.start, line.visit.end)
        assert step.pools == types[line.visit.visit_type].pools
    assert list(sheets.visits["request"]) == [line.visit.request for line in sheets.lines]
    assert list(sheets.points) == sorted(sheets.points)


NAMES = {row.patient: f"Qname{row.patient}Z" for row in office().patients}


@pytest.mark.parametrize("named", [False, True])
def test_pages_know_their_own_patients_alone(named: bool) -> None:
    """No id or name of another provider's patient on a provider's page; no name at all where none was asked for."""
    waits = {visit.request: 0.5 for visit in plan().visits}
    day = given_day(noted=Noted(names=NAMES if named else {}), chances=chances(plan(), {}, waits, {}))
    sheets = day_sheets(day)
    for sheet in sheets.sheets:
        page = sheet_html(sheet, day)
        mine = {line.visit.patient for line in sheet.lines}
        other = {line.visit.patient for line in sheets.lines} - mine
        shown = set(re.findall(r"\bN[0-9]+\b", page)) | set(re.findall(r"Qname(N[0-9]+)Z", page))
        assert not shown & other
        assert shown >= mine or sheet.role == "support"
        assert ("Qname" in page) == (named and bool(mine))
        if sheet.role == "provider":
            requests = {line.visit.request for line in sheets.lines} - {line.visit.request for line in sheet.lines}
            assert not set(re.findall(r"\bR[0-9]+\b", page)) & requests
    table = b"".join(sheet_files(sheets).values())
    assert (b"Qname" in table) == named
    assert not any(row.name.encode() in table for row in office().patients if row.name)


def test_files() -> None:
    """A page and a table for each sheet; two ids that a file system may not tell apart have two names."""
    day = given_day()
    sheets = day_sheets(day)
    files = sheet_files(sheets, pdf=lambda page: page.encode()[:4])
    assert len(files) == 1 + 3 * len(sheets.sheets)
    assert {name.partition(".")[0] for name in files} - {"huddle"} == {sheet.name for sheet in sheets.sheets}
    bare = replace(sheets.sheets[0], lines=())
    twins = replace(sheets, sheets=(bare, replace(bare, who="dr1"), replace(bare, who="D/..")))
    names = [name for name in sheet_files(twins) if name.endswith(".html")]
    assert len({name.casefold() for name in names}) == 3
    assert not any("/" in name for name in names)
    assert files["huddle.csv"].startswith(b"at,kind,site,provider,request,words")


def test_a_day_of_another_week_is_refused() -> None:
    """There is nothing to say of a day that the plan does not cover."""
    with pytest.raises(ValueError, match="a day of the plan"):
        day_sheets(given_day(ahead=9))


def kinds(points: tuple[HuddlePoint, ...], kind: str) -> list[HuddlePoint]:
    """Points of a kind."""
    return [point for point in points if point.kind == kind]


def test_chances_from_their_limits_on() -> None:
    """A chance of a fifth of not coming, of three tenths of a long wait and of a quarter of a late end is told."""
    visits = [visit for visit in plan().visits if visit.date == WEEK + DAY * 3]
    first, second = visits[0].request, visits[1].request
    sessions = [use.session for use in plan().session_uses if use.date == WEEK + DAY * 3]
    day = given_day(chances=chances(plan(), {first: 0.8, second: 0.801}, {first: 0.3, second: 0.299},
                                    {sessions[0]: 0.25, sessions[1]: 0.24}))  # fmt: skip
    sheets = day_sheets(day)
    assert [point.request for point in kinds(sheets.points, "no-show")] == [first]
    assert "20 %" in kinds(sheets.points, "no-show")[0].words
    assert [point.request for point in kinds(sheets.points, "long wait")] == [first]
    assert [point.at for point in kinds(sheets.points, "late session")] == [
        use.end for use in plan().session_uses if use.session == sessions[0]
    ]
    line = next(line for line in sheets.lines if line.visit.request == second)
    assert line.no_show == pytest.approx(0.199)
    same = day_sheets(given_day(chances=chances(plan(), {}, {}, {})))
    assert all(line.no_show is None for line in same.lines)


def test_first_visits_are_the_new_patients() -> None:
    """Those whose request says so."""
    for ahead in range(5):
        sheets = day_sheets(given_day(ahead=ahead))
        new = {row.request for row in office().requests if row.new}
        assert {one.request for one in kinds(sheets.points, "first visit")} == {
            line.visit.request for line in sheets.lines
        } & new


def moved(shift: int) -> GivenDay:
    """The day with the second visit of a provider put so many minutes after the start of the first."""
    table = frames()["appointments"]
    table = table[table["date"] == str(WEEK + DAY * 3)].sort_values(["provider", "start"])
    (provider,) = [name for name, count in table["provider"].value_counts().items() if count > 2][:1]
    mine = table[table["provider"] == provider].reset_index(drop=True).iloc[:2].copy()
    start = dt.datetime.strptime(mine.at[0, "start"], "%H:%M") + dt.timedelta(minutes=shift)
    mine.at[1, "start"] = f"{start:%H:%M}"
    return given_day(plan=planned(office(), mine))


def test_double_booked_places() -> None:
    """Two visits of one provider that overlap are told with the stretch; two that meet are not."""
    apart = moved(60)
    first, second = apart.plan.visits
    minutes = first.end - first.start
    point, *more = kinds(day_sheets(moved(minutes - 5)).points, "double-booked")
    assert not more
    assert {first.request, second.request} <= set(point.words.replace(":", " ").split())
    assert point.at == first.end - 5
    for shift in (minutes, 60):
        assert kinds(day_sheets(moved(shift)).points, "double-booked") == []


@given(SEEDS, AHEAD)
def test_open_places_minute_by_minute(seed: int, ahead: int) -> None:
    """What is told as open is free for its whole length and no longer; no place for the shortest visit is left out."""
    day = given_day(seed, ahead)
    sheets = day_sheets(day)
    types = {row.visit_type: row for row in day.office.visit_types}
    for use in (use for use in day.plan.session_uses if use.date == day.day):
        free = set(range(use.start, use.end))
        for line in sheets.lines:
            if line.visit.provider == use.provider:
                kind = types[line.visit.visit_type]
                free -= set(range(line.visit.start - kind.buffer_before, line.visit.end + kind.buffer_after))
        shortest = min(row.minutes + row.buffer_before + row.buffer_after for row in types.values())
        starts = [minute for minute in sorted(free) if minute - 1 not in free]
        ends = [minute + 1 for minute in sorted(free) if minute + 1 not in free]
        expected = [(a, b - a) for a, b in zip(starts, ends, strict=True) if b - a >= shortest]
        mine = [one for one in kinds(sheets.points, "open place") if one.provider == use.provider]
        mine = [one for one in mine if use.start <= one.at < use.end]
        told = [(one.at, int(re.findall(r"([0-9]+) minutes", one.words)[0])) for one in mine]
        assert told == expected


def test_who_and_what_is_not_there() -> None:
    """Leave, closures, pools and changes of the plan on the day are told, those of other days are not."""
    day = WEEK + DAY * 3
    pool = office().pools[0]  # type: ignore[index]
    made = office().model_copy(update={
        "leave": (Leave(provider="DR1", first_day=day - DAY, last_day=day + DAY, start="13:00", end="15:00"),
                  Leave(provider="DR2", first_day=day + DAY, last_day=day + DAY)),
        "closures": (Closure(site="MAIN", date=day, start="16:00", reason="water"), Closure(date=day + DAY)),
        "pool_closures": (PoolClosure(pool=pool.pool, date=day, start="09:00", end="10:00", units=1),),
    })  # fmt: skip
    at = dt.datetime.combine(day, dt.time(11))
    problem = replace(
        plan().problem,
        changes=(Away("DR3", at, at + DAY), Closed(pool.pool, at - DAY * 2, at), Away("DR2", at + DAY, at + DAY * 2)),
    )
    sheets = day_sheets(given_day(office=made, plan=replace(plan(), problem=problem)))
    assert [point.words for point in kinds(sheets.points, "away")] == [
        "DR3 is away 11:00–24:00",
        "DR1 is away 13:00–15:00",
    ]
    assert [point.words for point in kinds(sheets.points, "closed")] == [
        f"{pool.pool} cannot be used 00:00–11:00", f"1 of {pool.pool} cannot be used 09:00–10:00",
        "MAIN closed 16:00–24:00: water",
    ]  # fmt: skip
    assert "DR3 is away" in sheet_html(of_role(sheets, "desk")[0], sheets.given)
    assert not any(
        "DR3 is away" in sheet_html(one, sheets.given) for one in of_role(sheets, "provider") if one.who != "DR3"
    )


def test_tight_ways() -> None:
    """A patient whose second visit begins less than the way and 15 minutes after the first is told."""
    table = frames()["appointments"]
    table = table[table["date"] == str(WEEK + DAY * 3)]
    rows = table.drop_duplicates("provider").iloc[:2].reset_index(drop=True).copy()
    patient = next(row.patient for row in office().requests if row.request == rows.at[0, "request"])
    requests = tuple(
        row.model_copy(update={"patient": patient}) if row.request == rows.at[1, "request"] else row
        for row in office().requests
    )
    made = office().model_copy(update={"requests": requests})
    one, other = planned(made, rows.assign(start=["09:00", "14:00"])).visits
    for gap, tight in ((10, True), (20, False)):
        start = 9 * 60 + (one.depart - one.start) + gap + (other.start - other.arrive)
        start += -start % 5
        late = planned(made, rows.assign(start=["09:00", f"{start // 60:02}:{start % 60:02}"]))
        points = kinds(day_sheets(given_day(office=made, plan=late)).points, "tight")
        assert [point.request for point in points] == ([other.request] if tight else [])
    far = made.model_copy(update={"travel": (Travel(site=one.site, other_site=other.site, minutes=120),)})
    if one.site != other.site:
        assert kinds(day_sheets(given_day(office=far, plan=late)).points, "tight") != []


def test_what_a_store_notes() -> None:
    """Balances and gaps of persons stand at the desk alone, open cases with the provider too."""
    line = day_sheets(given_day()).lines[0]
    who = line.visit.patient
    noted = Noted({who: ("a birth date is missing",)}, {who: ("cfee",)}, {who: 12_345}, {}, ("balances: hidden",))
    day = given_day(noted=noted)
    sheets = day_sheets(day)
    pages = {sheet: sheet_html(sheet, day) for sheet in sheets.sheets if line.visit.request in {
        one.visit.request for one in sheet.lines}}  # fmt: skip
    for sheet, page in pages.items():
        assert ("balance: 123.45" in page) == (sheet.role == "desk")
        assert ("a birth date is missing" in page) == (sheet.role == "desk")
        assert ("case cfee" in page) == (sheet.role in ("desk", "provider"))
        assert "balances: hidden" in page
    assert len(pages) >= 2


def test_a_folder_tells_birth_dates_that_are_missing() -> None:
    """Where others have one; where nobody has, the office does not tell them."""
    who = day_sheets(given_day()).lines[0].visit.patient
    rows = tuple(
        row.model_copy(update={"birth_date": None}) if row.patient == who else row for row in office().patients
    )
    none = tuple(row.model_copy(update={"birth_date": None}) for row in rows)
    for patients, told in ((rows, {who}), (none, set())):
        lines = day_sheets(given_day(office=office().model_copy(update={"patients": patients}))).lines
        assert {line.visit.patient for line in lines if any(one.kind == "details" for one in line.missing)} == told


def test_runs_without_a_minute() -> None:
    """Eight visits that follow each other without a minute are told with their stretch; seven are not."""
    line = day_sheets(given_day()).lines[0]
    for count, told in ((7, 0), (8, 1)):
        lines = [
            replace(line, visit=replace(line.visit, request=f"R{number}", steps=(480 + 15 * number,), minutes=(15,),
                                        provider_step=0)) for number in range(count)
        ]  # fmt: skip
        gap = replace(line, visit=replace(line.visit, request="R99", steps=(900,), minutes=(15,), provider_step=0))
        points = kinds(huddle(given_day(), [*lines, gap]), "tight")
        runs = [one for one in points if "without a minute" in one.words]
        assert len(runs) == told
        assert all(
            (one.at, f"{count} visits" in one.words, "08:00–10:00" in one.words) == (480, True, True) for one in runs
        )
