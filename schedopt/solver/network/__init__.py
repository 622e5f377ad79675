"""Networks of sites too large for one search: cut into parts, planned at the same time, anywhere."""
