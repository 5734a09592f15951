"""Who the people that sources and plans name are."""

from guanxi.store import users
from guanxi.store.transactions import Transaction


def people(tx: Transaction) -> dict[str, int]:
    """Return the numbers of the people who work here by login and by name (a name two people have names nobody)."""
    everybody = users.listed(tx)
    names = [each.name for each in everybody]
    return {each.login: each.id for each in everybody} | {
        each.name: each.id for each in everybody if names.count(each.name) == 1
    }
