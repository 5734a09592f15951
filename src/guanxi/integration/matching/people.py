"""How the contacts of one customer are compared: the same person is one contact, and in doubt there are two."""

import polars as pl

from guanxi.integration.matching.agreement import Equal, Every
from guanxi.integration.matching.settings import Block, ExactKey, Feature, MatchSettings, Parameters, Veto
from guanxi.kernel.text import say


def _family_name(rows: pl.DataFrame) -> pl.Series:
    """Return the first character of the name: what 李先生 and 李世萍 share."""
    return rows["name"].str.head(1)


PEOPLE = MatchSettings(
    name="people",
    comparisons=(),
    parameters=Parameters(same={}, different={}, pairs_per_row=0.3, trained=False),
    features=(Feature(name="family_name", reads=("name",), make=_family_name),),
    blocks=(
        Block(name="customer and name", columns=("customer", "sure_name"), chained=True),
        Block(name="customer and mobile", columns=("customer", "mobile"), split_by=("family_name",)),
    ),
    exact_keys=(
        ExactKey(
            name="name",
            when=Every((Equal("customer"), Equal("sure_name"))),
            says=say("the same name at the same customer"),
        ),
        ExactKey(
            name="mobile_and_name",
            when=Every((Equal("customer"), Equal("mobile"), Equal("family_name"))),
            says=say("the same mobile number and family name at the same customer"),
        ),
    ),
    vetoes=(
        Veto(name="names_differ", column="sure_name", says=say("two different full names")),
        Veto(
            name="mobiles_differ",
            column="mobile",
            unless_equal=("email",),
            says=say("two different mobile numbers, and no e-mail address in common"),
        ),
        Veto(
            name="emails_differ",
            column="email",
            unless_equal=("mobile",),
            says=say("two different e-mail addresses, and no mobile number in common"),
        ),
        Veto(name="birthdays_differ", column="birthday", says=say("two different birthdays")),
    ),
)
"""Columns: ``customer`` (whose contact it is), ``name``, ``sure_name`` (where nothing is doubtful about it),
``mobile``, ``email``, ``birthday``. Nothing is weighed: the two keys join, the vetoes forbid."""
