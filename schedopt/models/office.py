"""An office: everything that one batch run reads, as immutable values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, SerializeAsAny, model_validator

from schedopt.models import tables
from schedopt.models.tables.fields import known_zone, noted, plain


def _divides_day(minutes: int) -> int:
    if (24 * 60) % minutes:
        raise ValueError("expected minutes that divide a day, such as 5, 10 or 15")
    return minutes


def _whole_tenths(days: float) -> float:
    if abs(10 * days - round(10 * days)) > 1e-6:
        raise ValueError("expected days in tenths, such as 0.5")
    return days


GROUP_COLUMNS = tuple(name for name in tables.Patient.model_fields if name not in noted(tables.Patient, "tells_apart"))
"""Columns of patients.csv that put patients into groups: all but those that tell one patient from another."""
if TYPE_CHECKING:
    GroupColumn = str
else:
    GroupColumn = Literal[*sorted(GROUP_COLUMNS)]
Plain = Annotated[str, AfterValidator(plain)]
Points = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class Section(BaseModel):
    """Base of the sections of office.toml; subclasses say in ``section_name`` how theirs is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section_name: ClassVar[str]


def price(default: int, description: str) -> Any:
    """Declare a setting that is the price of the rule, or of the field of a coupling, of its name.

    Parameters
    ----------
    default : int
        Points.
    description : str
        What they are paid for, such as ``"a minute past a session's end"``.
    """
    extra: dict[str, JsonValue] = {"price": True}
    return Field(default, description=description, json_schema_extra=extra)


class Weights(Section):
    """Prices in points. A schedule's cost is their sum, lower is better."""

    section_name: ClassVar[str] = "weights"

    unscheduled: Points = price(400, "a request left out, times its priority")
    access: Points = price(10, "a day from ready day to visit, times urgency")
    late: Points = price(50, "a day past the due day, times urgency")
    continuity: Points = price(30, "a visit with another provider than the one wished for")
    language: Points = price(20, "a visit with a provider who does not speak the wished language")
    provider_gender: Points = price(20, "a visit with a provider of another gender than wished for")
    preference: Points = price(10, "a start outside the times the patient prefers")
    office_wait: Points = price(1, "a minute between two steps of a visit")
    idle: Points = price(1, "a minute a provider waits inside a session")
    overtime: Points = price(3, "a minute past a session's end")
    moved: Points = price(40, "a movable appointment changed or left out, times priority")
    self_pay: Points = price(50, "a visit the patient pays as the insurer would not")
    revenue: Points = price(0, "a unit of currency of fee not earned")
    fair_access: Points = price(
        10, "a day, added up over a group's requests, that the group waits beyond fairness.most_days"
    )
    fair_load: Points = price(1, "a minute of a provider's load beyond fairness.most_load")


Price = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Defaults(Section):
    """What holds where a table's cell is empty."""

    section_name: ClassVar[str] = "defaults"

    urgency: Annotated[int, Field(ge=1, le=1000, strict=True)] = Field(1, description="a request's urgency")
    priority: Annotated[int, Field(ge=1, le=1000, strict=True)] = Field(1, description="a request's priority")
    overtime: Annotated[int, Field(ge=0, le=600, strict=True)] = Field(
        0, description="minutes a shift may run over its end", json_schema_extra={"on_grid": True}
    )
    notice_hours: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(
        0, description="hours from the moment of planning before which no visit begins, unless it stands already"
    )
    without_break: Annotated[int, Field(ge=1, le=1440, strict=True)] | None = Field(
        None, description="longest time of a provider without a break, in minutes; any without it", examples=[240]
    )
    shortest_break: Annotated[int, Field(ge=1, le=1440, strict=True)] = Field(
        15, description="fewest minutes free that count as a break where without_break is given"
    )
    rest_hours: Annotated[int, Field(ge=0, le=48, strict=True)] | None = Field(
        None, description="fewest hours from a provider's last visit of a day to the first of another; any without it",
        examples=[11],
    )  # fmt: skip


class Fairness(Section):
    """How far people may be from what all have; beyond that it costs."""

    section_name: ClassVar[str] = "fairness"

    column: GroupColumn | None = Field(
        None, description="column of patients.csv; the access waits of its groups are compared, none without it",
        examples=["language"],
    )  # fmt: skip
    most_days: Annotated[float, Field(ge=0, le=1000, strict=True), AfterValidator(_whole_tenths)] = Field(
        1.0, description="days by which a group's mean access wait may exceed the mean of all requests"
    )
    most_load: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(
        10, description="percent of the contract by which a provider's load may exceed the load of all"
    )


class Billing(Section):
    """What insurers' answers mean for the plan; nothing without the tables with answers."""

    section_name: ClassVar[str] = "billing"

    pending: Literal["forbid", "price"] = Field(
        "forbid",
        description="before the day on which a pending authorisation or referral is decided, forbid or price visits",
    )
    undecided: Points = price(100, "a visit before the day on which its authorisation or referral is decided")
    verified_days: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(
        30, description="days from an answer to a visit up to which coverage counts as verified, with eligibility.csv"
    )
    unverified: Points = price(20, "a visit whose coverage is not verified")
    expected_revenue: Points = price(0, "a unit of currency of expected revenue missed")


class Timing(Section):
    """What a minute costs when start times are set against overruns and no-shows, in money or in any other unit."""

    section_name: ClassVar[str] = "timing"

    waiting: Price = Field(1.0, description="a minute that one patient waits")
    idle: Price = Field(4.0, description="a minute that a provider waits for patients within a session")
    overtime: Price = Field(6.0, description="a minute that a provider works past a session's end")


class Holidays(Section):
    """Whose public holidays close the office."""

    section_name: ClassVar[str] = "holidays"

    country: Plain = Field(description="ISO 3166-1 alpha-2 code, such as US", examples=["US"])
    subdivision: Plain | None = Field(None, description="ISO 3166-2 code, such as AZ", examples=["AZ"])


S = TypeVar("S", bound=Section)
R = TypeVar("R", bound=tables.Row)


class Settings(BaseModel):
    """What stands in office.toml: what every office has, and the sections of all sources.

    Attributes are the sections of this package; :meth:`section` gives those of any source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Plain = Field("Office", max_length=200, description="name for people")
    time_zone: Annotated[str, AfterValidator(known_zone)] = Field(
        "UTC", description="IANA time zone; a site may have its own", examples=["America/Phoenix"]
    )
    grid_minutes: Annotated[int, Field(ge=1, le=60, strict=True), AfterValidator(_divides_day)] = Field(
        5, description="minutes of a grid cell; every start and length is a multiple"
    )
    days: Annotated[int, Field(ge=1, le=28, strict=True)] = Field(7, description="days planned at once")
    weights: Weights = Weights()
    defaults: Defaults = Defaults()
    fairness: Fairness = Fairness()
    timing: Timing = Timing()
    billing: Billing = Field(Billing(), json_schema_extra={"later": True})
    holidays: Holidays | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def prices(self) -> dict[str, int]:
        """Prices in points, by name: those of ``weights``, then those of other sections."""
        sections = [section for _, section in self if isinstance(section, Section)]
        return {name: getattr(section, name) for section in sections for name in noted(type(section), "price")}

    def section(self, section_class: type[S]) -> S | None:
        """A section as it was read; None where it may be left out, and is."""
        found = getattr(self, section_class.section_name, None)
        return found if isinstance(found, section_class) else None


class Office(BaseModel):
    """An office's settings and tables, read and checked.

    A table that the office does not have is None; one that it has and that is empty is an empty tuple.
    The difference matters: no ``coverage`` table means that insurance is nobody's concern here, an empty one that
    nobody is insured.

    The tables of this package are attributes. Those of other sources stand beside them under their names;
    :meth:`rows` gives any table, with its type.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="allow")

    __pydantic_extra__: dict[str, tuple[SerializeAsAny[tables.Row], ...] | None] = Field(init=False)

    settings: Settings = Settings()
    sites: tuple[tables.Site, ...] | None = None
    providers: tuple[tables.Provider, ...] = ()
    visit_types: tuple[tables.VisitType, ...] = ()
    lengths: tuple[tables.TypeLength, ...] | None = None
    steps: tuple[tables.Step, ...] | None = None
    roles: tuple[tables.Role, ...] | None = None
    patients: tuple[tables.Patient, ...] = ()
    requests: tuple[tables.Request, ...] = ()
    age_days: tuple[tables.AgeDays, ...] | None = None
    availability: tuple[tables.Availability, ...] | None = None
    preferences: tuple[tables.Preference, ...] | None = None
    appointments: tuple[tables.Appointment, ...] | None = None
    cancellations: tuple[tables.Cancellation, ...] | None = None
    shifts: tuple[tables.Shift, ...] = ()
    travel: tuple[tables.Travel, ...] | None = None
    setups: tuple[tables.SetUp, ...] | None = None
    reserves: tuple[tables.Reserve, ...] | None = None
    leave: tuple[tables.Leave, ...] | None = None
    closures: tuple[tables.Closure, ...] | None = None
    open_holidays: tuple[tables.OpenHoliday, ...] | None = None
    credentials: tuple[tables.Credential, ...] | None = None
    pools: tuple[tables.Pool, ...] | None = None
    pool_closures: tuple[tables.PoolClosure, ...] | None = None
    caps: tuple[tables.Cap, ...] | None = None
    coverage: tuple[tables.Coverage, ...] | None = None
    networks: tuple[tables.Network, ...] | None = None
    terms: tuple[tables.Terms, ...] | None = None
    authorisations: tuple[tables.Authorisation, ...] | None = None
    referrals: tuple[tables.Referral, ...] | None = None
    eligibility: tuple[tables.Eligibility, ...] | None = None
    collection: tuple[tables.Collection, ...] | None = None
    fingerprint: str = Field("", description="SHA-256 of the input, for the decision record")

    @model_validator(mode="after")
    def _rows_of_their_tables(self) -> Self:
        for name, rows in (self.model_extra or {}).items():
            if any(row.table_name != name for row in rows or ()):
                raise ValueError(f"expected rows of a table {name!r} under this name")
        return self

    @property
    def zones(self) -> dict[str, ZoneInfo]:
        """Time zones of the sites that are in another one than the office's."""
        own = {row.site: row.time_zone for row in self.sites or () if row.time_zone is not None}
        return {site: ZoneInfo(name) for site, name in own.items() if name != self.settings.time_zone}

    def rows(self, row_class: type[R]) -> tuple[R, ...] | None:
        """The rows of a table, of whatever source; None where the office does not have it."""
        name, more = row_class.table_name, self.model_extra or {}
        rows: tuple[R, ...] | None = getattr(self, name) if name in type(self).model_fields else more.get(name)
        return rows
