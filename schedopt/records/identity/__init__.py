"""Who is who: which records of people are one person's.

``duplicates`` finds them in one table, ``links`` between two, ``Index`` for one new person. None of the results shows a
name, a date or a number. Needs the extra ``records``.
"""

from schedopt.records.identity.find import duplicates, links, train, train_and_find
from schedopt.records.identity.index import Index
from schedopt.records.identity.model import Model, default_model
from schedopt.records.identity.people import COLUMNS

__all__ = ["COLUMNS", "Index", "Model", "default_model", "duplicates", "links", "train", "train_and_find"]
