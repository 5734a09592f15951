"""How well the values of a column agree with a field: -1 (cannot be) to 1 (just so), 0 says nothing."""

from collections.abc import Callable, Mapping

from guanxi.integration.mapping.detectors import Look
from guanxi.metadata.objects import Field

_ENOUGH = 0.5  # real columns are dirty: half of the values speaking clearly is a clear word


def fit(field: Field, part: str, look: Look, *, is_number: bool = False) -> float:
    """Return how well samples agree with *field*; *is_number* for the field people quote a record by."""
    if not look.filled:
        return 0.0
    if part:
        return _PARTS.get(part, _free)(look)
    if is_number:
        return _code(look)
    return _TYPES.get(field.type, _free)(look)


def _expects(*kinds: str) -> Callable[[Look], float]:
    def judge(look: Look) -> float:
        share = look.share(*kinds)
        return 1.0 if share >= _ENOUGH else 2 * share / _ENOUGH - 1

    return judge


def _phone(look: Look) -> float:
    """Mobiles are telephones too, but a field for mobiles has the first claim to them."""
    if look.share("landline") >= 0.3:
        return 1.0
    return 0.1 if look.share("mobile") + look.share("landline") >= _ENOUGH else -1.0


def _company(look: Look) -> float:
    if look.share("company") >= 0.3:
        return 1.0
    return 0.2 if _is_words(look) and look.mean_length <= 40 else -1.0


def _person(look: Look) -> float:
    if look.share("person") >= _ENOUGH:
        return 1.0
    return 0.0 if _is_words(look) and look.mean_length <= 12 and look.share("company") < 0.3 else -1.0


def _piece_of_name(look: Look) -> float:
    return 0.5 if _is_words(look) and look.mean_length <= 15 else -1.0


def _address(look: Look) -> float:
    if look.share("address") >= _ENOUGH:
        return 1.0
    return -0.5 if look.share("province", "number", "date", "mobile", "email") >= _ENOUGH else 0.0


def _place(kind: str) -> Callable[[Look], float]:
    def judge(look: Look) -> float:
        if look.share(kind) >= _ENOUGH:
            return 1.0
        return 0.3 if _is_words(look) and look.mean_length <= 25 else -1.0

    return judge


def _category(look: Look) -> float:
    if look.share("date", "email", "mobile", "company") >= _ENOUGH or look.mean_length > 20:
        return -1.0
    return 0.6 if look.repeats else 0.0


def _code(look: Look) -> float:
    if look.share("code", "whole") >= _ENOUGH and look.share("mobile", "date") < _ENOUGH:
        return 1.0
    return -1.0 if look.share("company", "person", "email", "date", "mobile", "address") >= 0.3 else 0.0


def _link(look: Look) -> float:
    return 1.0 if look.share("whole") >= _ENOUGH else -0.6


def _user(look: Look) -> float:
    return (
        1.0
        if look.share("person") >= _ENOUGH
        else -0.5
        if look.share("company", "number") >= _ENOUGH
        else 0.0
    )


def _short_text(look: Look) -> float:
    if look.mean_length > 40 or look.share("date", "email", "structure") >= _ENOUGH:
        return -1.0
    return 0.4 if _is_words(look) else 0.0


def _free(look: Look) -> float:
    return -0.5 if look.share("structure", "date") >= _ENOUGH else 0.4


def _is_words(look: Look) -> bool:
    return look.share("number", "date", "email", "mobile", "landline", "code", "structure", "url") < _ENOUGH


_TYPES: Mapping[str, Callable[[Look], float]] = {
    "mobile": _expects("mobile"),
    "phone": _phone,
    "email": _expects("email"),
    "url": _expects("url"),
    "credit_code": _expects("credit_code"),
    "date": _expects("date"),
    "date_time": _expects("date"),
    "money": _expects("number", "money"),
    "decimal": _expects("number"),
    "whole_number": _expects("number"),
    "percent": _expects("percent", "number"),
    "checkbox": _expects("yes_no", "whole"),
    "company_name": _company,
    "person_name": _person,
    "address": _address,
    "single_select": _category,
    "multi_select": _category,
    "industry": _category,
    "auto_number": _code,
    "lookup": _link,
    "user": _user,
    "text": _short_text,
}

_PARTS: Mapping[str, Callable[[Look], float]] = {
    "family": _piece_of_name,
    "given": _piece_of_name,
    "province": _place("province"),
    "city": _place("city"),
    "district": _place("district"),
}

DISTINCTIVE: Mapping[str, str] = {
    "email": "email",
    "credit_code": "credit_code",
    "mobile": "mobile",
    "company": "company_name",
    "address": "address",
    "url": "url",
}
"""Kinds of values that name their type of field even under a header that says nothing."""
