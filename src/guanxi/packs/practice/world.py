"""Builds the practice company's world: one seed in, a folder of dirty sources and the truth out."""

from dataclasses import dataclass
from pathlib import Path

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.packs.practice import plan, truth
from guanxi.packs.practice.appearances import appear
from guanxi.packs.practice.cells import Placed
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Customer, Trap
from guanxi.packs.practice.departments import commerce, information, marketing, sales, service
from guanxi.packs.practice.foundry import Foundry
from guanxi.packs.practice.traps import plant_traps
from guanxi.packs.practice.truth import Truth

_SHARE_OF_PEOPLE = 0.13
# One pair of each kind for 80 customers: 15 pairs of each among 1,200.
_CUSTOMERS_FOR_EACH_TRAP = 80
SMALLEST_WORLD = 50
# Above this the brands that are left are too few to be found by drawing.
LARGEST_WORLD = 10_000


@dataclass(frozen=True, kw_only=True)
class World:
    """Where the practice company's files are, and what is true about them."""

    folder: Path
    plan: Path
    truth: Truth


def build_world(folder: Path, *, seed: int = 2024, customers: int = 1200) -> World:
    """Write the sources, the plan and the truth into *folder*; the same arguments give the same bytes.

    *customers* is the number of true customers (50 to 10,000); the sources get about 2.5 rows for each.
    Files of an earlier world in the same folder are replaced.
    """
    if not SMALLEST_WORLD <= customers <= LARGEST_WORLD:
        raise Refused(
            say(
                "a practice company has at least {smallest} and at most {largest} customers",
                smallest=SMALLEST_WORLD,
                largest=LARGEST_WORLD,
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    foundry = Foundry(Chance(f"{seed} customers"))
    everyone, traps = _found(Chance(f"{seed} traps"), foundry, customers)
    placed = _place(seed, foundry, everyone, folder)
    told = truth.tell_truth(seed, everyone, traps, placed)
    truth.save_truth(told, folder / truth.FILE)
    return World(folder=folder, plan=plan.write_plan(folder), truth=told)


def _found(chance: Chance, foundry: Foundry, count: int) -> tuple[list[Customer], list[Trap]]:
    traps: list[Trap] = []
    everyone: list[Customer] = []
    for trap, pair in plant_traps(chance, foundry, max(1, count // _CUSTOMERS_FOR_EACH_TRAP)):
        traps.append(trap)
        everyone.extend(pair)
    everyone += [foundry.person() for _ in range(int(count * _SHARE_OF_PEOPLE))]
    everyone += [foundry.company() for _ in range(count - len(everyone))]
    return everyone, traps


def _place(seed: int, foundry: Foundry, everyone: list[Customer], folder: Path) -> list[Placed]:
    found = appear(Chance(f"{seed} appearances"), everyone)

    ledger = sales.ledger_rows(Chance(f"{seed} sales"), found[sales.SOURCE])
    sales.write_ledger(folder / sales.FILE, ledger)

    tickets = service.ticket_rows(Chance(f"{seed} service"), found[service.SOURCE])
    service.write_tickets(folder / service.FILE, tickets)

    followers = marketing.follower_rows(Chance(f"{seed} marketing"), foundry, found[marketing.SOURCE])
    marketing.write_followers(folder / marketing.FILE, followers)

    accounts = information.crm_rows(Chance(f"{seed} information"), found[information.SOURCE])
    information.write_crm(folder / information.FILE, accounts)

    orders = commerce.shop_rows(Chance(f"{seed} commerce"), found[commerce.SOURCE])
    commerce.write_orders(folder / commerce.FILE, orders)
    return [*ledger, *tickets, *followers, *accounts, *orders]
