"""An office: everything that one batch run reads, as immutable values."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schedopt.models import tables


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("expected an IANA time zone such as America/New_York")
    return name


def _divides_day(minutes: int) -> int:
    if (24 * 60) % minutes:
        raise ValueError("expected minutes that divide a day, such as 5, 10 or 15")
    return minutes


def _whole_tenths(days: float) -> float:
    if abs(10 * days - round(10 * days)) > 1e-6:
        raise ValueError("expected days in tenths, such as 0.5")
    return days


GroupColumn = Literal[
    "group", "language", "language_required", "own_provider", "provider_gender", "provider_gender_required", "self_pay"
]
"""Columns of patients.csv that put patients into groups: all but those that tell one patient from another."""
Points = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class _Part(BaseModel):
    """Base of the parts of office.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Part):
    """Prices in points. A schedule's cost is their sum, lower is better."""

    unscheduled: Points = Field(400, description="a request left out, times its priority")
    access: Points = Field(10, description="a day from ready day to visit, times urgency")
    late: Points = Field(50, description="a day past the due day, times urgency")
    continuity: Points = Field(30, description="a visit with another provider than the one wished for")
    language: Points = Field(20, description="a visit with a provider who does not speak the wished language")
    provider_gender: Points = Field(20, description="a visit with a provider of another gender than wished for")
    preference: Points = Field(10, description="a start outside the times the patient prefers")
    office_wait: Points = Field(1, description="a minute between two steps of a visit")
    idle: Points = Field(1, description="a minute a provider waits inside a session")
    overtime: Points = Field(3, description="a minute past a session's end")
    moved: Points = Field(40, description="a movable appointment changed or left out, times priority")
    self_pay: Points = Field(50, description="a visit the patient pays as the insurer would not")
    revenue: Points = Field(0, description="a unit of currency of fee not earned")
    fair_access: Points = Field(
        10, description="a day, added up over a group's requests, that the group waits beyond fairness.most_days"
    )
    fair_load: Points = Field(1, description="a minute of a provider's load beyond fairness.most_load")


Price = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Defaults(_Part):
    """What holds where a table's cell is empty."""

    urgency: Annotated[int, Field(ge=1, le=1000, strict=True)] = Field(1, description="a request's urgency")
    priority: Annotated[int, Field(ge=1, le=1000, strict=True)] = Field(1, description="a request's priority")
    overtime: Annotated[int, Field(ge=0, le=600, strict=True)] = Field(
        0, description="minutes a shift may run over its end"
    )


class Fairness(_Part):
    """How far people may be from what all have; beyond that it costs."""

    column: GroupColumn | None = Field(
        None, description="column of patients.csv; the access waits of its groups are compared, none without it"
    )
    most_days: Annotated[float, Field(ge=0, le=1000, strict=True), AfterValidator(_whole_tenths)] = Field(
        1.0, description="days by which a group's mean access wait may exceed the mean of all requests"
    )
    most_load: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(
        10, description="percent of the contract by which a provider's load may exceed the load of all"
    )


class Timing(_Part):
    """What a minute costs when start times are set against overruns and no-shows, in money or in any other unit."""

    waiting: Price = Field(1.0, description="a minute that one patient waits")
    idle: Price = Field(4.0, description="a minute that a provider waits for patients within a session")
    overtime: Price = Field(6.0, description="a minute that a provider works past a session's end")


class Holidays(_Part):
    """Whose public holidays close the office."""

    country: str = Field(description="ISO 3166-1 alpha-2 code, such as US")
    subdivision: str | None = Field(None, description="ISO 3166-2 code, such as AZ")


class Settings(_Part):
    """What stands in office.toml."""

    name: str = Field("Office", max_length=200, description="name for people")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field("UTC", description="IANA time zone")
    grid_minutes: Annotated[int, Field(ge=1, le=60, strict=True), AfterValidator(_divides_day)] = Field(
        5, description="minutes of a grid cell; every start and length is a multiple"
    )
    days: Annotated[int, Field(ge=1, le=28, strict=True)] = Field(7, description="days planned at once")
    weights: Weights = Weights()
    defaults: Defaults = Defaults()
    fairness: Fairness = Fairness()
    timing: Timing = Timing()
    holidays: Holidays | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.time_zone)


class Office(BaseModel):
    """An office's settings and tables, read and checked.

    A table that the office does not have is None; one that it has and that is empty is an empty tuple.
    The difference matters: no ``coverage`` table means that insurance is nobody's concern here, an empty one that
    nobody is insured.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    settings: Settings = Settings()
    sites: tuple[tables.Site, ...] | None = None
    providers: tuple[tables.Provider, ...] = ()
    visit_types: tuple[tables.VisitType, ...] = ()
    steps: tuple[tables.Step, ...] | None = None
    patients: tuple[tables.Patient, ...] = ()
    requests: tuple[tables.Request, ...] = ()
    availability: tuple[tables.Availability, ...] | None = None
    preferences: tuple[tables.Preference, ...] | None = None
    appointments: tuple[tables.Appointment, ...] | None = None
    shifts: tuple[tables.Shift, ...] = ()
    leave: tuple[tables.Leave, ...] | None = None
    closures: tuple[tables.Closure, ...] | None = None
    credentials: tuple[tables.Credential, ...] | None = None
    pools: tuple[tables.Pool, ...] | None = None
    pool_closures: tuple[tables.PoolClosure, ...] | None = None
    caps: tuple[tables.Cap, ...] | None = None
    coverage: tuple[tables.Coverage, ...] | None = None
    networks: tuple[tables.Network, ...] | None = None
    terms: tuple[tables.Terms, ...] | None = None
    authorisations: tuple[tables.Authorisation, ...] | None = None
    referrals: tuple[tables.Referral, ...] | None = None
    fingerprint: str = Field("", description="SHA-256 of the input, for the decision record")


REQUIRED_TABLES = ("providers", "visit_types", "patients", "requests", "shifts")
