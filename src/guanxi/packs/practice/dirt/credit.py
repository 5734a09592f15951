"""Credit codes with a wrong character, in another case, from before 2015 or not known at all."""

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.codes import registration_number
from guanxi.packs.practice.customers import Customer


def code(chance: Chance, customer: Customer, *, certain: bool) -> Cell:
    """Return the customer's credit code; *certain* keeps it right and present (traps need it)."""
    true = customer.credit_code
    if true is None:
        return Cell(shown=None, true=None)
    weights = {
        "": 0.52,
        "credit_code_missing": 0.27,
        "credit_code_format": 0.09,
        "credit_code_wrong": 0.07,
        "credit_code_old_number": 0.05,
    }
    kind = "" if certain else chance.weigh(weights)
    if kind == "credit_code_missing":
        return Cell(shown=None, true=true, kind=kind)
    if kind == "credit_code_format":
        spaced = f"{true[:6]} {true[6:12]} {true[12:]}"
        written = true.lower() if true.lower() != true and chance.often(0.5) else spaced
        return Cell(shown=written, true=true, kind=kind)
    if kind == "credit_code_wrong":
        place = chance.number(8, 15)
        digit = str((int(true[place]) + 1) % 10)
        return Cell(shown=true[:place] + digit + true[place + 1 :], true=true, kind=kind)
    if kind == "credit_code_old_number":
        return Cell(shown=registration_number(chance, customer.address.city.code), true=true, kind=kind)
    return Cell(shown=true, true=true)
