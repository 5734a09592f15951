"""Who of the contacts of a customer is one person: certain agreement joins, any contradiction or doubt keeps two."""

import polars as pl
import pytest

from guanxi.integration.matching import PEOPLE, find_matches

LI = {"customer": "1", "name": "李世萍", "sure_name": "李世萍"}
MS_LI = {"customer": "1", "name": "李"}
ONE, OTHER = {"mobile": "13900010001"}, {"mobile": "13900010002"}
MAIL, MAIL_TOO = {"email": "li@qinghe.example.com"}, {"email": "lishiping@qinghe.example.com"}


def persons(*rows: dict) -> int:
    """Return how many persons the rows are."""
    told = [{"id": number, "source": "crm", "existing": False, **row} for number, row in enumerate(rows, 1)]
    columns = ("customer", "name", "sure_name", "mobile", "email", "birthday")
    frame = pl.DataFrame(told, infer_schema_length=None)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in frame.columns]
    return find_matches(frame.with_columns(missing), settings=PEOPLE).groups["group"].n_unique()


def test_the_same_name_at_the_same_customer_is_one_person():
    assert persons(LI, LI | ONE, LI | MAIL) == 1


def test_the_same_name_at_two_customers_is_two_people():
    assert persons(LI | ONE, LI | ONE | {"customer": "2"}) == 2


def test_contacts_of_nobody_known_are_never_joined():
    assert persons(LI | ONE | {"customer": None}, LI | ONE | {"customer": None}) == 2


@pytest.mark.parametrize(
    ("left", "right"),
    [(ONE, OTHER), (MAIL, MAIL_TOO), (ONE | MAIL, OTHER | MAIL_TOO), (ONE | MAIL, OTHER)],
)
def test_different_numbers_or_addresses_with_nothing_in_common_are_two(left, right):
    assert persons(LI | left, LI | right) == 2


@pytest.mark.parametrize(("left", "right"), [(ONE | MAIL, OTHER | MAIL), (ONE | MAIL, ONE | MAIL_TOO)])
def test_a_second_number_or_address_beside_a_common_one_is_no_contradiction(left, right):
    assert persons(LI | left, LI | right) == 1


def test_two_birthdays_are_two_people():
    assert persons(LI | ONE | {"birthday": "1980-03-05"}, LI | ONE | {"birthday": "1982-01-01"}) == 2


def test_a_family_name_is_the_person_only_with_the_same_mobile():
    assert persons(LI | ONE, MS_LI | ONE) == 1
    assert persons(LI | ONE, MS_LI) == 2
    assert persons(MS_LI, MS_LI) == 2


def test_a_family_name_does_not_make_one_of_two_people_who_share_a_mobile():
    assert persons(LI | ONE, MS_LI | ONE, {"customer": "1", "name": "李明", "sure_name": "李明"} | ONE) == 2


def test_a_row_that_says_little_does_not_make_one_of_two_who_contradict_each_other():
    assert persons(LI | ONE | MAIL, LI, LI | OTHER | MAIL_TOO) == 2


def test_contacts_that_are_here_already_are_not_joined_by_a_run():
    assert persons(LI | ONE | {"existing": True}, LI | ONE | {"existing": True}, LI | ONE) == 2
