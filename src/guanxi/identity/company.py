"""The company this installation works for: its name stands in the frame and on what is exported."""

from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Invalid, NotAllowed, Problem
from guanxi.kernel.text import say
from guanxi.store import system_settings
from guanxi.store.system_settings import COMPANY
from guanxi.store.transactions import Transaction

_LONGEST = 100


def company_name(tx: Transaction) -> str:
    """Return the company's name; '' while nobody gave it one."""
    return str(system_settings.kept(tx, COMPANY) or "")


def name_company(tx: Transaction, actor: Actor, name: str) -> None:
    """Give the company its name. Raises `Invalid`, `NotAllowed`."""
    known = tx.catalog.roles
    if not any("administer" in known[each].abilities for each in actor.roles if each in known):
        raise NotAllowed(say("only an administrator may name the company"))
    tidy = " ".join(name.split())
    if len(tidy) > _LONGEST:
        raise Invalid([Problem("company", say("at most {longest} characters fit", longest=_LONGEST))])
    system_settings.keep(tx, COMPANY, tidy)
