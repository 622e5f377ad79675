"""Parameters of the search in one value: shares of the time, temperatures, sizes of pieces, lengths of steps.

The defaults were tuned on the weeks of ``benchmarks/families.py``. They change how fast good schedules are found, never
what counts as good: cost, check and what a bound proves do not depend on them. Not here is what says how much work
counts as a second where time is counted in work (``MOVES_PER_SECOND``, ``ENTRIES_PER_SECOND``, ``WORK``), and what is
compiled into a function (``MOST_TOUCHED``, ``SELDOM``, ``FILLS``).
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=10**9, strict=True)]


class _Params(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PhaseParams(_Params):
    """When one phase of planning makes way for the next (:mod:`schedopt.planning.phases`); shares of the time limit."""

    whole_week: Annotated[int, Field(ge=0, le=10**9, strict=True)] = 80
    """Requests up to which the whole week is tried as one model first."""
    quick: Share = 0.03
    """Share after which the whole week as one model makes way, before there are prices."""
    whole: Share = 0.4
    """Share after which it makes way once there are prices."""
    pricing: Share = 0.13
    """Share after which prices make way for schedules."""
    price_steps: Count = 150
    """Steps of prices for which they are given more of the time than that."""
    most_pricing: Share = 0.2
    """The most of it that they are given then."""
    linear: Share = 0.08
    """Share that the linear program before the prices takes at most, except where `linear_seconds` are more."""
    linear_seconds: Positive = 3.0
    """Seconds that it may take all the same, up to a quarter of the time."""
    least_pricing: Share = 0.03
    """Share that prices take at least, after the linear program."""
    turns: Annotated[int, Field(ge=1, le=20, strict=True)] = 6
    """Turns of the annealing, at most; each takes as long as all before it."""
    parts: Share = 0.8
    """Share of the annealing that goes into parts of a week that has several, before visits may cross them."""
    least_annealing: Share = 0.7
    """Share after which annealing makes way for pieces, in a small week."""
    most_annealing: Share = 0.98
    """The same where pieces cannot cover the week in the time."""
    piece_seconds_a_request: Positive = 0.04
    """Seconds that a worker needs for one request in a piece, by which it is judged what pieces can cover."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.pricing <= self.most_pricing <= self.least_annealing <= self.most_annealing:
            raise ValueError("expected pricing <= most_pricing <= least_annealing <= most_annealing")
        return self


class AnnealingParams(_Params):
    """How visits are moved; symbols as in :mod:`schedopt.solver.search.local`."""

    hot: Positive = 0.03
    """Temperature at the start, as a share of the usual price of leaving a request out."""
    warm: Positive = 0.015
    """The same where a schedule was given, or pieces have improved it."""
    cold: Positive = 0.004
    """Temperature at the end, as a share of the same price: c."""
    guide: Positive = 0.0075
    """Excess, as a share of the same price, that makes an option's weight smaller by a factor of e: gamma."""
    stray: Positive = 0.02
    """Added to the weight of every option, so that each is tried now and then; the best one weighs 1 more: sigma."""
    moves_a_round: Count = 30_000
    """Moves of one worker between two looks at the clock."""
    most_often: Count = 10
    """How many times more often a dear request that is left out is tried than a cheap one, at most."""
    look: Count = 4
    """Rounds from one look at the balances between groups, which moves do not know, to the next."""
    together: Count = 4_000
    """Requests from which on workers share one schedule. In smaller weeks the parts of one would be too small: what is
    taken out must find another place in its part."""
    enough: Count = 25_000
    """Moves a request after which another run gains more than a longer one."""
    reheating: Count = 4_000
    """Moves a request with which each worker warms up a schedule that pieces no longer improve much."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.cold <= self.warm <= self.hot:
            raise ValueError("expected cold <= warm <= hot")
        return self


class PieceParams(_Params):
    """How pieces of a week are cut out and solved (:mod:`schedopt.solver.cpsat.pieces`)."""

    seconds: Positive = 1.5
    """Longest time for one piece."""
    smallest: Count = 12
    """Requests in a piece: never fewer."""
    start: Count = 30
    """Requests in the first pieces."""
    largest: Count = 150
    """Requests in a piece: never more."""
    grow: Annotated[float, Field(ge=1, le=10)] = 1.1
    """What a piece's size is multiplied by after one that was solved to the end."""
    shrink: Annotated[float, Field(gt=0, le=1)] = 0.85
    """What it is multiplied by after one that was not."""
    own: Count = 3
    """One piece in so many is around a request that is left out, as long as that has hope."""
    often: Positive = 8
    """Pieces of its own that a request of the usual price gets; dearer ones get more."""
    ending: Share = 0.1
    """Share of the time at the end in which all pieces are around requests that are left out."""
    most_ending: Positive = 6.0
    """Most seconds of that."""
    pull: Positive = 0.03
    """Excess, as a share of the usual price of leaving out, that makes a session less related by a factor of e."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.smallest <= self.start <= self.largest:
            raise ValueError("expected smallest <= start <= largest")
        return self


class PriceParams(_Params):
    """How prices are found; symbols as in :mod:`schedopt.solver.bound.prices`."""

    far: Positive = 0.02
    """How far the optimum is taken to be above the bound, as a share of it."""
    long: Positive = 1.0
    """Length of the first steps, as a share of what Polyak's rule says: theta 0."""
    short: Positive = 0.001
    """Length of the last steps, where there are many: least theta 1."""
    fresh: Annotated[float, Field(gt=0, le=1)] = 0.12
    """Weight of the newest subgradient in the direction: beta."""
    marks: Count = 4
    """Requests of a session that come at most once in its pattern, once prices are near their best."""
    marked_from: Share = 0.3
    """Share of the effort after which requests are marked."""
    steps_before_marks: Count = 300
    """Steps after which requests are marked."""


class PartParams(_Params):
    """How a large week is cut into parts (:mod:`schedopt.solver.network.parts`)."""

    largest: Annotated[int, Field(ge=0, le=10**9, strict=True)] = 4_000
    """Requests up to which sites that share some are one part."""
    usual: Count = 2_300
    """Requests that a part has at most, about, where a network has to be cut."""
    even: Count = 2
    """A network is cut into a multiple of so many parts, so that two workers end at the same time."""


class SolveParams(_Params):
    """Parameters of :func:`schedopt.plan`.

    Change some with ``SolveParams(annealing={"hot": 0.1})``, or read them from a file with
    ``SolveParams.model_validate(tomllib.load(file))``.

    Raises
    ------
    pydantic.ValidationError
        A ValueError that names every parameter that is unknown or out of its range.
    """

    phases: PhaseParams = PhaseParams()
    """Shares of the time."""
    annealing: AnnealingParams = AnnealingParams()
    """Moves of single visits."""
    pieces: PieceParams = PieceParams()
    """Models of pieces."""
    prices: PriceParams = PriceParams()
    """The bound, and what guides the search."""
    parts: PartParams = PartParams()
    """Large weeks."""


DEFAULTS = SolveParams()
"""What is used where nothing else is said."""
