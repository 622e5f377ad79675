"""The guides, as tables of facts in our own words.

A line is a segment or, with ``@``, a loop, indented by how deep it is inside others: its name, R for required or S for
situational, how often it may be there (``>``: as often as may be), and what this guide asks of its elements beside the
dictionary: ``03!`` must be there, ``06-`` must not, ``01=A,B`` is one of these, ``02~A,B`` too, but the list grows, so
that others are only warned of. ``01.1`` is a component. A loop begins with its first segment. Lines next to each other
that begin with the same segment may come in any order; all others come in the order of the lines.
"""
