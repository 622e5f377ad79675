"""Invented offices of any size, for trying out, for tests and for benchmarks."""

from schedopt.example.frames import example_frames, example_settings
from schedopt.example.write import write_example

__all__ = ["example_frames", "example_settings", "write_example"]
