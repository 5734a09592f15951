"""What every page about one list begins with: the object, who asks, the view, the filter and its condition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qs

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import NOTHING, is_one_of
from guanxi.identity import users
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.objects import ObjectType
from guanxi.records import reading, totals
from guanxi.records.reading import Asked
from guanxi.web.layout import list_fields
from guanxi.web.lists.columns import SOON_SORTED, order_of, shown_paths, title_first
from guanxi.web.lists.compiling import Asker, Judged, judge
from guanxi.web.lists.filters import Group, rules_of
from guanxi.web.lists.reach import Reached, reach
from guanxi.web.lists.state import Looking, looking_at
from guanxi.web.lists.views import Shelf, shelf
from guanxi.web.lists.wording import Speaker
from guanxi.web.visit import Visit

PAGE_LENGTH = 50
LOOK = "look"
"""The form field that holds the query of the list's address."""


@dataclass(frozen=True)
class Desk:
    """One person in front of one list; whatever needs the database is asked once, when it is needed."""

    visit: Visit
    object_type: ObjectType
    fields: Mapping[str, Reached]
    shelf: Shelf
    looking: Looking

    @cached_property
    def judged(self) -> Judged:
        """Return the condition of the filter, and what is wrong with its rules."""
        if self.looking.is_broken:
            return Judged(where=NOTHING, problems={})
        asker = Asker(actor=self.visit.actor, reader=self.visit.reader, fields=self.fields)
        return judge(self.looking.filter, asker)

    @cached_property
    def is_large(self) -> bool:
        """Tell whether only a field with an index sorts the list in a moment."""
        return totals.about_how_many(self.visit.tx, self.object_type.name) > SOON_SORTED

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Return the fields shown, the title first."""
        usual = (each.name for each in list_fields(self.visit.actor, self.visit.catalog, self.object_type))
        return title_first(self.object_type, shown_paths(self.looking, usual, self.fields), self.fields)

    @property
    def shown(self) -> tuple[Reached, ...]:
        """Return the fields shown."""
        return tuple(self.fields[each] for each in self.paths if each in self.fields)

    def asked(self, *, limit: int = PAGE_LENGTH) -> Asked:
        """Return the question to the records: its first page, in the order wanted."""
        needs_size = bool(self.looking.sort)
        return Asked(
            object=self.object_type.name,
            fields=self.paths,
            where=self.judged.where,
            words=self.looking.words,
            order=order_of(
                self.looking,
                self.fields,
                self.visit.catalog,
                is_large=needs_size and self.is_large,
            ),
            limit=limit,
            deleted=self.looking.in_bin,
        )

    @cached_property
    def people(self) -> dict[int, str]:
        """Return the names of colleagues by number."""
        return dict(users.colleagues(self.visit.tx))

    def speaker(self, group: Group | None = None) -> Speaker:
        """Return what puts the filter (or *group*) into words."""
        rules = tuple(rules_of(group or self.looking.filter))
        asked = [(self.fields[each.path], each) for each in rules if each.path in self.fields]
        needs_people = any(target_of(reached.field) == "user" for reached, _ in asked)
        wanted: dict[str, list[int]] = {}
        for reached, rule in asked:
            numbers = map(number_in, rule.values) if reached.field.type in ("lookup", "many_to_many") else ()
            wanted.setdefault(reached.field.target, []).extend(each for each in numbers if each is not None)
        titles: dict[int, str] = {}
        for target, named in wanted.items():
            titles |= self._titles(target, named) if named else {}
        return Speaker(
            reader=self.visit.reader,
            fields=self.fields,
            people=self.people if needs_people else {},
            titles=titles,
        )

    def turned(self, looking: Looking) -> "Desk":
        """Return the desk looking at something else."""
        return replace(self, looking=looking)

    def _titles(self, target: str, numbers: list[int]) -> dict[int, str]:
        title = self.visit.catalog.object(target).title
        asked = Asked(object=target, fields=(title,), where=is_one_of("id", numbers), limit=len(numbers))
        found = reading.find(self.visit.tx, self.visit.actor, asked).records
        return {each.id: str(each.values.get(title) or f"#{each.id}") for each in found}


def desk_of(visit: Visit) -> Desk:
    """Return the desk of the list the address names. Raises `UnknownName` or `NotAllowed`."""
    object_type = visit.catalog.object(visit.incoming.parameters["object_name"])
    if object_type.name not in visit.catalog.objects or (
        grant_of(visit.actor, visit.catalog, object_type.name).read == "none"
    ):
        raise NotAllowed(say("your roles do not let you read {plural}", plural=object_type.plural))
    fields = reach(visit.actor, visit.catalog, object_type)
    found = shelf(visit.tx, visit.actor, object_type.name)
    # A form says in one field which look it was sent from: its other fields are values, not filters.
    query = visit.incoming.query if visit.incoming.method == "GET" else parse_qs(visit.incoming.typed(LOOK))
    return Desk(visit, object_type, fields, found, looking_at(object_type.name, query, found, fields))
