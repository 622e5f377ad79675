"""What patients are given: each material exactly once, in the best version, and never silently in another language."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.operations.cases.languages import language_tag
from schedopt.operations.cases.material import EASY_LEVEL, Handed, materials_for
from schedopt.operations.cases.reading import count_syllables, grade_of, reading_grade
from schedopt.operations.cases.tables import Material

DAY = dt.date(2026, 11, 30)
NEAR = st.one_of(st.none(), st.integers(-2, 2).map(lambda days: DAY + dt.timedelta(days)))
LANGUAGES = ("English", "Spanish", "pt-BR", "Portuguese", "Klingon")


@st.composite
def materials(draw: st.DrawFn) -> list[Material]:
    """A small table; keys do not repeat."""
    rows = dict[object, Material]()
    for _ in range(draw(st.integers(0, 8))):
        first, last = draw(NEAR), draw(NEAR)
        if first is not None and last is not None and first > last:
            first, last = last, first
        row = Material(
            material=draw(st.sampled_from("AB")), language=draw(st.sampled_from(LANGUAGES)),
            level=draw(st.one_of(st.none(), st.integers(4, 9))), title="T",
            visit_types=draw(st.sampled_from([(), ("check-up",), ("procedure", "check-up"), ("procedure",)])),
            valid_from=first, valid_until=last, needs_signature=draw(st.booleans()),
        )  # fmt: skip
        rows[row.material, row.language, row.level, row.valid_from] = row
    return list(rows.values())


def given_on(rows: list[Material], visit_type: str) -> list[Material]:
    """The rows that hold on the day for a type, by the words of the table."""
    return [
        row for row in rows
        if (not row.valid_from or row.valid_from <= DAY) and (not row.valid_until or row.valid_until >= DAY)
        and (not row.visit_types or visit_type in row.visit_types)
    ]  # fmt: skip


def one(rows: list[Material], language: str, level: int | None = None) -> Handed:
    """The one material of a table."""
    (found,) = materials_for(rows, "check-up", language, level, DAY)
    return found


def version(language: str, level: int | None = None, **more: object) -> Material:
    """A version of one material."""
    said = {"material": "A", "title": f"{language} {level}", "language": language, "level": level}
    return Material.model_validate(said | more)


@given(materials(), st.sampled_from(LANGUAGES), st.one_of(st.none(), st.integers(3, 10)))
def test_each_material_once_and_nothing_silently(rows: list[Material], language: str, level: int | None) -> None:
    """Each material that holds comes once, in a version that holds; what it lacks is said exactly when it lacks it."""
    held = given_on(rows, "check-up")
    found = materials_for(rows, "check-up", language, level, DAY)
    assert [row.material for row in found] == list(dict.fromkeys(row.material for row in held))
    for handed in found:
        versions = [row for row in held if row.material == handed.material]
        assert (handed.language, handed.level) in {(row.language, row.level) for row in versions}
        family = {"pt-BR": {"pt-BR", "Portuguese"}, "Portuguese": {"pt-BR", "Portuguese"}}.get(language, {language})
        spoken = [row for row in versions if row.language in family]
        assert (f"not in {language}" in handed.lacks) == (not spoken)
        if spoken:
            assert handed.language in family
            if any(row.language == language for row in spoken):
                assert handed.language == language
        elif any(row.language == "English" for row in versions):
            assert handed.language == "English"
        most = EASY_LEVEL if level is None else level
        levels = [row.level for row in versions if row.language == handed.language]
        easy = [one for one in levels if one is not None and one <= most]
        if easy:
            assert handed.level == max(easy)
        elif None in levels:
            assert handed.level is None
        else:
            assert handed.level == min(one for one in levels if one is not None)
        assert ("not for grade" in handed.lacks) == (handed.level is not None and handed.level > most)


def test_language_before_level() -> None:
    """A hard text that is understood is better than an easy one that is not."""
    found = one([version("English", 5), version("Spanish", 9)], "Spanish", 6)
    assert (found.language, found.level, found.lacks) == ("Spanish", 9, "not for grade 6")
    assert found.words == "Spanish 9 (not for grade 6)"


def test_the_level_next_to_the_wish() -> None:
    """The highest that is not above the wish, then one that is not known, then the lowest."""
    for levels, most, taken in (
        ((3, 5, 8), 6, 5), ((8, 6, 4), 6, 6), ((8, 7, None), 6, None), ((9, 8), 6, 8), ((None, 4), 6, 4),
        ((7, 12), 8, 7),
    ):  # fmt: skip
        assert one([version("English", level) for level in levels], "English", most).level == taken


def test_languages_by_name_and_code() -> None:
    """Names and codes of a language are the same; a patient without a language gets the office's."""
    assert one([version("English"), version("es")], " SPANISH ").language == "es"
    assert one([version("es"), version("English")], "").lacks == ""
    assert one([version("es"), version("zh")], "Russian").lacks == "not in Russian"
    assert {language_tag(word) for word in ("Haitian Creole", "ht", "HAITIAN  CREOLE")} == {"ht"}
    assert language_tag("pt_BR") == "pt-br"


def test_of_two_the_newer() -> None:
    """Where an old version has no last day, the new one takes its place on its first day."""
    old, new = version("English", valid_from=dt.date(2025, 1, 1)), version("English", valid_from=DAY, place="new.pdf")
    for rows in ([old, new], [new, old]):
        assert one(rows, "English").place == "new.pdf"
        before = DAY - dt.timedelta(1)
        assert [found.place for found in materials_for(rows, "x", "", None, before)] == [""]


def test_signature_and_kind_are_handed_on() -> None:
    """What has to be signed is told, with its kind."""
    found = one([version("English", kind="policy", needs_signature=True)], "")
    assert (found.needs_signature, found.kind) == (True, "policy")


def test_formulas() -> None:
    """By hand: 10 words, 2 sentences, 15 syllables, 1 hard word."""
    found = grade_of(10, 2, 15, 1)
    assert found.flesch_kincaid == pytest.approx(0.39 * 5 + 11.8 * 1.5 - 15.59)
    assert found.smog == pytest.approx(3.1291 + 1.0430 * 15**0.5)


SYLLABLES = {
    1: "the walked year blood nurse times reached washed called used heart friend sleep your tired due",
    2: "patient doctor wanted table tables handled people quiet science nurses disease office before client needed",
    3: "medicine procedure appointment insurance area radio serious physician period referral injection previous",
    4: "diabetes medication usually anxiety society material bacteria experience temperature dialysis",
}


@pytest.mark.parametrize("count", SYLLABLES)
def test_syllables(count: int) -> None:
    """As a dictionary divides them."""
    assert {word: count_syllables(word) for word in SYLLABLES[count].split()} == dict.fromkeys(
        SYLLABLES[count].split(), count
    )


def test_of_a_text() -> None:
    """Abbreviations end no sentence, headings do; a plainer text has a lower grade."""
    plain = reading_grade(
        "Before your visit\n\nDo not eat after 8 p.m. on the day before. Call Dr. Park if you are sick."
    )
    assert (plain.sentences, plain.words) == (3, 19)
    hard = reading_grade("Discontinue anticoagulation medication preoperatively; consult your physician regarding it.")
    assert plain.flesch_kincaid < 3 < 12 < hard.flesch_kincaid
    assert plain.smog < 6 < hard.smog
    with pytest.raises(ValueError, match="words"):
        reading_grade(" 12. ")
