"""Who acts: a person, or the product itself, always with roles."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one in whose name something is read or changed; ``id`` is None for the product itself."""

    id: int | None
    name: str
    roles: tuple[str, ...]
    language: str = "zh"
    time_zone: str = "Asia/Shanghai"
    department: str = ""
    weighs_copies: bool = False
    """Whether the page that asks weighs each copied value itself (`access.fields.weighing`)."""


SYSTEM = Actor(id=None, name="Guanxi", roles=("system",), language="en")
"""The product at its own work (set-up, imports); what it may do stands in its role, as for anybody."""


def as_product(actor: Actor) -> Actor:
    """Return *actor* with the product's own rights, in their own name.

    For code that has judged itself what the actor may do, and writes that and nothing else.
    """
    return replace(actor, roles=SYSTEM.roles)
