"""Laws of what people are told."""

from datetime import timedelta

import pytest

from guanxi.identity import company, notices, sessions
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.text import say
from guanxi.store.transactions import Store

HOUR = timedelta(hours=1)


def test_a_notice_reaches_each_person_once_and_comes_back_as_it_was_said(store: Store, reader, steward):
    message = say("{run} is finished: {number} customers", run="夜间", number=12)
    with store.transaction("test") as tx:
        notices.notify(tx, [reader.id, reader.id], message, "/runs/1", kind="run_finished")
        (told,) = notices.latest(tx, reader)
        assert (told.message, told.address, told.is_unread) == (message, "/runs/1", True)
        assert notices.latest(tx, steward) == ()


def test_a_browser_knows_how_much_its_person_has_not_read(store: Store, reader, administrator):
    with store.transaction("test") as tx:
        token = sessions.begin(tx, reader.id)
        for number in range(3):
            notices.notify(tx, [reader.id], say("{n}", n=number), f"/o/gap/{number}", kind="gaps")
        company.name_company(tx, administrator, " 云帆  机械 ")
    with store.transaction("test") as tx:
        found = sessions.find(tx, token, idle=HOUR)
        assert found is not None
        assert (found.unread, found.company) == (3, "云帆 机械")
        newest = notices.latest(tx, reader, limit=1)[0]
        assert notices.open_notice(tx, reader, newest.id) == "/o/gap/2"
    with store.transaction("test") as tx:
        assert sessions.find(tx, token, idle=HOUR).unread == 2
        notices.read_all(tx, reader)
    with store.transaction("test") as tx:
        assert sessions.find(tx, token, idle=HOUR).unread == 0


def test_nobody_opens_the_notice_of_another_person(store: Store, reader, steward):
    with store.transaction("test") as tx:
        notices.notify(tx, [reader.id], say("secret"), "/", kind="bulk")
        number = notices.latest(tx, reader)[0].id
        with pytest.raises(NotFound):
            notices.open_notice(tx, steward, number)


def test_the_people_of_a_department_are_those_who_work_there_in_a_role(store: Store, reader, steward):
    with store.transaction("test") as tx:
        assert notices.people_of(tx, "销售部") == (reader.id,)
        assert notices.people_of(tx, "销售部", holding=("steward",)) == ()
        assert notices.people_with(tx, ("steward",)) == (steward.id,)


def test_only_an_administrator_names_the_company(store: Store, reader, administrator):
    with store.transaction("test") as tx:
        with pytest.raises(NotAllowed):
            company.name_company(tx, reader, "Ours")
        with pytest.raises(Invalid):
            company.name_company(tx, administrator, "x" * 101)
        assert company.company_name(tx) == ""
