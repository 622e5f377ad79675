"""One week of a real clinic, put together from three public data sets."""
