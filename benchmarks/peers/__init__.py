"""Other ways to plan the week, each behind one protocol, so that they can be compared with this library."""
