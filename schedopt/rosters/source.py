"""The source of rosters: who works when and where, and which rooms, devices and support staff there are."""

from __future__ import annotations

from schedopt.models.office import Holidays
from schedopt.models.source import Source, Supply
from schedopt.models.tables import (
    Cap,
    Closure,
    Credential,
    Leave,
    OpenHoliday,
    Pool,
    PoolClosure,
    Reserve,
    SetUp,
    Shift,
    Travel,
)
from schedopt.rosters.checks import CHECKS
from schedopt.rosters.pools import make_pools
from schedopt.rosters.roles import make_roles
from schedopt.rosters.rules import roster_couplings, roster_rules
from schedopt.rosters.sessions import make_sessions

ROSTERS = Source(
    name="rosters",
    about="who works, where and with what",
    room="schedopt.rosters",
    row_classes=(Shift, Travel, SetUp, Reserve, Leave, Closure, OpenHoliday, Credential, Pool, PoolClosure, Cap),
    sections=(Holidays,),
    checks=CHECKS,
    rules=roster_rules,
    couplings=roster_couplings,
    asked=0,
    supply=Supply(make_sessions, make_pools, make_roles),
)
