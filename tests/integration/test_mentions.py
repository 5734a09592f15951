"""Who the rows of a table speak of, what belongs to them, and which row follows which."""

from collections.abc import Mapping, Sequence

import polars as pl

from guanxi.integration import belongings, intake, mentions
from guanxi.integration.belongings import belongings_of
from guanxi.integration.mapping import suggest
from guanxi.integration.mentions import mentions_of
from guanxi.integration.standardise import standardise
from guanxi.metadata.catalog import catalog_of
from guanxi.packs.loading import shipped_packs

CATALOG = catalog_of(1, [each for pack in shipped_packs() for each in pack.objects])
ACCOUNT = {
    "id": ["1", "2"],
    "cust_name": ["杭州青禾机械有限公司", "宁波远帆包装有限公司"],
    "mobile": ["13900010001", None],
}
ORDERS = {
    "id": ["7", "8"],
    "order_no": ["A7", "A8"],
    "account_id": ["2", "99"],
    "ordered": ["2026-01-05", "2026-01-06"],
    "amount": ["100", "200"],
}
LINES = {"id": ["70", "71"], "order_id": ["7", "7"], "product": ["泵", "阀"], "quantity": ["1", "2"]}


def brought(name: str, columns: Mapping[str, Sequence[str | None]], source: str = "crm"):
    """Return what a table says: changes, mentions and belongings."""
    raw = pl.DataFrame({"_row": list(range(1, len(next(iter(columns.values()))) + 1)), **columns})
    mapping = suggest(name, {key: list(values) for key, values in columns.items()}, CATALOG, source=source)
    done = standardise(raw, mapping, CATALOG, {}, source=source)
    keys = raw[mapping.key] if mapping.key else None
    named = mentions_of(done.frame, mapping, CATALOG, source=source, keys=keys)
    return done.changes, named, belongings_of(done.frame, mapping, CATALOG, source=source, keys=keys)


def test_rows_that_say_the_same_are_one_mention_and_keep_their_own_place():
    desk = {
        "工单号": ["G1", "G2", "G3"],
        "客户": ["甲乙食品", "甲乙食品", "丙丁食品"],
        "来电号码": ["13900010001"] * 3,
    }
    _, named, _ = brought("工单", desk)
    assert named.mentions.select("name", "rows", "row").rows() == [("甲乙食品", 2, 1), ("丙丁食品", 1, 3)]
    assert named.rows["key"].n_unique() == 2
    assert named.rows["row"].to_list() == [1, 2, 3]


def test_a_mention_is_known_by_its_number_even_when_what_it_says_changes():
    before = brought("account", ACCOUNT)[1].mentions
    after = brought("account", {**ACCOUNT, "mobile": ["13900010009", "13900010008"]})[1].mentions
    assert before["key"].to_list() == after["key"].to_list()


def test_a_row_that_holds_only_a_number_follows_the_row_with_that_number():
    found = mentions.gather([brought("account", ACCOUNT)[1], brought("order_head", ORDERS)[1]])
    whom = {(row["table"], row["row"]): row["mention"] for row in found.rows.to_dicts()}
    names = dict(found.mentions.select("id", "name").iter_rows())
    assert names[whom["order_head", 1]] == "宁波远帆包装有限公司"
    assert whom["order_head", 2] is None


def test_lines_name_their_order_by_the_word_its_source_knows_it_by():
    found = belongings.gather([brought("order_head", ORDERS)[2], brought("order_line", LINES)[2]])
    assert found["order"].select("key", "names").rows() == [("A7", ["7", "A7"]), ("A8", ["8", "A8"])]
    assert found["order_line"]["order__reference"].to_list() == ["7", "7"]


def test_a_name_that_names_nobody_makes_no_mention_but_is_told():
    desk = {"工单号": ["G1", "G2"], "客户": ["未留名", "甲乙食品"], "来电号码": [None, "13900010001"]}
    changes, named, _ = brought("工单", desk)
    assert named.mentions["name"].to_list() == ["甲乙食品"]
    assert changes.filter(pl.col("reason") == "name_of_nobody")["row"].to_list() == [1]


def test_what_mapping_tidied_before_it_was_judged_is_told():
    blanks = {**ACCOUNT, "cust_name": ["\u3000杭州青禾机械有限公司 ", "宁波远帆包装有限公司"]}
    changes, named, _ = brought("account", blanks)
    told = changes.filter(pl.col("target") == "customer.name").select("row", "verdict", "reason", "after")
    assert told.rows() == [(1, "changed", "spelling", "杭州青禾机械有限公司")]
    assert named.mentions["name"].to_list() == ["杭州青禾机械有限公司", "宁波远帆包装有限公司"]


def test_a_cell_has_at_most_one_line_of_changes():
    changes, _, _ = brought(
        "order_head", {**ORDERS, "amount": ["-5元", "待定"], "ordered": ["26/1/5", "2026-02-30"]}
    )
    assert not changes.select(pl.struct("row", "target").is_duplicated().any()).item()


def test_a_mention_knows_when_its_row_was_changed_where_a_column_says_so():
    whole = {**ACCOUNT, "更新时间": ["2026/3/5 9:30", "昨天"]}
    raw = pl.DataFrame({"_row": [1, 2], **whole})
    mapping = suggest("account", {key: list(values) for key, values in whole.items()}, CATALOG, source="crm")
    assert mapping.changed_at == "更新时间"
    assert intake.changed_in(raw, mapping).to_list() == ["2026-03-05 09:30:00", None]
    done = standardise(raw, mapping, CATALOG, {}, source="crm")
    changed = intake.changed_in(raw, mapping)
    named = mentions_of(done.frame, mapping, CATALOG, source="crm", keys=raw["id"], changed=changed)
    assert named.mentions["changed_on"].to_list() == ["2026-03-05 09:30:00", None]


def test_a_row_is_known_by_its_key_first_and_by_every_other_name_of_its_source_once():
    rows = pl.DataFrame(
        {"id": [1, 2], "source": "crm", "key": ["people/5", "6"], "names": [["5"], ["6", "C6"]]}
    )
    assert belongings.names_of(rows).rows() == [
        (1, "crm", "people/5"),
        (2, "crm", "6"),
        (1, "crm", "5"),
        (2, "crm", "C6"),
    ]
