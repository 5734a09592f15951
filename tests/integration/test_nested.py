"""Lists of objects inside cells become a table whose rows know the row they came from."""

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from guanxi.integration.mapping import suggest
from guanxi.integration.nested import LINE_KEY, PARENT_KEY, linked, with_nested
from guanxi.integration.sources.base import ReadReceipt, TableReceipt
from guanxi.metadata.catalog import catalog_of
from guanxi.packs.loading import shipped_packs

CATALOG = catalog_of(1, [each for pack in shipped_packs() for each in pack.objects])


def receipt(folder, frame: pl.DataFrame) -> ReadReceipt:
    path = folder / "orders.parquet"
    frame.write_parquet(path)
    columns = tuple(name for name in frame.columns if name != "_row")
    table = TableReceipt(
        name="orders",
        path=str(path),
        columns=columns,
        rows_seen=frame.height,
        rows=frame.height,
        quarantined=0,
        blank=0,
        sha256="",
    )
    return ReadReceipt(kind="rest", tables=(table,), quarantine_path="", quarantined=0)


def orders(*items: str | None) -> pl.DataFrame:
    numbers = [f"A{place}" for place in range(len(items))]
    return pl.DataFrame(
        {"_row": range(1, len(items) + 1), "order_no": numbers, "items": items},
        schema={"_row": pl.Int64, "order_no": pl.String, "items": pl.String},
    )


def test_each_object_is_a_row_with_the_key_of_its_order_and_its_place(tmp_path):
    items = json.dumps([{"name": "泵", "price": 3}, {"name": "阀", "price": 5, "box": {"size": 2}}])
    _, lines = with_nested(receipt(tmp_path, orders(items, None)), tmp_path).tables
    assert (lines.name, lines.rows, lines.rows_seen) == ("orders.items", 2, 2)
    assert pl.read_parquet(lines.path).to_dicts() == [
        {"_row": 1, PARENT_KEY: "A0", LINE_KEY: "A0/1", "name": "泵", "price": "3", "box.size": None},
        {"_row": 2, PARENT_KEY: "A0", LINE_KEY: "A0/2", "name": "阀", "price": "5", "box.size": "2"},
    ]


def test_cells_that_are_no_lists_of_objects_stay_cells(tmp_path):
    for text in ("[1, 2]", "[{broken", '{"name": 1}', "[]", '[{"a": 1}, 2]'):
        assert len(with_nested(receipt(tmp_path, orders(text)), tmp_path).tables) == 1


def test_without_a_column_that_tells_rows_apart_nothing_is_taken_out(tmp_path):
    frame = orders('[{"a": 1}]', '[{"a": 1}]').with_columns(order_no=pl.lit("same"))
    assert len(with_nested(receipt(tmp_path, frame), tmp_path).tables) == 1


def test_the_lines_are_linked_to_their_orders():
    parent = suggest("orders", {"order_no": ["A1", "A2"], "total": ["3", "4"]}, CATALOG)
    columns = {PARENT_KEY: ["A1"], LINE_KEY: ["A1/1"], "name": ["泵"], "quantity": ["2"], "price": ["3"]}
    mapping = linked(suggest("orders.items", columns, CATALOG), {"orders": parent}, CATALOG)
    assert (mapping.main, mapping.key) == ("order_line", LINE_KEY)
    targets = {each.column: each.target for each in mapping.columns}
    assert targets == {
        PARENT_KEY: "order_line.order",
        LINE_KEY: "",
        "name": "order_line.product",
        "quantity": "order_line.quantity",
        "price": "order_line.unit_price",
    }


def test_another_mapping_is_left_as_it_is():
    mapping = suggest("orders", {"order_no": ["A1"], "parent_key": ["x"]}, CATALOG)
    assert linked(mapping, {"other": mapping}, CATALOG) == mapping


@settings(max_examples=40)
@given(some.lists(some.lists(some.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_object_is_lost(tmp_path_factory, orders_of):
    folder = tmp_path_factory.mktemp("nested")
    items = [json.dumps([{"value": each} for each in one]) for one in orders_of]
    lines = with_nested(receipt(folder, orders(*items)), folder).tables[1]
    found = pl.read_parquet(lines.path).group_by(PARENT_KEY, maintain_order=True).agg("value")
    assert found["value"].to_list() == [[str(each) for each in one] for one in orders_of]
