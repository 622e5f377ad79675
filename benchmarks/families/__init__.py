"""One set of weeks, in families, by which every change of the search is judged."""
