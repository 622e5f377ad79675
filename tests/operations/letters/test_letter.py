"""Letters in five languages: complete, with right dates, the same in text and HTML, and in patients' calendars."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any, cast, get_args

import babel.dates
import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedopt.interop.icalendar_parts import event_uid
from schedopt.operations.letters.kinds import Language, LetterKind
from schedopt.operations.letters.languages import date_words, money_words, time_words
from schedopt.operations.letters.letter import Addressee, Letter, rendered
from schedopt.operations.letters.mail import mail_of
from schedopt.operations.letters.settings import LetterSettings, is_mail_address
from schedopt.operations.letters.tables import ContactWish, Message
from schedopt.operations.letters.wishes import Given, code_of, reach_of
from schedopt.operations.letters.words import WORDS
from tests.effort import examples

LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
RULES = LetterSettings(sender="desk@clinic.example", phone="+1 928 555 0100", address="1 Main Street; Tuba City")
TODAY = dt.date(2026, 11, 23)
MOMENT = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
HT_DAYS = ["lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"]
HT_MONTHS = ["janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"]


def letter(kind: LetterKind, language: Language = "en", *, name: str = "Ada Byron", **more: Any) -> Letter:
    """A letter with all that a letter can say."""
    cells = {
        "message": "m1", "patient": "N1", "kind": kind, "state": "waiting", "request": "R1", "provider": "DR1",
        "site": "MAIN", "date": dt.date(2026, 12, 1), "start": 545, "minutes": 20, "zone": "America/Denver",
        "sequence": 3, "channel": "letter", "language": language, "clock": "12h", "due": "", "lacks": "referral",
        "expires": "2026-11-27T18:00:00.000000Z", "due_day": dt.date(2027, 3, 1), "amount": 123456,
    }  # fmt: skip
    if kind == "moved":
        cells |= {"was_date": dt.date(2026, 11, 30), "was_start": 840}
    message = Message.model_construct(**cast(dict[str, Any], {**cells, **more}))
    to = Addressee(name, ("12 Main Street", "Tuba City AZ 86045"), "ada@example.org")
    return Letter(
        message, RULES, "Dune Clinic", "America/Denver", to, "Dr. Park", "North Gate", "Ultrasound",
        "Nothing to eat from midnight on.", ("Consent form",),
    )  # fmt: skip


def test_all_languages_say_the_same() -> None:
    """Each has every key, nothing empty, and puts in what the others do."""
    for language in LANGUAGES:
        assert WORDS[language].keys() == WORDS["en"].keys()
        for key, text in WORDS[language].items():
            assert text.strip() == text != "", (language, key)
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", WORDS["en"][key])), (language, key)
    assert WORDS.keys() == set(LANGUAGES)
    same = {key for key, text in WORDS["en"].items() if any(WORDS[other][key] == text for other in LANGUAGES[1:])}
    assert same == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_weekday_and_month(language: Language) -> None:
    """Dates name weekday, day, month and year, in the language's own words."""
    for place in range(366):
        day = dt.date(2028, 1, 1) + dt.timedelta(days=place)
        said = date_words(day, language)
        assert re.search(rf"(?<!\d){day.day}(?!\d)", said)
        assert "2028" in said
        if language == "ht":
            assert said == f"{HT_DAYS[day.weekday()]} {day.day} {HT_MONTHS[day.month - 1]} 2028"
            continue
        for names in (babel.dates.get_day_names, babel.dates.get_month_names):
            known = names("wide", locale={"en": "en", "es": "es", "pt": "pt", "vi": "vi"}[language])
            key = day.weekday() if names is babel.dates.get_day_names else day.month
            assert known[key].casefold() in said.casefold()


def test_known_dates_times_and_amounts() -> None:
    """As people write them."""
    day = dt.date(2026, 2, 3)
    assert [date_words(day, language) for language in LANGUAGES] == [
        "Tuesday, February 3, 2026", "martes, 3 de febrero de 2026", "madi 3 fevriye 2026",
        "terça-feira, 3 de fevereiro de 2026", "Thứ Ba, 3 tháng 2, 2026",
    ]  # fmt: skip
    said = [time_words(845, language, "12h").replace("\u00a0", " ") for language in LANGUAGES]
    assert said == ["2:05 PM", "2:05 p.m.", "2:05 PM", "2:05 PM", "2:05 CH"]
    assert {time_words(845, language, "24h") for language in LANGUAGES} == {"14:05"}
    assert [time_words(minutes, "ht", "12h") for minutes in (0, 720, 725)] == ["12:00 AM", "12:00 PM", "12:05 PM"]
    assert [money_words(123450, "USD", language).replace("\u00a0", " ") for language in ("en", "ht", "pt")] == [
        "$1,234.50", "$1,234.50", "US$ 1.234,50",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: LetterKind, language: Language) -> None:
    """All of the text stands in the page too, with the heading; on paper the address does besides."""
    one = letter(kind, language)
    said = rendered(one, TODAY)
    page = " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", said.html, flags=re.S)).split())
    for line in said.text.replace("\n--\n", "\n").splitlines():
        for part in re.split(r"^- |: |:$", line):
            assert " ".join(part.replace("\u00a0", " ").split()) in page.replace("\u00a0", " ")
    assert f'<html lang="{language}">' in said.html
    assert said.subject in said.text
    assert "Ada Byron" not in said.subject
    assert "12 Main Street" in page
    assert "12 Main Street" not in said.text
    assert max(map(len, said.text.splitlines())) <= 90
    assert "{" not in said.text
    if kind not in ("recall", "balance"):
        assert date_words(dt.date(2026, 12, 1), language) in page
        assert "North Gate" in page
    assert ("Consent form" in page) == (kind in ("confirmation", "moved", "reminder", "lacking"))
    assert ("1,234.56" in page or "1.234,56" in page) == (kind == "balance")


@given(st.text(alphabet="<>&\"'{}%\\;x", min_size=1, max_size=12))
@example("<script>alert(1)</script>{{ 7 * 7 }}{% x %}")
@settings(max_examples=examples(12))
def test_names_are_text(name: str) -> None:
    """Whatever a name is made of stands in the letter as it is, and does nothing."""
    said = rendered(letter("confirmation", name=name), TODAY)
    assert name in said.text
    assert html.escape(name, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in said.html
    assert "<script" not in said.html


def test_guardians_and_nameless() -> None:
    """A letter about a child goes to who has custody; one to nobody known greets without a name."""
    child = letter("reminder")
    child = Letter(child.message, RULES, "Dune Clinic", "UTC", Addressee("Bo", ("1 Road", "Town"), guardian=True))
    said = rendered(child, TODAY)
    assert "Dear parent or guardian of Bo," in said.text
    assert "To the parent or guardian of<br>Bo<br>1 Road" in said.html
    assert "Hello," in rendered(Letter(child.message, RULES, "x", "UTC", Addressee()), TODAY).text
    assert "Ada" not in repr(letter("moved"))


@pytest.mark.parametrize(
    ("kind", "method"), [("confirmation", "REQUEST"), ("moved", "REQUEST"), ("cancelled", "CANCEL")]
)
def test_the_visit_in_the_patients_calendar(kind: LetterKind, method: str) -> None:
    """Same UID as the provider's event, the revision, the site's clocks; no type, no provider, nobody's name."""
    one = letter(kind, "es", channel="mail")
    mail = mail_of(one, rendered(one, TODAY), MOMENT)
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method
    text = part.get_content()
    text = text if isinstance(text, str) else bytes(text).decode()
    found = icalendar.Calendar.from_ical(text)
    assert found["METHOD"] == method
    (event,) = found.walk("VEVENT")
    assert str(event["UID"]) == event_uid("Dune Clinic", "R1")
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert event.decoded("DTSTART").isoformat() == "2026-12-01T09:05:00-07:00"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(minutes=20)
    assert [str(zone["TZID"]) for zone in found.walk("VTIMEZONE")] == ["America/Denver"]
    assert str(event["SUMMARY"]) == "Cita: Dune Clinic"
    for word in ("Ultrasound", "Park", "Ada", "check-up"):
        assert word not in text
    assert [str(mail[name]) for name in ("To", "Message-ID")] == ["ada@example.org", "<m1@clinic.example>"]
    assert {part.get_content_type() for part in mail.walk()} == {
        "multipart/alternative", "text/plain", "text/html", "text/calendar",
    }  # fmt: skip


def test_other_mail_has_no_visit_in_it() -> None:
    """What is not about where a visit stands changes nobody's calendar."""
    for kind in ("reminder", "missed", "offer", "taken", "recall", "balance", "lacking"):
        one = letter(cast(LetterKind, kind), channel="mail")
        mail = mail_of(one, rendered(one, TODAY), MOMENT)
        assert "text/calendar" not in {part.get_content_type() for part in mail.walk()}


def test_how_a_patient_is_told() -> None:
    """Mail needs consent and an address; confidential channels go before all; what differs is said."""
    mail = Given(consent="yes", has_mail=True, language="Spanish")

    def told(given: Given, channel: str | None = None) -> tuple[str, str]:
        wish = None if channel is None else ContactWish.model_validate({"patient": "N1", "channel": channel})
        reach = reach_of(given, wish, RULES)
        return reach.channel, reach.why

    assert told(mail) == told(mail, "mail") == ("mail", "")
    assert told(Given(has_mail=True)) == ("letter", "no consent to messages")
    assert told(Given(consent="no", has_mail=True), "mail") == ("letter", "messages refused")
    assert told(Given(consent="yes")) == ("letter", "no mail address")
    assert told(mail, "letter") == ("letter", "")
    assert told(mail, "phone") == ("phone", "")
    assert told(mail, "none") == ("none", "")
    sealed = Given(consent="yes", has_mail=True, confidential=True)
    for channel in (None, "mail", "letter", "phone"):
        assert told(sealed, channel) == ("phone", "confidential channel")
    assert told(sealed, "none") == ("none", "")
    assert told(Given(on_file=False)) == ("none", "nobody on file")
    odd = reach_of(Given(consent="yes", has_mail=True, language="Navajo"), None, RULES)
    assert (odd.language, odd.why) == ("en", "no letters in Navajo")


def test_wishes_go_before_the_office() -> None:
    """Lead, quiet hours, zone and clock are the patient's where said, else the office's or the language's."""
    wish = ContactWish.model_validate(
        {"patient": "N1", "lead_hours": "24", "quiet_from": "19:00", "quiet_until": "09:30", "clock": "24h",
         "time_zone": "America/Denver"}
    )  # fmt: skip
    reach = reach_of(Given(), wish, RULES)
    assert (reach.lead_hours, reach.quiet_from, reach.quiet_until, reach.clock, reach.zone) == (
        24, 1140, 570, "24h", "America/Denver",
    )  # fmt: skip
    plain = reach_of(Given(language="vi"), None, RULES)
    assert (plain.lead_hours, plain.quiet_from, plain.quiet_until, plain.clock, plain.zone) == (
        48, 1200, 480, "24h", None,
    )  # fmt: skip


def test_names_of_languages() -> None:
    """By name, own name or code, with or without a region."""
    for text, code in (
        ("Spanish", "es"), ("español", "es"), ("es-MX", "es"), ("EN_us", "en"), ("Haitian Creole", "ht"),
        ("Kreyòl", "ht"), ("Tiếng Việt", "vi"), (" Portuguese ", "pt"), ("Navajo", None), ("", None),
    ):  # fmt: skip
        assert code_of(text) == code


def test_addresses_of_mail() -> None:
    """An address that is one, and none that would be two, or a header."""
    assert all(map(is_mail_address, ("ada@example.org", "a.b+c@x-y.example", "é@exämple.org")))
    for text in ("", "ada", "a@b@c.org", "a b@c.org", "a@b.org, c@d.org", "a@b.org\nBcc: c@d.org", "<a@b.org>",
                 ".a@b.c", "a@-", "a@b..c"):  # fmt: skip
        assert not is_mail_address(text), text
