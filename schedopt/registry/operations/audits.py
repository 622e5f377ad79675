"""What a store is asked of audits."""

from __future__ import annotations

from schedopt.registry.operations.audit_actions import AuditActions
from schedopt.registry.operations.audit_evidence import AuditEvidence
from schedopt.registry.operations.audit_samples import AuditSamples
from schedopt.registry.operations.compliance import Compliance


class Audits(AuditSamples, AuditActions, AuditEvidence, Compliance):
    """What a store is asked of audits."""
