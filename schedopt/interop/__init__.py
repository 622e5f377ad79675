"""Other people's formats: parse and emit, nothing else."""
