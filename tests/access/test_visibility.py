"""Laws of who sees what: the meaning in SQL and the meaning in Python are one."""

from itertools import product
from types import MappingProxyType

import pytest

from guanxi.access.fields import mask, readable, right_to
from guanxi.access.roles import grant_of, may, require
from guanxi.access.visibility import visible_to, within
from guanxi.customisation import structure
from guanxi.expressions.evaluating import holds
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import NotAllowed
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Grant, Role
from guanxi.records import reading, writing
from guanxi.records.reading import Asked

SCOPES = ("none", "own", "all")


def role(name, fields=None, **grants):
    granted = MappingProxyType({key.replace("any", "*"): value for key, value in grants.items()})
    return Role(name=name, label=Label(en=name), grants=granted, fields=MappingProxyType(fields or {}))


@pytest.fixture
def catalog(store, administrator):
    roles = [role(scope, customer=Grant(read=scope, write=scope)) for scope in SCOPES]
    roles += [
        role("blind", {"customer.mobile": "hidden", "customer.level": "masked"}, any=Grant(read="all")),
        role("clerk", {"customer.mobile": "read"}, any=Grant(read="own", create=True, write="own")),
    ]
    with store.transaction("test") as tx:
        return structure.apply(tx, administrator, tx.catalog.live_objects, roles).catalog


@pytest.mark.parametrize("roles", [*product(SCOPES), *product(SCOPES, SCOPES), (), ("unknown",)])
def test_what_sql_shows_is_what_python_allows(store, steward, administrator, catalog, roles):
    actor = Actor(id=steward.id, name="x", roles=roles)
    condition = visible_to(actor, catalog)("customer")
    with store.transaction("test") as tx:
        owners = (steward.id, administrator.id, None)
        ids = [
            writing.create(tx, administrator, "customer", {"name": "甲", "owner": owner}) for owner in owners
        ]
        shown = {
            each.id for each in reading.find(tx, actor, Asked(object="customer", fields=("id",))).records
        }
        allowed = {
            record_id
            for record_id, owner in zip(ids, owners, strict=True)
            if holds(condition, {"owner": owner, "id": record_id}, now=tx.now)
        }
    assert shown == allowed


def test_an_actor_without_a_number_owns_nothing(catalog):
    nobody = Actor(id=None, name="x", roles=("own",))
    assert within("own", nobody) == within("none", nobody)


def test_the_widest_grant_of_any_role_counts(catalog):
    actor = Actor(id=1, name="x", roles=("own", "all", "clerk"))
    assert grant_of(actor, catalog, "customer") == Grant(read="all", create=True, write="all")


def test_a_field_right_is_the_widest_of_any_role(catalog):
    customer = catalog.object("customer")

    def right(name, *roles):
        return right_to(Actor(id=1, name="x", roles=roles), catalog, customer, name)

    assert right("mobile", "blind") == "hidden"
    assert right("level", "blind") == "masked"
    assert right("mobile", "blind", "clerk") == "read"
    assert right("level", "blind", "clerk") == "write"
    assert right("name", "blind") == "read"
    assert right("name") == "hidden"
    assert "mobile" not in readable(Actor(id=1, name="x", roles=("blind",)), catalog, customer)


def test_an_ability_is_asked_for_by_name(catalog, steward, reader):
    assert may(steward, catalog, "integrate")
    assert not may(steward, catalog, "administer")
    with pytest.raises(NotAllowed):
        require(reader, catalog, "integrate")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800138000", "138****8000"),
        ("张三", "**"),
        ("", ""),
        ("杭州云帆机械有限公司", "杭州云****限公司"),
    ],
)
def test_a_mask_shows_no_short_text_and_no_middle(text, shown):
    assert mask(text) == shown
