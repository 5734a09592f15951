"""Laws of the tree of errors: who is to act is told by the kind, what to do by the sentence."""

import pickle

import pytest

from guanxi.kernel.errors import (
    Conflict,
    Failed,
    GuanxiError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Terminal,
    Transient,
    UnknownName,
)
from guanxi.kernel.text import say


@pytest.mark.parametrize("kind", [Invalid, UnknownName, NotFound, NotAllowed, Conflict])
def test_what_a_person_can_act_on_is_refused_and_no_failure(kind):
    assert issubclass(kind, Refused)
    assert not issubclass(kind, Failed)


@pytest.mark.parametrize("kind", [Transient, Terminal])
def test_what_is_ours_failed_and_is_no_refusal(kind):
    assert issubclass(kind, Failed)
    assert issubclass(kind, GuanxiError)
    assert not issubclass(kind, Refused)


def test_every_problem_is_told_with_its_field():
    problems = (Problem("mobile", say("it has 11 digits")), Problem(None, say("nothing was given")))
    error = Invalid(iter(problems))
    assert error.problems == problems
    assert str(error) == "mobile: it has 11 digits; nothing was given"


def test_braces_in_what_a_person_typed_are_no_places():
    error = Invalid([Problem("name", say("{value} is too long", value="{name} {0} {}"))])
    assert str(error) == "name: {name} {0} {} is too long"


def test_an_unknown_name_lists_the_known_ones_in_order():
    error = UnknownName("field type", "e-mail", {"whole_number", "email"})
    assert str(error) == "unknown field type 'e-mail'; known: email, whole_number"
    assert (error.kind, error.name, error.known) == ("field type", "e-mail", ("email", "whole_number"))


def test_a_conflict_keeps_both_values_and_nobody_changes_them():
    error = Conflict(say("somebody was quicker"), {"level": ("A", "B")})
    assert error.differences == {"level": ("A", "B")}
    with pytest.raises(TypeError):
        error.differences["level"] = ("C", "C")
    assert not Conflict(say("somebody was quicker")).differences


def test_the_message_stays_a_message_so_that_it_can_be_translated_where_it_is_read():
    message = say("there is no run {run}", run="r1")
    assert NotFound(message).message is message
    assert str(NotFound(message)) == "there is no run r1"


def test_an_error_is_not_made_to_travel_by_pickle():
    # Values of messages are read-only views, so durable work writes errors down in a form of its own.
    with pytest.raises(TypeError):
        pickle.dumps(say("there is no run {run}", run="r1"))
