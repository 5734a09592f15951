"""What is true: the values of a customer, a contact, an address and a name taken apart."""

from dataclasses import dataclass, replace

from guanxi.packs.practice.words.places import City
from guanxi.packs.practice.words.trades import Trade

_PARTS = ("place", "brand", "trade", "legal_form", "branch")


@dataclass(frozen=True, kw_only=True)
class Name:
    """A company name in its parts; *bracketed* puts the place in the middle: 恒瑞（苏州）机械有限公司."""

    place: str
    brand: str
    trade: str
    legal_form: str
    bracketed: bool = False
    branch: str = ""

    @property
    def full(self) -> str:
        """Return the name as registered."""
        if self.bracketed:
            return f"{self.brand}（{self.place}）{self.trade}{self.legal_form}{self.branch}"
        return f"{self.place}{self.brand}{self.trade}{self.legal_form}{self.branch}"

    def without(self, *parts: str) -> str:
        """Return the name without the named parts (*place*, *trade*, *legal_form*)."""
        kept = {part: "" if part in parts else getattr(self, part) for part in _PARTS}
        return replace(self, **kept, bracketed=self.bracketed and bool(kept["place"])).full


@dataclass(frozen=True, kw_only=True)
class Address:
    """A place in the form 省-市-区-详细."""

    city: City
    district: str
    street: str

    @property
    def text(self) -> str:
        """Return the whole address; a municipality is named once."""
        province = "" if self.city.province == self.city.name else self.city.province
        return f"{province}{self.city.name}{self.district}{self.street}"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person one talks to at a customer."""

    name: str
    title: str
    mobile: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Customer:
    """One true customer; a person has no credit code and one contact: itself."""

    id: str
    kind: str
    name: str
    parts: Name | None
    credit_code: str | None
    trade: Trade
    contacts: tuple[Contact, ...]
    landline: str
    address: Address
    former_address: Address | None
    level: str
    owner: str
    trap: bool = False

    @property
    def is_company(self) -> bool:
        """Tell whether this is a company (企业客户) and not a person (个人客户)."""
        return self.kind == "company"


@dataclass(frozen=True, kw_only=True)
class Trap:
    """Two different customers that look like one, and what really tells them apart."""

    kind: str
    customers: tuple[str, str]
    differs_in: str
