"""How long the provider step of a request is, as the office's tables say it."""

from __future__ import annotations

from schedopt.models.office import Office
from schedopt.models.tables import Request


class TypeLengths:
    """Looks up how long requests last, by their provider."""

    def __init__(self, office: Office) -> None:
        rows = office.lengths or ()
        self._types = {kind.visit_type: kind.minutes for kind in office.visit_types}
        self._rows = {(row.visit_type, row.provider, row.patients): row.minutes for row in rows}
        self.differ = {row.visit_type for row in rows if row.provider is not None}

    def minutes(self, request: Request, provider: str | None) -> int:
        """Minutes of the provider step; without a provider, of one for whom no row is."""
        if request.minutes:
            return request.minutes
        kind = "new" if request.new else "returning"
        keys = [(request.visit_type, who, patients) for who in (provider, None) for patients in (kind, None)]
        told = (self._rows[key] for key in keys if key in self._rows)
        return next(told, self._types[request.visit_type])
