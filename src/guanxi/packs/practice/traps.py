"""Plants pairs of different customers that look like one; each differs in something real."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Customer, Trap
from guanxi.packs.practice.foundry import Foundry
from guanxi.packs.practice.words.brands import BRAND_SECOND
from guanxi.packs.practice.words.people import split_pinyin
from guanxi.packs.practice.words.places import CITIES

Pair = tuple[Customer, Customer]
NUMERALS = ("第一", "第二", "第三")


def plant_traps(chance: Chance, foundry: Foundry, pairs_of_each: int) -> Iterator[tuple[Trap, Pair]]:
    """Yield *pairs_of_each* pairs of every kind of trap."""
    for kind, (differs_in, make) in _KINDS.items():
        for _ in range(pairs_of_each):
            left, right = (replace(customer, trap=True) for customer in make(chance, foundry))
            yield Trap(kind=kind, customers=(left.id, right.id), differs_in=differs_in), (left, right)


def _parent_and_branch(chance: Chance, foundry: Foundry) -> Pair:
    parent = foundry.company()
    city = chance.pick([city for city in CITIES if city != parent.address.city])
    branch = foundry.company(
        city=city, trade=parent.trade, branch_of=parent.parts, branch=f"{city.short}分公司"
    )
    return parent, branch


def _numbered_branches(chance: Chance, foundry: Foundry) -> Pair:
    # The parent itself is no customer: it only lends its name to the two branches.
    parent = foundry.company()
    left, right = chance.shuffled(NUMERALS)[:2]
    first = _branch_in_place(foundry, parent, left)
    return first, _branch_in_place(foundry, parent, right)


def _branch_in_place(foundry: Foundry, parent: Customer, numeral: str) -> Customer:
    return foundry.company(
        city=parent.address.city, trade=parent.trade, branch_of=parent.parts, branch=f"{numeral}分公司"
    )


def _same_name_elsewhere(chance: Chance, foundry: Foundry) -> Pair:
    left = foundry.company()
    city = chance.pick([city for city in CITIES if city.province != left.address.city.province])
    return left, foundry.company(city=city, trade=left.trade, brand=_brand(left))


def _one_character_apart(chance: Chance, foundry: Foundry) -> Pair:
    left = foundry.company()
    brand = _brand(left)
    tails = [tail for tail, _ in map(split_pinyin, BRAND_SECOND) if tail != brand[1]]
    twin = foundry.company(city=left.address.city, trade=left.trade, brand=brand[0] + chance.pick(tails))
    return left, twin


def _person_in_two_companies(chance: Chance, foundry: Foundry) -> Pair:
    left, right = foundry.company(), foundry.company()
    return left, replace(right, contacts=left.contacts[:1])


def _shared_switchboard(chance: Chance, foundry: Foundry) -> Pair:
    left = foundry.company()
    right = foundry.company(city=left.address.city)
    return left, replace(right, landline=left.landline)


def _brand(customer: Customer) -> str:
    return customer.parts.brand if customer.parts else ""


_KINDS: dict[str, tuple[str, Callable[[Chance, Foundry], Pair]]] = {
    "trap_parent_and_branch": ("branch tail, credit code, city", _parent_and_branch),
    "trap_numbered_branches": ("numeral, credit code", _numbered_branches),
    "trap_same_name_elsewhere": ("city, credit code, people", _same_name_elsewhere),
    "trap_one_character_apart": ("one character of the brand, credit code, people", _one_character_apart),
    "trap_person_in_two_companies": ("name, credit code, address", _person_in_two_companies),
    "trap_shared_switchboard": ("name, credit code, people", _shared_switchboard),
}

TRAP_KINDS = tuple(_KINDS)
