"""Company and person names as people write them."""

from collections.abc import Callable

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Customer, Name
from guanxi.packs.practice.words.brands import LOOK_ALIKES, traditional

Writing = Callable[[Chance, Name], str]


def customer_name(chance: Chance, appearance: Appearance) -> Cell:
    """Return the customer's name for this appearance, dirty as far as its evidence allows."""
    customer = appearance.customer
    if customer.parts is None:
        return _person(chance, customer, weak=appearance.level == "weak_name")
    if appearance.level in {"weak_name", "hard"}:
        kind = chance.weigh(_HARD_WEIGHTS if appearance.level == "hard" else _WEAK_WEIGHTS)
        shown = _WEAK[kind](chance, customer.parts)
    else:
        weights = _BRACKETED_WEIGHTS if customer.parts.bracketed else _STRONG_WEIGHTS
        kind = chance.weigh(weights)
        shown = _STRONG[kind](chance, customer.parts)
    return Cell(shown=shown, true=customer.name, kind=kind if shown != customer.name else None)


def _person(chance: Chance, customer: Customer, *, weak: bool) -> Cell:
    name = customer.name
    if weak:
        family = name[:2] if name.startswith("欧阳") else name[:1]
        return Cell(shown=family + chance.pick(("先生", "女士", "老板")), true=name, kind="person_title_only")
    writings = {"": name, "person_spaces": " ".join(name), "name_traditional": traditional(name)}
    kind = chance.weigh({"": 0.75, "person_spaces": 0.15, "name_traditional": 0.10})
    shown = writings[kind]
    return Cell(shown=shown, true=name, kind=kind if shown != name else None)


def _full(chance: Chance, name: Name) -> str:
    return name.full


def _legal_form_dropped(chance: Chance, name: Name) -> str:
    return name.without("legal_form")


def _traditional(chance: Chance, name: Name) -> str:
    return traditional(name.full if chance.often(0.5) else name.without("legal_form"))


def _full_width(chance: Chance, name: Name) -> str:
    # The ideographic space is what an input method in full-width mode leaves behind.
    return chance.pick(("\u3000{}", "{}\u3000", "\u3000{}\u3000")).format(name.full)


def _spaces(chance: Chance, name: Name) -> str:
    place = chance.number(2, len(name.full) - 2)
    return f"{name.full[:place]} {name.full[place:]}"


def _brackets(chance: Chance, name: Name) -> str:
    pair = chance.pick(("()", "[]", "【】", "〔〕"))
    return name.full.replace("（", pair[0]).replace("）", pair[1])


def _brand_only(chance: Chance, name: Name) -> str:
    return name.brand


def _place_dropped(chance: Chance, name: Name) -> str:
    return name.without("place") if chance.often(0.5) else name.without("place", "legal_form")


def _typo(chance: Chance, name: Name) -> str:
    wrong = LOOK_ALIKES[name.brand[0]] + name.brand[1:]
    return name.full.replace(name.brand, wrong, 1)


def _note(chance: Chance, name: Name) -> str:
    note = chance.pick(("老客户", "已停用", "月结", "开票用", "刘总介绍"))
    return f"{name.full}（{note}）" if chance.often(0.5) else f"{name.full}-{note}"


def _place_and_brand(chance: Chance, name: Name) -> str:
    return name.without("trade", "legal_form")


_STRONG: dict[str, Writing] = {
    "": _full,
    "name_legal_form_dropped": _legal_form_dropped,
    "name_traditional": _traditional,
    "name_full_width": _full_width,
    "name_spaces": _spaces,
    "name_brackets": _brackets,
}
_STRONG_WEIGHTS = {
    "": 0.55,
    "name_legal_form_dropped": 0.25,
    "name_traditional": 0.05,
    "name_full_width": 0.07,
    "name_spaces": 0.04,
}
_BRACKETED_WEIGHTS = {**_STRONG_WEIGHTS, "name_brackets": 0.9}
_WEAK: dict[str, Writing] = {
    "name_brand_only": _brand_only,
    "name_place_dropped": _place_dropped,
    "name_place_and_brand": _place_and_brand,
    "name_typo": _typo,
    "name_note": _note,
}
_WEAK_WEIGHTS = {
    "name_brand_only": 0.25,
    "name_place_dropped": 0.35,
    "name_place_and_brand": 0.15,
    "name_typo": 0.15,
    "name_note": 0.10,
}
# With a wrong number beside it the name must at least keep brand and trade.
_HARD_WEIGHTS = {"name_place_dropped": 0.5, "name_typo": 0.5}
