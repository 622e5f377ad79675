"""Peers are judged like anybody, what they lack is said in words, and what their models can say they say rightly."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schedopt
from benchmarks import table
from benchmarks.generator import make_instance
from benchmarks.instances import Instance, to_problem, to_visits
from benchmarks.peers import comparison, jobshop_model
from benchmarks.peers.comparison import COLUMNS, HEAD, Result, compare
from benchmarks.peers.firstfit import FirstFit
from benchmarks.peers.interpreter import folder_of, run
from benchmarks.peers.jobshop import PyJobShop
from benchmarks.peers.judging import to_schedule
from benchmarks.peers.ours import Ours
from benchmarks.peers.protocol import Absent, Answer, Peer, Task, Visits
from benchmarks.peers.timefold_jvm import Timefold, compiled, numbers
from benchmarks.peers.ways import left_out, sessions_of, ways_of
from benchmarks.peers.whole import WholeWeek
from schedopt.solver.search.local import first_fit

ROOT = Path(__file__).resolve().parents[2]
TASK = Task(time_limit=2.0, workers=1)


@dataclass(frozen=True)
class Fake:
    """A peer that answers, or fails, as it is told."""

    answer: Callable[[Instance], Answer]
    name: str = "fake"
    cannot_say: tuple[str, ...] = ("anything true",)

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Answer."""
        return self.answer(instance)


def _raising(error: Exception) -> Fake:
    def answer(_: Instance) -> Answer:
        raise error

    return Fake(answer)


@cache
def _small() -> Instance:
    """Two providers, three days, and about three requests for every two that there is time for."""
    week = make_instance("S", 5)
    providers = [dict(p, sessions=[s for s in p["sessions"] if s["day"] < 3][:3]) for p in week["providers"][:2]]
    names = {p["id"]: {(s["day"], s["start"]) for s in p["sessions"]} for p in providers}
    requests: list[dict[str, Any]] = []
    for request in week["requests"]:
        who = [[name, cost] for name, cost in request["providers"] if name in names]
        leader = request["after"] and request["after"]["request"]
        if not who or who[0][1] or (leader and leader not in {r["id"] for r in requests}) or len(requests) == 60:
            continue
        booked = request["booked"]
        here = booked and any(
            s["day"] == booked["day"] and s["start"] <= booked["start"] < s["end"]
            for p in providers
            if p["id"] == booked["provider"]
            for s in p["sessions"]
        )
        requests.append(dict(request, providers=who, booked=booked if here else None))
    return dict(week, name="small", providers=providers, requests=requests)


@cache
def _problem() -> schedopt.Problem:
    return to_problem(_small())


@cache
def _first_fit_visits() -> Visits:
    return to_visits(_small(), _problem(), first_fit(_problem()))


def _audit(visits: Visits) -> schedopt.Audit:
    return schedopt.check(_problem(), to_schedule(_small(), _problem(), visits))


@cache
def _optimum() -> schedopt.Plan:
    return schedopt.plan(_problem(), time_limit=10.0, workers=1, progress=False)


def _installed(peer: Peer) -> Result:
    """The peer's result on the small week; the test is skipped where it is not installed."""
    (result,) = compare(_small(), "small", [peer], TASK)
    if result.cost is None and result.notes and result.notes[0].startswith("did not run"):
        pytest.skip(result.notes[0])
    return result


def test_the_small_week_has_everything() -> None:
    """The week used here has steps before, rooms, a series, promises of both kinds, and more requests than time."""
    requests = _small()["requests"]
    assert any(r["before"] for r in requests)
    assert any(r["room_kind"] for r in requests)
    assert any(r["after"] for r in requests)
    assert any(r["booked"] and r["booked"]["fixed"] for r in requests)
    assert any(r["booked"] and not r["booked"]["fixed"] for r in requests)
    assert len(_first_fit_visits()) < len(requests)


@given(data=st.data())
def test_ways_are_the_places_that_the_check_allows(data: st.DataObject) -> None:
    """A visit alone keeps every rule at a place exactly if some way of the request leads there, and costs its price."""
    instance, problem, sessions = _small(), _problem(), sessions_of(_small())
    alone = [n for n, r in enumerate(instance["requests"]) if not r["after"]]
    number = data.draw(st.sampled_from(alone))
    request, ways = instance["requests"][number], ways_of(instance)[number]
    session = data.draw(st.sampled_from([way.session for way in ways] or [0]) | st.integers(0, len(sessions) - 1))
    where = sessions[session]
    start = data.draw(st.integers(where.start // 5 - 3, where.end // 5 + 8)) * 5
    before = request["before"]
    visit = {"request": request["id"], "session": where.name, "start": start, "before_start": None}
    if before:
        visit["before_start"] = start - before["minutes"]
    schedule = to_schedule(instance, problem, [visit])
    audit = schedopt.check(problem, schedule)
    here = [way for way in ways if way.session == session and way.earliest <= start <= way.latest]
    closed = audit.breaches[audit.breaches["request"] == request["id"]]
    pools_apart = closed[~closed["rule"].str.contains("pool")]
    assert pools_apart.empty == bool(here), pools_apart
    if here and closed.empty:
        prices = {part.name: part.points for part in audit.parts}
        nobody = {p.name: p.points for p in schedopt.check(problem, to_schedule(instance, problem, [])).parts}
        names = ("access", "late", "continuity")
        assert sum(prices[name] - nobody[name] for name in names) == here[0].price
        assert nobody["unscheduled"] - prices["unscheduled"] <= left_out(instance, request)


def test_visits_read_back() -> None:
    """A schedule written as visits and read again is the same."""
    expected = first_fit(_problem())
    found = to_schedule(_small(), _problem(), _first_fit_visits())
    assert (found.session == expected.session).all()
    assert (found.step_start == expected.step_start).all()


@pytest.mark.parametrize(
    "change",
    [{"request": "nobody"}, {"session": "nowhere"}, {"start": 601}, {"start": None}, {"before_start": 5}],
    ids=str,
)
def test_visits_that_no_schedule_says_are_refused(change: dict[str, Any]) -> None:
    """Unknown names, times off the grid, and steps that there are not, are refused with a message."""
    plain = {r["id"] for r in _small()["requests"] if not r["before"]}
    visit = next(v for v in _first_fit_visits() if v["request"] in plain)
    with pytest.raises(ValueError, match=r"there is no|grid|read back"):
        to_schedule(_small(), _problem(), [visit | change])


def test_a_visit_twice_is_refused() -> None:
    """A request that is placed twice is refused."""
    with pytest.raises(ValueError, match="twice"):
        to_schedule(_small(), _problem(), [_first_fit_visits()[0]] * 2)


@pytest.mark.parametrize(
    ("peer", "word", "fault"),
    [
        (_raising(Absent("the package x is not installed")), "did not run: the package x is not installed", False),
        (_raising(TimeoutError("x was stopped after 9 s")), "stopped", False),
        (_raising(RuntimeError("x failed:\n| why")), "x failed: / why", True),
        (Fake(lambda _: Answer(None, 7.0, ("found nothing",))), "found nothing", False),
        (Fake(lambda _: Answer([{"request": "?", "session": "?", "start": 0}])), "there is no request", True),
        (Fake(lambda _: Answer(_first_fit_visits())), "breaks a rule", True),
        (Fake(lambda _: Answer(_first_fit_visits(), 1e9)), "bound is above", True),
        (Fake(lambda _: Answer(_first_fit_visits(), claimed=1)), "counts 1 points", True),
    ],
    ids=["absent", "late", "failed", "nothing", "unknown", "infeasible", "false bound", "false claim"],
)
def test_whatever_a_peer_does_has_a_row(peer: Fake, word: str, fault: bool) -> None:
    """Absent, late, failed, wrong or lying: a row says so in words, and the peers after it go on."""
    if "breaks" in word:
        fixed = {r["id"] for r in _small()["requests"] if r["booked"] and r["booked"]["fixed"]}
        kept = [visit for visit in _first_fit_visits() if visit["request"] not in fixed]
        peer = replace(peer, answer=lambda _: Answer(kept))
    result, after = compare(_small(), "small", [peer, FirstFit()], TASK)
    assert bool(result.faults) == fault
    assert after.feasible
    assert after.cost == schedopt.check(_problem(), first_fit(_problem())).cost
    assert word in comparison.aligned([result, after])[1]


def test_the_table_has_its_columns() -> None:
    """Gaps are of a peer's own bound, shares above of the best bound of the instance; what is unknown is missing."""
    results = [
        Result("S 1", "a", 10, 9, 200, 100.0, 1.0, True),
        Result("S 1", "b", 10, 9, 150, None, 1.0, True),
        Result("S 2", "b", 10, notes=("did not run: x",)),
    ]
    frame = comparison.table(results)
    assert tuple(frame.columns) == COLUMNS
    assert frame["gap"].tolist()[0] == pytest.approx(50.0)
    assert frame["above"].tolist()[:2] == pytest.approx([100.0, 50.0])
    assert pd.isna(frame["cost"][2])
    assert pd.isna(frame["gap"][1])
    document = comparison.markdown(results, [FirstFit()])
    assert len({line.count("|") for line in document[:5]}) == 1
    assert "did not run: x" in document[4]
    assert document[-1].startswith("- first-fit: ")
    assert len(comparison.aligned(results)) == 4
    assert len(HEAD) == len(comparison.cells(results)[0])


def test_the_command_runs_every_peer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--peers`` every peer has a row, also where an interpreter has none of them; a fault makes the status 1."""
    monkeypatch.setattr(table, "make_instance", lambda *_: _small())
    file = tmp_path / "table.md"
    command = ["--own", "--presets", "S", "--seeds", "1", "--time-limit", "1", "--peers"]
    status = table.main([*command, "--peer-python", str(tmp_path / "none"), "--markdown", str(file)])
    text = file.read_text(encoding="utf-8")
    assert status == 0, capsys.readouterr().err
    for peer in comparison.peers():
        assert f"| S 1 | {peer.name} |" in text
    assert text.count("did not run: the interpreter") == 2
    assert "Cannot say" in text
    liar = Fake(lambda _: Answer(_first_fit_visits(), 1e9))
    monkeypatch.setattr(comparison, "peers", lambda _: (liar,))
    assert table.main(command) == 1
    assert "bound is above" in capsys.readouterr().err


def test_programs_are_asked_with_an_end(tmp_path: Path) -> None:
    """A missing package or program is absent; a program that fails shows what it wrote, one that hangs is stopped."""
    with pytest.raises(Absent, match="no_such_package"):
        folder_of("no_such_package", sys.executable)
    with pytest.raises(Absent, match="no program"):
        run([str(tmp_path / "none")], 1.0, "it")
    with pytest.raises(RuntimeError, match="broken"):
        run([sys.executable, "-c", "raise SystemExit('broken')"], 1.0, "it")
    with pytest.raises(TimeoutError, match="stopped"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], -19.9, "it")


def test_the_models_need_nothing_of_this_library() -> None:
    """An interpreter with PyJobShop alone can run its model: importing it loads neither this library nor pandas."""
    code = "import sys, benchmarks.peers.jobshop_model; print(*{'schedopt', 'pandas', 'pyjobshop'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""


def test_peers_are_an_extra() -> None:
    """Both packages are asked for by the extra ``peers``, and neither by anything else or by the pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    for package in ("pyjobshop", "timefold"):
        assert any(line.startswith(package) for line in extras["peers"])
        assert package not in " ".join([*project["dependencies"], *extras["dev"], pins])


def test_numbers_are_as_many_as_the_reader_takes() -> None:
    """What is written for Java has a row for every session, pool, closure, request and way."""
    instance = _small()
    head, *rows = list(numbers(instance))
    closures = sum(len(pool["closed"]) for pool in instance["pools"])
    ways = ways_of(instance)
    assert head[:2] == (len(sessions_of(instance)), 1)
    assert head[5] == sum(map(len, ways))
    assert len(rows) == head[0] + head[3] + closures + head[4] + head[5]
    assert all(isinstance(value, int) for row in rows for value in row)


@pytest.mark.parametrize("peer", [WholeWeek(), Ours()], ids=["whole", "ours"])
def test_own_peers_prove_the_small_week(peer: Peer) -> None:
    """Both ways to solve it here end between the bound and the cost of the plan of ten seconds."""
    (result,) = compare(_small(), "small", [peer], TASK)
    assert not result.faults
    assert result.bound is not None
    assert result.bound <= _optimum().cost
    assert result.cost is None or result.cost >= _optimum().bound


@pytest.mark.parametrize("peer", [PyJobShop(), Timefold()], ids=["pyjobshop", "timefold"])
def test_foreign_peers_keep_the_rules(peer: Peer) -> None:
    """An installed peer's schedule keeps every rule, costs what it counts, and no less than the bound."""
    result = _installed(peer)
    assert not result.faults
    assert result.feasible
    assert result.cost is not None
    assert result.cost >= _optimum().bound


def test_timefold_is_not_crippled() -> None:
    """Timefold's model comes within a tenth of the plan of this library on a small week."""
    result = _installed(Timefold())
    assert result.cost is not None
    assert result.cost <= 1.1 * _optimum().cost


def test_the_shop_takes_requests_in_any_order() -> None:
    """Where those that follow are named before those that are followed, PyJobShop keeps the rules all the same."""
    pytest.importorskip("pyjobshop", reason="the package pyjobshop is not installed")
    backward = dict(_small(), requests=_small()["requests"][::-1])
    answer = jobshop_model.solve(backward, TASK.time_limit, TASK.workers, TASK.seed)
    assert _audit(answer["visits"]).breaches.empty


def test_the_shop_prices_what_it_says() -> None:
    """PyJobShop counts each part of the cost that its model prices exactly: all but idling, waiting and overtime."""
    pytest.importorskip("pyjobshop", reason="the package pyjobshop is not installed")
    answer = jobshop_model.solve(_small(), TASK.time_limit, TASK.workers, TASK.seed)
    parts = {p.name: p.points for p in _audit(answer["visits"]).parts}
    unsaid = {name: parts.pop(name) for name in ("idle", "office_wait", "overtime")}
    by_session = sum(parts.values())
    assert unsaid["overtime"] == 0
    assert by_session <= answer["priced"] <= by_session + _small()["weights"]["preference"] * len(answer["visits"])
    in_whole_sessions = dict(_small(), requests=[dict(r, prefer=None) for r in _small()["requests"]])
    answer = jobshop_model.solve(in_whole_sessions, TASK.time_limit, TASK.workers, TASK.seed)
    audit = schedopt.check(to_problem(in_whole_sessions), to_schedule(in_whole_sessions, _problem(), answer["visits"]))
    assert audit.breaches.empty
    assert answer["priced"] == sum(part.points for part in audit.parts if part.name not in unsaid)


def _java() -> Path:
    """The folder of Timefold's jars; the test is skipped without them, or without Java."""
    try:
        jars = folder_of("timefold", sys.executable) / "solver" / "jars"
    except Absent as reason:
        pytest.skip(str(reason))
    if shutil.which("javac") is None:
        pytest.skip("there is no program javac")
    return jars


def test_the_java_model_compiles_once(tmp_path: Path) -> None:
    """The folder of classes is found again, and nothing else is left beside it."""
    jars = _java()
    first = compiled(jars, tmp_path)
    written = (first / "weekbench" / "Main.class").stat().st_mtime_ns
    assert compiled(jars, tmp_path) == first
    assert (first / "weekbench" / "Main.class").stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [first]


def test_without_a_compiler_timefold_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no Java, the peer says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Absent, match="no program javac"):
        compiled(tmp_path, tmp_path / "cache")
