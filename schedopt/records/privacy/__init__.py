"""What people may ask of their records, and records without people: access, retention, de-identification."""

from schedopt.records.privacy.access import Copy, right_of_access
from schedopt.records.privacy.anonymity import k_anonymity, suppressed
from schedopt.records.privacy.deidentify import safe_harbor
from schedopt.records.privacy.expert import Coarseness, Release, expert_determination
from schedopt.records.privacy.identifiers import identifiers
from schedopt.records.privacy.retention import Kept, retention

__all__ = [
    "Coarseness",
    "Copy",
    "Kept",
    "Release",
    "expert_determination",
    "identifiers",
    "k_anonymity",
    "retention",
    "right_of_access",
    "safe_harbor",
    "suppressed",
]
