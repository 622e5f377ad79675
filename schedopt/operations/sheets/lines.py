"""A visit as it stands on a sheet, what is lacking for it, and what is worth a word in the morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.visits import Visit
from schedopt.operations.cases.material import Handed
from schedopt.operations.sheets.tables import Whose
from schedopt.simulation import Simulated
from schedopt.uncertainty.week import Uncertainty


class Missing(NamedTuple):
    """Something that is not there for a visit.

    Attributes
    ----------
    kind : str
        ``form``, ``consent``, ``result``, ``record``, ``other``, ``signature``, ``interpreter``, ``insurance``,
        ``network``, ``referral``, ``authorisation``, ``eligibility``, ``balance`` or ``details`` (of the person).
    what : str
        Id of what is needed, or the kind again.
    words : str
        For people, such as ``result: Blood count``.
    whose : str
        Who sees to it: ``desk``, ``nurse``, ``provider`` or ``billing``.
    """

    kind: str
    what: str
    words: str
    whose: Whose


class Step(NamedTuple):
    """A step of a visit with what it holds.

    Attributes
    ----------
    start, end : int
        Minutes from midnight.
    pools : tuple of str
        Kinds of rooms, devices and staff.
    with_provider : bool
        Whether it is the one with the visit's provider.
    """

    start: int
    end: int
    pools: tuple[str, ...]
    with_provider: bool


@dataclass(frozen=True)
class Line:
    """A visit of the day.

    Attributes
    ----------
    visit : Visit
        Who sees whom, when and where.
    type_name, language : str
        What is wanted, for people; language of the patient, empty: not said.
    new : bool
        A new patient.
    steps : tuple of Step
        In order.
    missing : tuple of Missing
        What is lacking.
    material : tuple of Handed
        What the patient is given.
    cases : tuple of str
        Ids of open cases of the patient.
    no_show : float or None
        Chance that the patient does not come; None: nothing is known of this patient.
    long_wait : float or None
        Chance that he or she waits longer than 30 minutes, of those who come.
    """

    visit: Visit
    type_name: str
    language: str
    new: bool
    steps: tuple[Step, ...]
    missing: tuple[Missing, ...]
    material: tuple[Handed, ...]
    cases: tuple[str, ...] = ()
    no_show: float | None = None
    long_wait: float | None = None


class HuddlePoint(NamedTuple):
    """What is worth a word in the morning.

    Attributes
    ----------
    at : int
        Minutes from midnight; 0: all day.
    kind : str
        ``no-show``, ``double-booked``, ``late session``, ``long wait``, ``tight``, ``first visit``, ``open place``,
        ``away`` or ``closed``.
    site, provider : str
        Where and whose; provider empty: everybody's at the site.
    request : str
        Visit, where it is about one.
    words : str
        What, with its reason; of persons, requests alone.
    """

    at: int
    kind: str
    site: str
    provider: str
    request: str
    words: str


@dataclass(frozen=True)
class Noted:
    """What a sheet tells beside the office's tables and the plan; a store knows it.

    Attributes
    ----------
    details : mapping of str to tuple of str
        By patient: what of the person's records is lacking or wrong, in words.
    cases : mapping of str to tuple of str
        By patient: ids of open cases.
    balances : mapping of str to int
        By patient: cents owed to the office.
    names : mapping of str to str
        By patient: names to show; of others the id is shown.
    untold : tuple of str
        What whoever asks may not see, in words.
    """

    details: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    balances: Mapping[str, int] = field(default_factory=dict, repr=False)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    untold: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chances:
    """What is known of chance in a plan's week.

    Attributes
    ----------
    uncertainty : Uncertainty
        Who comes, how punctually, and how long visits take.
    played : Simulated
        The week, played with it.
    """

    uncertainty: Uncertainty
    played: Simulated

    @property
    def knows_patients(self) -> bool:
        """Whether the chance of not coming is each patient's own, and not the same for all."""
        return len({round(show, 6) for show in self.uncertainty.show}) > 1


@dataclass(frozen=True)
class GivenDay:
    """What the sheets of a day are made of.

    Attributes
    ----------
    office : Office
        Its tables.
    plan : Plan
        The visits.
    day : datetime.date
        Which.
    noted : Noted
        What a store tells beside.
    chances : Chances or None
        None: nothing is said of chance.
    late_minutes : int
        A session that ends so many minutes after its end, or more, is late.
    """

    office: Office
    plan: Plan
    day: dt.date
    noted: Noted = Noted()
    chances: Chances | None = None
    late_minutes: int = 15
