"""The laws every field type obeys; a new type is judged here without a new test."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.metadata.field_types import FIELD_TYPES, columns_of
from guanxi.metadata.field_types.base import Unacceptable
from guanxi.metadata.field_types.columns import from_json, to_json
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

EXPECTED = {
    *("text", "long_text", "whole_number", "decimal", "money", "percent", "checkbox", "date", "date_time"),
    *("single_select", "multi_select", "tags", "lookup", "many_to_many", "user", "auto_number", "mobile"),
    *("phone", "email", "url", "address", "industry", "credit_code", "person_name", "company_name", "file"),
    "json",
}
every_type = pytest.mark.parametrize("kind", FIELD_TYPES.values(), ids=FIELD_TYPES.keys())

NUMBERS = st.integers() | st.floats() | st.integers(-(10**40), 10**40) | st.just(10**4000)
TEXTS = (
    st.text()
    | st.text("0123456789-+.,%¥$元万转()（） ")
    | st.text("ab.@-_:/İ例", max_size=12).map(lambda text: f"{text}@x.com")
    | st.text("ab.:/?#[]@İ", max_size=12).map(lambda text: f"http://{text}")
    | st.text('[]{}",:0aNulltrue\\', max_size=20)
    | st.dates().map(str)
    | st.datetimes().map(str)
    | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
)
ANYTHING = st.none() | st.booleans() | NUMBERS | TEXTS | st.decimals() | st.lists(TEXTS | NUMBERS, max_size=3)


def field_of(kind):
    return Field(name="value", type=kind.name, label=Label(en="Value", zh="值"), **kind.example_options)


def values_of(kind):
    return [value for _, value in kind.examples]


def test_the_promised_types_are_there():
    assert set(FIELD_TYPES) >= EXPECTED


@every_type
def test_every_type_is_named_in_both_languages(kind):
    assert kind.label.en
    assert kind.label.zh
    assert kind.label.en != kind.label.zh


@every_type
def test_every_type_brings_examples_of_an_empty_value_and_of_refusals(kind):
    assert None in values_of(kind)
    assert any(value is not None for value in values_of(kind))
    assert kind.refused


@every_type
def test_the_example_field_is_in_order(kind):
    assert list(kind.check(field_of(kind))) == []
    assert set(kind.example_options) <= kind.options


@every_type
def test_examples_are_read_as_stated(kind):
    for source, value in kind.examples:
        parsed = kind.parse(source, field_of(kind))
        assert parsed == value, source
        assert type(parsed) is type(value), source


@every_type
def test_refused_values_are_refused_with_a_sentence(kind):
    for source in kind.refused:
        with pytest.raises(Unacceptable) as refusal:
            kind.parse(source, field_of(kind))
        assert len(str(refusal.value)) > 10, source


@every_type
def test_nothing_in_is_nothing_out(kind):
    for empty in (None, "", "  ", "　", [], ()):
        assert kind.parse(empty, field_of(kind)) is None
    assert kind.show(None, field_of(kind)) == ""
    assert list(kind.search_texts(None)) == []
    assert all(column is None for column in kind.to_columns(None))
    assert kind.from_columns(kind.to_columns(None)) is None


@every_type
def test_a_column_is_there_for_every_part(kind):
    for value in values_of(kind):
        assert len(kind.to_columns(value)) == len(kind.parts)
    expected = 0 if kind.links_many else len(kind.parts)
    assert len(columns_of(field_of(kind))) == expected


@every_type
def test_values_show_as_text_in_both_languages(kind):
    for value in values_of(kind):
        for language in ("en", "zh", "zh_CN"):
            shown = kind.show(value, field_of(kind), language)
            assert isinstance(shown, str)
            assert bool(shown) == (value is not None)


@every_type
def test_search_texts_are_texts(kind):
    for value in values_of(kind):
        assert all(isinstance(text, str) and text for text in kind.search_texts(value))


@every_type
@given(source=ANYTHING)
def test_anything_is_read_or_refused_and_keeps_the_laws(kind, source):
    field = field_of(kind)
    try:
        value = kind.parse(source, field)
    except Unacceptable:
        return
    assert kind.parse(value, field) == value
    columns = kind.to_columns(value)
    assert kind.from_columns(columns) == value
    assert kind.from_columns(through_json(kind, columns)) == value
    assert (kind.show(value, field) == "") == (value is None)
    list(kind.search_texts(value))


@every_type
def test_examples_survive_columns_and_json(kind):
    for value in values_of(kind):
        assert kind.parse(value, field_of(kind)) == value
        assert kind.from_columns(kind.to_columns(value)) == value
        assert kind.from_columns(through_json(kind, kind.to_columns(value))) == value


@every_type
def test_a_number_too_long_to_be_printed_is_refused(kind):
    with pytest.raises(Unacceptable):
        kind.parse(10**5000, field_of(kind))


def through_json(kind, columns):
    stored = [to_json(value, part.column) for value, part in zip(columns, kind.parts, strict=True)]
    again = json.loads(json.dumps(stored, allow_nan=False))
    return [from_json(value, part.column) for value, part in zip(again, kind.parts, strict=True)]


def test_what_postgresql_writes_as_json_is_read_as_well():
    assert from_json(12.5, "numeric") == Decimal("12.5")
    assert from_json("2024-05-21T13:45:00.5+08:00", "timestamptz") == datetime(
        2024, 5, 21, 5, 45, 0, 500_000, tzinfo=UTC
    )
    assert from_json("2024-05-21", "date") == date(2024, 5, 21)
