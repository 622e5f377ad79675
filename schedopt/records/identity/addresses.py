"""Addresses: the kind of street spelt out, house number and flat told apart, postcodes and places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from schedopt.records.identity.text import plain

_SPELT = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "dr": "drive", "drv": "drive",
    "ln": "lane", "ct": "court", "crt": "court", "cct": "circuit", "cir": "circle", "crcl": "circle", "pl": "place",
    "blvd": "boulevard", "bvd": "boulevard", "cres": "crescent", "cr": "crescent", "tce": "terrace", "ter": "terrace",
    "terr": "terrace", "hwy": "highway", "pkwy": "parkway", "pde": "parade", "cl": "close", "sq": "square",
    "gr": "grove", "gv": "grove", "trl": "trail", "wy": "way", "n": "north", "s": "south", "e": "east", "w": "west",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest", "mt": "mount", "ft": "fort",
    "apt": "unit", "apartment": "unit", "flat": "unit", "ste": "unit", "suite": "unit", "no": "unit", "room": "unit",
    "rm": "unit", "lot": "unit", "vlge": "village", "vlg": "village", "heights": "heights", "hts": "heights",
    "jct": "junction", "fl": "floor", "bldg": "building", "saint": "street", "po": "po", "pob": "po box",
    "postbox": "po box",
}  # fmt: skip
"""Short forms, also those of flats; "St" before a name and "Street" after it look alike to this, which does no harm."""
_NUMBER_FIRST = re.compile(r"^\s*(?:no\.?\s*)?(\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?)(?=[\s,])\s*,?\s*(.+)$", re.IGNORECASE)
_UNIT = re.compile(
    r"[\s,]+(?:#\s*|(?:apt|apartment|unit|suite|ste|flat|lot|rm|room)\b\.?\s*#?\s*)([\w-]+)\s*$", re.IGNORECASE
)


def place_name(value: str) -> str:
    """Words of a street or a place, short forms spelt out, without a gap: where people part words differs."""
    return "".join(_SPELT.get(word, word) for word in plain(value).split()).replace(" ", "")


@dataclass(frozen=True, slots=True, repr=False)
class Street:
    """A street's line, read.

    Attributes
    ----------
    number : str
        House number where it stood in the line, else empty.
    name : str
        Street, without a gap.
    unit : str
        Flat where it stood in the line, else empty.
    """

    number: str
    name: str
    unit: str


@lru_cache(maxsize=1 << 17)
def street(value: str) -> Street:
    """Read a line such as "12 N Main St, Apt 4"."""
    unit = number = ""
    found = _UNIT.search(value)
    if found and found.start() > 0:
        unit, value = place_name(f"unit {found[1]}"), value[: found.start()]
    found = _NUMBER_FIRST.match(value)
    if found:
        number, value = house_number(found[1]), found[2]
    return Street(number, place_name(value), unit)


def house_number(value: str) -> str:
    """A house number: small letters and digits, no leading zeros."""
    return plain(value).replace(" ", "").lstrip("0")


def postcode(value: str) -> str:
    """A postcode without leading zeros, and without the four digits that a US code may have after its five."""
    text = plain(value)
    head = text.split(" ")[0] if re.match(r"^\d{5} \d{4}$", text) else text.replace(" ", "")
    if head.isdigit() and len(head) == 9:
        head = head[:5]
    return "" if head == "99999" else head.lstrip("0")


_STATE_NAMES = """
alabama=al alaska=ak arizona=az arkansas=ar california=ca colorado=co connecticut=ct delaware=de florida=fl georgia=ga
hawaii=hi idaho=id illinois=il indiana=in iowa=ia kansas=ks kentucky=ky louisiana=la maine=me maryland=md
massachusetts=ma michigan=mi minnesota=mn mississippi=ms missouri=mo montana=mt nebraska=ne nevada=nv newhampshire=nh
newjersey=nj newmexico=nm newyork=ny northcarolina=nc northdakota=nd ohio=oh oklahoma=ok oregon=or pennsylvania=pa
rhodeisland=ri southcarolina=sc southdakota=sd tennessee=tn texas=tx utah=ut vermont=vt virginia=va washington=wa
westvirginia=wv wisconsin=wi wyoming=wy newsouthwales=nsw victoria=vic queensland=qld southaustralia=sa
westernaustralia=wa tasmania=tas
"""
_STATES = dict(pair.split("=") for pair in _STATE_NAMES.split())


def state(value: str) -> str:
    """A state by its short name where it is known, else as it stands."""
    text = plain(value).replace(" ", "")
    return _STATES.get(text, text)


_SEXES = {"m": "m", "male": "m", "man": "m", "boy": "m", "f": "f", "female": "f", "woman": "f", "girl": "f", "w": "f"}


def sex(value: str) -> str:
    """The sex as "m" or "f", else empty: what else is written there says too little to tell people apart."""
    return _SEXES.get(plain(value), "")
