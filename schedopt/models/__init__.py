"""The vocabulary: immutable values and the rule families. No input or output, no solver, no clock."""
