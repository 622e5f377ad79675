"""What an office's past says about a planned week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from schedopt.arrays import Floats
from schedopt.models.history import History
from schedopt.models.problem.plan import Plan
from schedopt.uncertainty.distributions import Distribution
from schedopt.uncertainty.history.attendance import Missed, fit_attendance
from schedopt.uncertainty.history.features import counted, upcoming_visits
from schedopt.uncertainty.history.lengths import fit_lengths
from schedopt.uncertainty.history.punctuality import Punctuality, fit_punctuality
from schedopt.uncertainty.history.service import fit_service
from schedopt.uncertainty.week.uncertainty import NO_SHOW, SCV, STEP_SCV, Arrivals, Uncertainty

_PRIOR_VISITS = 10.0
"""Visits' worth of what is assumed that a bare share of no-shows starts from."""


def learn_uncertainty(
    history: History, plan: Plan, *, booked: dt.date | Mapping[str, dt.date] | None = None,
    ages: Mapping[str, float] | None = None, cancellations: bool = False, per_visit: bool = False,
    scv: float = SCV, step_scv: float = STEP_SCV, no_show: float = NO_SHOW,
    walk_ins: Arrivals | Mapping[str, Arrivals] | None = None,
    urgent: Arrivals | Mapping[str, Arrivals] | None = None,
) -> Uncertainty:  # fmt: skip
    """Service times, attendance and punctuality of a plan's visits, as far as the past tells them.

    What it does not tell is assumed as in :meth:`Uncertainty.assumed`, and ``origin`` says so: service times of visit
    types that it has not seen, punctuality without arrivals. Where there is too little for a model of who comes, it is
    the share of all past visits, starting from ten visits' worth of `no_show`. Steps without the provider are not in
    the past; they are assumed.

    Parameters
    ----------
    history : History
        Past visits, as :func:`schedopt.read_history` gives them.
    plan : Plan
        The plan.
    booked : date, or mapping of str to date, optional
        When the visits are booked: all, or by request (one not in it: not known). Without it: on the day before the
        first one planned.
    ages : mapping of str to float, optional
        Years, by patient; an age not known counts as the usual one.
    cancellations : bool
        False: a visit that is cancelled is taken to be filled again, so only no-shows leave a gap. True: cancelled
        visits leave a gap too.
    per_visit : bool
        True: the length of each visit also hangs on how long earlier visits of the patient took, and on the visit's
        place in the provider's day (:func:`~schedopt.uncertainty.history.fit_lengths`). It holds for the plan's times:
        learn anew after a plan has changed much. False: it hangs on visit type, provider, and who is new.
    scv, step_scv, no_show
        Assumed, see :meth:`Uncertainty.assumed`.
    walk_ins, urgent
        As there.
    """
    late, words = _punctuality(history)
    base = Uncertainty.assumed(plan, scv, no_show, late, step_scv=step_scv, walk_ins=walk_ins, urgent=urgent)
    service, service_words = _service(history, plan, base)
    if per_visit:
        service, service_words = _single(history, plan, base, service, service_words, ages)
    steps = [
        (*others[:own], with_provider, *others[own + 1 :])
        for others, own, with_provider in zip(base.steps, base.own_step, service, strict=True)
    ]
    when = plan.problem.calendar.first - dt.timedelta(days=1) if booked is None else booked
    missed, missed_words = _missed(history, plan, base, "no-show", no_show, when, ages)
    if cancellations:
        gone, gone_words = _missed(history, plan, base, "cancelled", 0.0, when, ages)
        missed, missed_words = 1 - (1 - missed) * (1 - gone), f"{missed_words}; {gone_words}"
    origin = dict(base.origin) | {"service": service_words, "attendance": missed_words, "punctuality": words}
    return replace(base, steps=tuple(steps), show=tuple((1 - missed).tolist()), origin=origin)


def _punctuality(history: History) -> tuple[Punctuality | None, str]:
    try:
        found = fit_punctuality(history)
    except ValueError:
        return None, "assumed: everybody is punctual, as no arrivals are known"
    return found, f"measured at {int(found.table['visits'].sum()):,} visits"


def _service(history: History, plan: Plan, base: Uncertainty) -> tuple[tuple[Distribution, ...], str]:
    """Distributions of minutes with the provider, and where they come from."""
    try:
        fitted = fit_service(history)
    except ValueError:
        return base.service, f"{base.origin['service']}, as no lengths are known"
    week, session = plan.problem.week, plan.assignment.session
    requests, seen = week.requests, set(fitted.table["visit_type"])
    found, assumed = list(base.service), 0
    for number, request in enumerate(plan.assignment.placed.tolist()):
        kind = requests.visit_type_ids[int(requests.visit_type[request])]
        provider = week.sessions.provider_ids[int(week.sessions.provider[session[request]])]
        if kind in seen:
            found[number] = fitted.distribution(kind, provider, new=bool(requests.new[request]))
        else:
            assumed += 1
    words = f"learned from {int(fitted.table['visits'].sum()):,} visits"
    words += f"; {assumed:,} visits of types not seen: {base.origin['service']}" if assumed else ""
    return tuple(found), words


def _single(
    history: History, plan: Plan, base: Uncertainty, service: tuple[Distribution, ...], words: str,
    ages: Mapping[str, float] | None,
) -> tuple[tuple[Distribution, ...], str]:  # fmt: skip
    """As :func:`_service` says, with a distribution of its own for each visit of a type that was seen."""
    try:
        lengths = fit_lengths(history)
    except ValueError as error:
        return service, f"{words}; not by single visits ({error})"
    visits = upcoming_visits(plan, None, ages)
    own = dict(zip(visits["request"], lengths.distributions(visits, history), strict=True))
    seen = set(lengths.usual.table["visit_type"])
    kinds = dict(zip(visits["request"], visits["visit_type"], strict=True))
    found = (own[name] if kinds[name] in seen else usual for name, usual in zip(base.requests, service, strict=True))
    return tuple(found), f"{words}; by single visits, which foretells {100 * lengths.explained:.0f} % of the rest"


def _missed(
    history: History, plan: Plan, base: Uncertainty, outcome: Missed, usual: float,
    booked: object, ages: Mapping[str, float] | None,
) -> tuple[Floats, str]:  # fmt: skip
    """Probability of an outcome, one a visit, and where it comes from."""
    try:
        model = fit_attendance(history, outcome)
    except ValueError as error:
        past = counted(history, outcome)
        had = float((past["outcome"] == outcome).sum())
        rate = (had + _PRIOR_VISITS * usual) / (len(past) + _PRIOR_VISITS)
        words = f"{outcome}: {100 * rate:.1f} % for all, from {len(past):,} visits ({error})"
        return np.full(len(base.requests), rate), words
    visits = upcoming_visits(plan, booked, ages).set_index("request", drop=False).loc[list(base.requests)]
    visits = visits.reset_index(drop=True)
    words = f"{outcome}: learned from {len(counted(history, outcome)):,} visits, AUC {model.assessment.auc:.2f}"
    return model.predict(visits, history), words
