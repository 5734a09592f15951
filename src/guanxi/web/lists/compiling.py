"""A filter becomes one condition of the expression language; what is wrong with a rule is told beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guanxi.expressions import conditions as say_that
from guanxi.expressions.function import Moment
from guanxi.expressions.syntax import EVERYTHING, Call, Expression, Literal
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field
from guanxi.records.validation import accept
from guanxi.web.lists.filters import ALL, Group, Rule, rules_of
from guanxi.web.lists.operators import Operator, can_be_filtered, family_of, operators_of
from guanxi.web.lists.periods import MOST_DAYS, PERIODS, Days, last_days, longer_ago, next_days
from guanxi.web.lists.reach import Reached
from guanxi.web.reader import Reader

ME = "me"
_LONGEST_TEXT = 500
_DAY = Field(name="day", type="date", label=Label(en="Day", zh="日期"))


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks: which fields they reach, whom "me" means, what day it is where they are."""

    actor: Actor
    reader: Reader
    fields: Mapping[str, Reached]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The condition of a filter, and what is wrong with each rule by its place; wrong rules let nothing through."""

    where: Expression
    problems: Mapping[int, Message]


def judge(group: Group, asker: Asker) -> Judged:
    """Return what *group* means for *asker*.

    A rule that cannot be understood, or asks a field the person may not read, makes the whole filter find nothing:
    leaving it out would show, change or export more than was asked for.
    """
    problems: dict[int, Message] = {}
    made: list[Expression] = []
    for place, rule in enumerate(rules_of(group)):
        try:
            made.append(condition_of(rule, asker))
        except Refused as refused:
            problems[place] = refused.message
            made.append(say_that.NOTHING)
    if problems:
        return Judged(where=say_that.NOTHING, problems=problems)
    return Judged(where=_joined(group, iter(made).__next__), problems={})


def condition_of(rule: Rule, asker: Asker) -> Expression:
    """Return the condition one rule means; raise `Refused` with what would be right."""
    reached = asker.fields.get(rule.path)
    if reached is None or not can_be_filtered(reached):
        raise Refused(say("this field is not there, or not yours to read"))
    operator = operators_of(reached).get(rule.operator)
    if operator is None:
        raise Refused(say("this question does not fit the field; choose another"))
    if operator.name == "empty":
        return say_that.is_empty(rule.path)
    if operator.name == "filled":
        return say_that.not_(say_that.is_empty(rule.path))
    return _COMPILERS[family_of(reached)](reached, operator, rule.values, asker)


def _joined(group: Group, following: Callable[[], Expression]) -> Expression:
    parts = [_joined(each, following) if isinstance(each, Group) else following() for each in group.members]
    if not parts:
        return EVERYTHING
    return say_that.all_of(*parts) if group.word == ALL else say_that.any_of(*parts)


def _only(values: tuple[str, ...]) -> str:
    """Return the one value a rule needs."""
    text = values[0].strip() if values else ""
    if not text:
        raise Refused(say("a value is needed here"))
    if len(text) > _LONGEST_TEXT:
        raise Refused(say("at most {longest} characters fit", longest=_LONGEST_TEXT))
    return text


def _several(values: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(each.strip() for each in values if each.strip())
    if not chosen:
        raise Refused(say("choose at least one"))
    return chosen


def _text(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    path, text = reached.path, _only(values)
    match operator.name:
        case "contains":
            return say_that.contains(path, text)
        case "lacks":
            return say_that.any_of(say_that.not_(say_that.contains(path, text)), say_that.is_empty(path))
        case "starts" | "within":
            return say_that.starts_with(path, text)
        case "ends":
            return say_that.ends_with(path, text)
        case "is_not":
            return say_that.differs(path, text)
        case _:
            return say_that.equals(path, text)


def _choice(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    chosen = _several(values)
    known = {each.value for each in reached.field.choices}
    if not known.issuperset(chosen):
        raise Refused(say("this choice does not exist any more; choose another"))
    return _one_of(reached.path, chosen, wanted=operator.name == "any_of")


def _one_of(path: str, chosen: tuple[Any, ...], *, wanted: bool) -> Expression:
    if wanted:
        return say_that.is_one_of(path, chosen)
    return say_that.any_of(say_that.not_(say_that.is_one_of(path, chosen)), say_that.is_empty(path))


def _list(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    chosen = _several(tuple(word for each in values for word in each.replace("，", ",").split(",")))
    known = {each.value for each in reached.field.choices}
    if known and not known.issuperset(chosen):
        raise Refused(say("this choice does not exist any more; choose another"))
    return _having(reached.path, operator, chosen)


def _having(path: str, operator: Operator, chosen: tuple[str, ...]) -> Expression:
    if operator.name == "has_all":
        return say_that.has_all(path, chosen)
    found = say_that.has_any(path, chosen)
    if operator.name == "has_any":
        return found
    return say_that.any_of(say_that.not_(found), say_that.is_empty(path))


def _number(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    # A filter may ask beyond the limits of the field: "more than 100 years" is a fair question.
    free = replace(reached.field, minimum=None, maximum=None)
    if operator.name == "between":
        if len(values) != 2:
            raise Refused(say("two numbers are needed here"))
        first, last = sorted(_amount(free, each) for each in values)
        return say_that.between(reached.path, first, last)
    amount = _amount(free, _only(values))
    if operator.name == "equals":
        return say_that.equals(reached.path, amount)
    if operator.name == "differs":
        return say_that.differs(reached.path, amount)
    signs = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
    return Call(signs[operator.name], (say_that.field(reached.path), Literal(amount)))


def _amount(field: Field, text: str) -> Decimal:
    value = accept(field, text)
    if value is None:
        raise Refused(say("a value is needed here"))
    return Decimal(value.amount if isinstance(value, Money) else value)


def _days(reached: Reached, operator: Operator, values: tuple[str, ...], asker: Asker) -> Expression:
    days = days_meant(operator.name, values, asker.reader.today)
    if reached.field.type == "date":
        return _within(reached.path, days.first, days.last)
    # A day of a moment is a day of the reader's: from its first moment to the first of the next day.
    clock = Moment(asker.reader.now.astimezone(asker.reader.zone))
    parts = []
    path = say_that.field(reached.path)
    if days.first is not None:
        parts.append(Call(">=", (path, Literal(_in_calendar(clock.start(days.first))))))
    if days.last is not None:
        parts.append(Call("<", (path, Literal(_in_calendar(clock.end(days.last))))))
    return say_that.all_of(*parts)


_COUNTED: Mapping[str, Callable[[date, int], Days]] = {
    "last": last_days,
    "next": next_days,
    "older": longer_ago,
}


def days_meant(operator: str, values: tuple[str, ...], today: date) -> Days:
    """Return the days a question means on *today*; raise `Refused` for values that are none."""
    if operator in _COUNTED:
        return _COUNTED[operator](today, _count(values))
    if operator == "in":
        if _only(values) not in PERIODS:
            raise Refused(say("choose one of the periods"))
        return PERIODS[_only(values)].days(today)
    if operator == "between":
        if len(values) != 2:
            raise Refused(say("two days are needed here"))
        first, last = sorted(_day(each) for each in values)
        return Days(first=first, last=last)
    return _around(operator, _day(_only(values)))


def _around(operator: str, day: date) -> Days:
    """Return the day itself, or those before or after it."""
    if operator == "on":
        return Days(first=day, last=day)
    if operator == "before":
        return Days(last=day - timedelta(days=1) if day > date.min else day)
    return Days(first=day + timedelta(days=1) if day < date.max else day)


def _day(text: str) -> date:
    day = accept(_DAY, text)
    if not isinstance(day, date):
        raise Refused(say("a value is needed here"))
    return day


def _count(values: tuple[str, ...]) -> int:
    days = number_in(_only(values))
    if days is None or not 1 <= days <= MOST_DAYS:
        raise Refused(say("a number of days from 1 to {most} is needed", most=MOST_DAYS))
    return days


def _within(path: str, first: date | None, last: date | None) -> Expression:
    parts = []
    if first is not None:
        parts.append(Call(">=", (say_that.field(path), Literal(first))))
    if last is not None:
        parts.append(Call("<=", (say_that.field(path), Literal(last))))
    return say_that.all_of(*parts)


def _in_calendar(moment: datetime) -> datetime:
    earliest, latest = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
    return min(max(moment, earliest), latest).astimezone(UTC)


def _flag(reached: Reached, operator: Operator, _: tuple[str, ...], __: Asker) -> Expression:
    return say_that.equals(reached.path, operator.name == "yes")


def _person(reached: Reached, operator: Operator, values: tuple[str, ...], asker: Asker) -> Expression:
    people = tuple(asker.actor.id or 0 if each == ME else _id(each) for each in _several(values))
    return _one_of(reached.path, people, wanted=operator.name == "any_of")


def _link(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    number = _id(_only(values))
    equal = operator.name == "is"
    return say_that.equals(reached.path, number) if equal else say_that.differs(reached.path, number)


def _links(reached: Reached, operator: Operator, values: tuple[str, ...], _: Asker) -> Expression:
    return _having(reached.path, operator, tuple(str(_id(each)) for each in _several(values)))


def _id(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise Refused(say("choose one from the list"))
    return number


_COMPILERS: Mapping[str, Callable[[Reached, Operator, tuple[str, ...], Asker], Expression]] = {
    "text": _text,
    "industry": _text,
    "choice": _choice,
    "choices": _list,
    "words": _list,
    "number": _number,
    "days": _days,
    "flag": _flag,
    "person": _person,
    "link": _link,
    "links": _links,
}
