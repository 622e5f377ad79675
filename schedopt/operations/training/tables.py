"""Tables of training."""

from __future__ import annotations

from schedopt.models.tables.fields import Row
from schedopt.operations.training.kept_tables import CompletedStep, CourseDate, CoursePlace
from schedopt.operations.training.learning_tables import Course, Mentor, OnboardingStep
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence, StaffShift

TRAINING_GIVEN: tuple[type[Row], ...] = (
    Staff, StaffShift, Competence, StaffCompetence, Requirement, Course, OnboardingStep, Mentor,
)  # fmt: skip
"""What an office brings, in a folder or in a store."""

TRAINING_KEPT: tuple[type[Row], ...] = (CompletedStep, CourseDate, CoursePlace)
"""What a store alone keeps."""
