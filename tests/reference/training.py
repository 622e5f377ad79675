"""What docs/tables.md says of competences that are required."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from schedopt.models.tables import Request
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence
from tests.reference.known import Known
from tests.reference.values import Session, valid


class Training(Known):
    """Breaches of what is required of people."""

    def training_breaches(
        self, request: Request, session: Session, others: Sequence[Session | None]
    ) -> Iterator[str]:  # fmt: skip
        names = [row.role for row in self.office.roles or () if row.visit_type == request.visit_type]
        parts = [(session.provider, None), *((o.provider, n) for o, n in zip(others, names, strict=True) if o)]
        for provider, part in parts:
            me = next((row for row in self.office.rows(Staff) or () if row.provider == provider), None)
            for row in self.office.rows(Requirement) or ():
                of_visit = row.visit_type == request.visit_type and row.visit_role == part
                of_me = me is not None and (row.role == me.role or row.duty in me.duties)
                if row.planning and (of_visit or of_me) and not self._holds(provider, me, row, session.date):
                    yield "competence"

    def _holds(self, provider: str, me: Staff | None, row: Requirement, day: dt.date) -> bool:
        ids = {provider} if me is None else {provider, me.staff}
        mine = [
            one
            for one in self.office.rows(StaffCompetence) or ()
            if one.staff in ids and one.competence == row.competence and one.level >= row.level
        ]
        credentials = [
            one for one in self.office.credentials or () if (one.provider, one.credential) == (provider, row.competence)
        ]
        by_credential = row.level == 1 and any(valid(one, day) for one in credentials)
        return by_credential or any(valid(one, day) and not self._ran_out(one, day) for one in mine)

    def _ran_out(self, one: StaffCompetence, day: dt.date) -> bool:
        """Whether its months are over by a day, where no last day is given."""
        months = next(c.months for c in self.office.rows(Competence) or () if c.competence == one.competence)
        if months is None or one.valid_from is None or one.valid_until is not None:
            return False
        begun = one.valid_from
        return (day.year - begun.year) * 12 + day.month - begun.month - (day.day < begun.day) >= months
