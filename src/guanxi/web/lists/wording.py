"""Filters in words: what a chip says about each rule."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from guanxi.integration.standards import industry_labels
from guanxi.kernel.errors import Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, by_number, say
from guanxi.web.lists.compiling import ME, days_meant
from guanxi.web.lists.filters import ANY, Group, Rule, rules_of
from guanxi.web.lists.operators import Operator, operators_of
from guanxi.web.lists.periods import PERIODS, Days
from guanxi.web.lists.reach import Reached
from guanxi.web.reader import Reader


@dataclass(frozen=True, kw_only=True)
class Words:
    """One rule in words: field, question, values; ``hint`` says which days a period means today."""

    field: str
    operator: str
    values: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the rule as one line."""
        return " ".join(each for each in (self.field, self.operator, self.values) if each)


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """What is needed to put rules into words: fields by path, and the names of people and linked records."""

    reader: Reader
    fields: Mapping[str, Reached]
    people: Mapping[int, str]
    titles: Mapping[int, str]


_COUNTED: Mapping[str, Callable[[str], Message]] = {
    "last": lambda count: by_number(
        number_in(count) or 0, say("is in the last day"), say("is in the last {count} days", count=count)
    ),
    "next": lambda count: by_number(
        number_in(count) or 0, say("is in the next day"), say("is in the next {count} days", count=count)
    ),
    "older": lambda count: by_number(
        number_in(count) or 0,
        say("is more than a day ago"),
        say("is more than {count} days ago", count=count),
    ),
}


def words_of(rule: Rule, speaker: Speaker) -> Words:
    """Return *rule* in the reader's words; an unknown field or operator keeps the name it has in the address."""
    reached = speaker.fields.get(rule.path)
    operator = operators_of(reached).get(rule.operator) if reached else None
    if reached is None or operator is None:
        return Words(field=rule.path, operator=rule.operator, values=speaker.reader.listing(rule.values))
    counted = operator.asks == "days" and rule.values
    asked = _COUNTED[rule.operator](rule.values[0]) if counted else operator.words
    return Words(
        field=reached.name(speaker.reader),
        operator=speaker.reader.say(asked),
        values="" if counted else _values(rule, reached, operator, speaker),
        hint=_hint(rule, operator, speaker.reader),
    )


def lines_of(group: Group, speaker: Speaker) -> Iterator[str]:
    """Yield the whole filter in lines, for a file that must tell what it holds."""
    rules = tuple(rules_of(group))
    if group.word == ANY and len(rules) > 1:
        yield speaker.reader.translate("any of these is true")
    for member in group.members:
        if isinstance(member, Rule):
            yield str(words_of(member, speaker))
        else:
            yield from lines_of(member, speaker)


def _values(rule: Rule, reached: Reached, operator: Operator, speaker: Speaker) -> str:
    reader = speaker.reader
    spoken: Mapping[str, Callable[[], str]] = {
        "choices": lambda: _choices(rule, reached, reader),
        "people": lambda: _either(reader, [_person(each, speaker) for each in rule.values]),
        "record": lambda: _either(reader, [_title(each, speaker) for each in rule.values]),
        "records": lambda: reader.listing(_title(each, speaker) for each in rule.values),
        "period": lambda: _either(reader, [_period(each, reader) for each in rule.values]),
        "industry": lambda: _either(reader, [industry_labels().get(each, each) for each in rule.values]),
        "day": lambda: _span(reader, [_day(each, reader) for each in rule.values]),
        "two days": lambda: _span(reader, [_day(each, reader) for each in rule.values]),
        "two numbers": lambda: _span(reader, list(rule.values)),
    }
    return spoken.get(operator.asks, lambda: reader.listing(rule.values))()


def _choices(rule: Rule, reached: Reached, reader: Reader) -> str:
    names = {each.value: reader.label(each.label) or each.value for each in reached.field.choices}
    return _either(reader, [names.get(each, each) for each in rule.values])


def _title(number: str, speaker: Speaker) -> str:
    return speaker.titles.get(int(number), f"#{number}") if _is_number(number) else number


def _period(name: str, reader: Reader) -> str:
    return reader.say(PERIODS[name].words) if name in PERIODS else name


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _either(reader: Reader, names: list[str]) -> str:
    return reader.translate(" or ").join(names)


def _span(reader: Reader, ends: list[str]) -> str:
    return reader.translate(" to ").join(ends)


def _person(value: str, speaker: Speaker) -> str:
    if value == ME:
        return speaker.reader.translate("me")
    return speaker.people.get(int(value), f"#{value}") if _is_number(value) else value


def _day(text: str, reader: Reader) -> str:
    try:
        days = days_meant("on", (text,), reader.today)
    except Refused:
        return text
    return reader.day(days.first) if days.first else text


def _hint(rule: Rule, operator: Operator, reader: Reader) -> str:
    if operator.asks not in ("period", "days"):
        return ""
    try:
        days: Days = days_meant(rule.operator, rule.values, reader.today)
    except (Refused, OverflowError):
        return ""
    ends = [reader.day(each) if each else "…" for each in (days.first, days.last)]
    return ends[0] if ends[0] == ends[1] else " – ".join(ends)
