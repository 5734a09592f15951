"""Founds customers one by one: believable companies and people, each with values nobody else has."""

from collections.abc import Callable

from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.codes import credit_code, landline, mobile
from guanxi.packs.practice.customers import Address, Contact, Customer, Name
from guanxi.packs.practice.words.brands import BRAND_FIRST, BRAND_SECOND, LEGAL_FORMS
from guanxi.packs.practice.words.people import (
    FAMILY_NAMES,
    GIVEN_FIRST,
    GIVEN_SECOND,
    GIVEN_SINGLE,
    SALESPEOPLE,
    TITLES,
    split_pinyin,
)
from guanxi.packs.practice.words.places import BUILDINGS, CITIES, ROADS, City
from guanxi.packs.practice.words.trades import PERSONAL_TRADE, TRADES, Trade

_PINYIN = dict(map(split_pinyin, BRAND_FIRST + BRAND_SECOND))


class Foundry:
    """Founds customers and remembers what is taken, so that two customers never agree by accident."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._taken: set[tuple[str, ...]] = set()
        self._founded = 0

    def company(
        self,
        *,
        city: City | None = None,
        trade: Trade | None = None,
        brand: str | None = None,
        branch_of: Name | None = None,
        branch: str = "",
    ) -> Customer:
        """Return a new company; what is not given is drawn.

        A drawn brand shares no character in the same position with another company of the same city and
        trade, so near-equal names exist only where a trap asks for them by giving *brand*.
        """
        city = city or self._chance.pick(CITIES)
        trade = trade or self._chance.pick(TRADES)
        if branch_of is not None:
            name = Name(**{**vars(branch_of), "branch": branch})
        else:
            name = self._company_name(city, trade, brand)
        domain = f"{self._pinyin(name.brand)}{trade.pinyin}{city.area_code}.example.com"
        return self._customer(
            kind="company",
            name=name.full,
            parts=name,
            credit_code=self._unique(lambda: credit_code(self._chance, city.code)),
            trade=trade,
            contacts=tuple(self.contact(domain) for _ in range(self._chance.weigh({1: 0.6, 2: 0.4}))),
            city=city,
        )

    def person(self) -> Customer:
        """Return a new person who buys for a small business of their own."""
        contact = self.contact("mail.example.com")
        while not self._take("person", contact.name):
            contact = self.contact("mail.example.com")
        return self._customer(
            kind="person",
            name=contact.name,
            parts=None,
            credit_code=None,
            trade=PERSONAL_TRADE,
            contacts=(contact,),
            city=self._chance.pick(CITIES),
        )

    def contact(self, domain: str) -> Contact:
        """Return a new person with a mobile number and a mail address at *domain*."""
        family, family_pinyin = split_pinyin(self._chance.pick(FAMILY_NAMES))
        given, given_pinyin = self._given_name()
        number = self._unique(lambda: mobile(self._chance))
        mailbox = f"{given_pinyin}.{family_pinyin}"
        email = f"{mailbox}@{domain}"
        if not self._take("email", email):
            email = f"{mailbox}{number[-4:]}@{domain}"
        return Contact(name=family + given, title=self._chance.pick(TITLES), mobile=number, email=email)

    def address(self, city: City, *, not_in: str = "") -> Address:
        """Return a new address in *city*, outside the district *not_in*."""
        districts = [district for district in city.districts if district != not_in]
        house = f"{self._chance.pick(ROADS)}{self._chance.number(1, 1999)}号{self._chance.pick(BUILDINGS)}"
        return Address(city=city, district=self._chance.pick(districts), street=house)

    def _customer(
        self,
        *,
        kind: str,
        name: str,
        parts: Name | None,
        credit_code: str | None,
        trade: Trade,
        contacts: tuple[Contact, ...],
        city: City,
    ) -> Customer:
        self._founded += 1
        address = self.address(city)
        moved = self._chance.often(0.15)
        return Customer(
            id=f"T{self._founded:05d}",
            kind=kind,
            name=name,
            parts=parts,
            credit_code=credit_code,
            trade=trade,
            contacts=contacts,
            landline=self._unique(lambda: landline(self._chance, city.area_code)),
            address=address,
            former_address=self.address(city, not_in=address.district) if moved else None,
            level=self._chance.weigh({"A": 0.15, "B": 0.35, "C": 0.5}),
            owner=self._chance.pick(SALESPEOPLE),
        )

    def _company_name(self, city: City, trade: Trade, brand: str | None) -> Name:
        return Name(
            place=city.short,
            brand=self._taking(city, trade, brand) if brand else self._brand(city, trade),
            trade=trade.word,
            legal_form=self._chance.pick(LEGAL_FORMS),
            bracketed=self._chance.often(0.15),
        )

    def _brand(self, city: City, trade: Trade) -> str:
        while True:
            head, _ = split_pinyin(self._chance.pick(BRAND_FIRST))
            tail, _ = split_pinyin(self._chance.pick(BRAND_SECOND))
            if not self._taken & _brand_keys(city, trade, head + tail):
                return self._taking(city, trade, head + tail)

    def _taking(self, city: City, trade: Trade, brand: str) -> str:
        self._taken |= _brand_keys(city, trade, brand)
        return brand

    def _given_name(self) -> tuple[str, str]:
        if self._chance.often(0.3):
            return split_pinyin(self._chance.pick(GIVEN_SINGLE))
        first, second = self._chance.pick(GIVEN_FIRST), self._chance.pick(GIVEN_SECOND)
        (head, head_pinyin), (tail, tail_pinyin) = split_pinyin(first), split_pinyin(second)
        return head + tail, head_pinyin + tail_pinyin

    def _pinyin(self, brand: str) -> str:
        return "".join(_PINYIN[character] for character in brand)

    def _take(self, *key: str) -> bool:
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def _unique(self, draw: Callable[[], str]) -> str:
        value = draw()
        while not self._take("value", value):
            value = draw()
        return value


def _brand_keys(city: City, trade: Trade, brand: str) -> set[tuple[str, ...]]:
    return {
        ("brand and trade", brand, trade.word),
        ("brand and city", brand, city.code),
        ("first character", brand[0], trade.word, city.code),
        ("second character", brand[1], trade.word, city.code),
    }
