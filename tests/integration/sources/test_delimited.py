import gzip
import random
from pathlib import Path

import opencc
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.sources import SOURCE_KINDS, ReadReceipt, kind_for, receipt_from_json
from guanxi.integration.sources import delimited as delimited_module
from guanxi.kernel.errors import Invalid, Refused

HEADER = "客户编号,单位名称,联系电话"
ROWS = ["C1,上海华东机械有限公司,13800138000", "C2,北京远大科技股份公司,021-55667788"]


def read(content: bytes, folder: Path, **options) -> ReadReceipt:
    path = folder / "source.csv"
    path.write_bytes(content)
    kind = SOURCE_KINDS["delimited"]
    return kind.read(kind.options({"path": str(path), **options}), folder / "read")


def table(receipt: ReadReceipt) -> pl.DataFrame:
    return pl.read_parquet(receipt.tables[0].path)


def quarantine(receipt: ReadReceipt) -> list[dict]:
    return pl.read_parquet(receipt.quarantine_path).to_dicts()


def remarks(receipt: ReadReceipt) -> str:
    return " / ".join(map(str, receipt.tables[0].remarks))


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_simplified_chinese_is_understood_in_every_usual_encoding(tmp_path, encoding, name):
    content = "\r\n".join([HEADER, *ROWS]) + "\r\n"
    receipt = read(content.encode(encoding), tmp_path)
    assert receipt.tables[0].encoding == name
    assert table(receipt).rows() == [
        (2, "C1", "上海华东机械有限公司", "13800138000"),
        (3, "C2", "北京远大科技股份公司", "021-55667788"),
    ]


def test_traditional_chinese_in_big5_is_told_from_gbk(tmp_path):
    content = (
        "編號,公司名稱,地址\n1,臺灣積體電路製造股份有限公司,新竹市力行六路\n2,鴻海精密工業,新北市土城區\n"
    )
    receipt = read(content.encode("big5"), tmp_path)
    assert receipt.tables[0].encoding == "big5"
    assert table(receipt)["公司名稱"].to_list() == ["臺灣積體電路製造股份有限公司", "鴻海精密工業"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, delimiter):
    content = "\n".join(line.replace(",", delimiter) for line in [HEADER, *ROWS])
    receipt = read(content.encode(), tmp_path)
    assert receipt.tables[0].delimiter == delimiter
    assert table(receipt).height == 2


def test_title_rows_above_the_header_are_passed_over(tmp_path):
    content = "2024年华东区客户台账\n导出时间:2024-05-01\n\n" + "\n".join([HEADER, *ROWS])
    receipt = read(content.encode(), tmp_path)
    assert receipt.tables[0].header_row == 4
    assert table(receipt)["_row"].to_list() == [5, 6]


def test_a_file_without_header_gets_numbered_columns_and_loses_no_row(tmp_path):
    receipt = read(b"C1,13800138000,2024-01-05\nC2,13900139000,2024-02-05\n", tmp_path)
    assert receipt.tables[0].columns == ("column 1", "column 2", "column 3")
    assert receipt.tables[0].rows == 2
    assert "no row names the columns" in remarks(receipt)


def test_line_numbers_stay_right_after_quoted_line_breaks(tmp_path):
    content = 'id,name,note\n1,甲,"line one\r\nline two"\n2,乙,"a ""quoted"" word"\n'
    receipt = read(content.encode(), tmp_path)
    assert table(receipt).rows() == [
        (2, "1", "甲", "line one\r\nline two"),
        (4, "2", "乙", 'a "quoted" word'),
    ]


def test_short_rows_are_padded_and_counted_and_long_rows_are_set_aside(tmp_path):
    receipt = read(b"id,name,phone\n1,a\n2,b,3,4\n\n3,c,5,,\n4,d,6\n", tmp_path)
    assert table(receipt).rows() == [(2, "1", "a", None), (5, "3", "c", "5"), (6, "4", "d", "6")]
    assert quarantine(receipt) == [
        {"table": "source", "row": 3, "text": "2,b,3,4", "reason": "too_many_fields"}
    ]
    assert receipt.tables[0].blank == 1
    assert "1 row ends early" in remarks(receipt)


def test_bytes_that_break_in_the_middle_are_named_by_line_and_byte_and_cost_one_row(tmp_path):
    good = "1,上海\n".encode()
    receipt = read(b"id,name\n" + good * 50 + b"2,\xff\xfe\n" + good * 50, tmp_path)
    assert table(receipt).height == 100
    assert [(row["row"], row["reason"]) for row in quarantine(receipt)] == [(52, "undecodable")]
    assert f"line 52, byte {8 + 50 * len(good) + 2}" in remarks(receipt)


def test_broken_bytes_in_gbk_cost_one_row(tmp_path):
    good = "1,上海市浦东新区有限公司\n".encode("gbk")
    receipt = read(b"id,name\n" + good * 20 + b"2,\x81\n" + good * 20, tmp_path)
    assert receipt.tables[0].encoding == "gb18030"
    assert table(receipt).height == 40
    assert quarantine(receipt)[0]["row"] == 22


def test_a_half_written_last_line_says_where_the_file_breaks_and_keeps_the_rest(tmp_path):
    receipt = read(b'id,name,note\n1,a,x\n2,"b",y\n3,c,"half of a no', tmp_path)
    assert table(receipt)["id"].to_list() == ["1", "2"]
    assert quarantine(receipt)[0]["reason"] == "unterminated_quote"
    assert "opened in line 4" in remarks(receipt)


def test_a_last_line_cut_off_in_the_middle_is_kept_and_told(tmp_path):
    receipt = read(b"id,name,note\n1,a,x\n2,b", tmp_path)
    assert table(receipt).rows()[-1] == (3, "2", "b", None)
    assert "may be cut off" in remarks(receipt)
    assert "cut off" not in remarks(read(b"id,name,note\n1,a\n2,b,c", tmp_path))


def test_one_stray_quotation_mark_costs_one_row_and_not_the_rest_of_the_file(tmp_path):
    lines = [f"{number},name,note" for number in range(2000)]
    lines[3] = '3,"name,note'
    receipt = read(("id,name,note\n" + "\n".join(lines)).encode(), tmp_path)
    assert receipt.tables[0].rows == 1999
    assert [row["row"] for row in quarantine(receipt)] == [5]


def test_destroyed_text_is_set_aside_with_its_reason(tmp_path):
    receipt = read("id,name\n1,上海\n2,上\ufffd\ufffd\n3,北京\n".encode(), tmp_path)
    assert table(receipt)["id"].to_list() == ["1", "3"]
    assert quarantine(receipt)[0]["reason"] == "damaged_text"


def test_old_line_ends_of_one_carriage_return_are_understood(tmp_path):
    receipt = read(b"id,name\r1,a\r2,b\r", tmp_path)
    assert table(receipt).rows() == [(2, "1", "a"), (3, "2", "b")]


def test_columns_without_or_with_repeated_names_become_unique(tmp_path):
    receipt = read("电话,电话,,电话 (2),_row\na,b,c,d,e\n".encode(), tmp_path, header_row=1)
    assert receipt.tables[0].columns == ("电话", "电话 (2)", "column 3", "电话 (2) (2)", "_row (2)")


def test_options_are_judged_completely():
    with pytest.raises(Invalid) as problems:
        SOURCE_KINDS["delimited"].options({"delimeter": ";", "max_columns": "many"})
    assert {problem.field for problem in problems.value.problems} == {"delimeter", "max_columns", "path"}
    assert "delimiter" in str(problems.value)
    with pytest.raises(Invalid) as problems:
        SOURCE_KINDS["delimited"].options({"path": "x", "delimiter": "::", "encoding": "klingon"})
    assert len(problems.value.problems) == 2


def test_a_header_line_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="no line 9"):
        read(b"id,name\n1,a\n", tmp_path, header_row=9)


def test_a_look_shows_columns_and_first_rows_without_reading(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("\n".join([HEADER, *ROWS]).encode("gbk"))
    kind = SOURCE_KINDS[kind_for(path)]
    (outline,) = kind.inspect(kind.options({"path": str(path)}))
    assert outline.columns == ("客户编号", "单位名称", "联系电话")
    assert outline.first_rows[0] == ("C1", "上海华东机械有限公司", "13800138000")
    assert outline.encoding_confidence > 0.6


def test_a_receipt_survives_json(tmp_path):
    receipt = read(b"id,name\n1,a,b\n2\n", tmp_path)
    assert receipt_from_json(receipt.to_json()) == receipt


def test_blocks_without_quotation_marks_keep_line_numbers_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited_module, "_FAST_BLOCK_BYTES", 64)
    lines = [f"{number},名{number}" for number in range(300)]
    lines[150] = "150"
    lines[200] = "1,2,3"
    receipt = read(("id,name\n" + "\n".join(lines)).encode(), tmp_path)
    frame = table(receipt)
    assert frame["_row"].to_list() == [number + 2 for number in range(300) if number != 200]
    assert quarantine(receipt)[0]["row"] == 202


FIELD = st.text(alphabet='ab ,"\n\r\0汉𠮷\ufffd9;', max_size=5)


@settings(max_examples=150)
@given(
    st.lists(st.lists(FIELD, max_size=4), max_size=12), st.sampled_from(["utf-8", "gb18030"]), st.booleans()
)
def test_every_row_is_in_the_table_or_in_quarantine_or_blank(tmp_path_factory, rows, encoding, is_bare):
    lines = (
        [",".join(row) for row in rows]
        if is_bare
        else [",".join(f'"{cell}"' for cell in row) for row in rows]
    )
    content = ("id,name,phone\n" + "\n".join(lines)).encode(encoding)
    receipt = read(content, tmp_path_factory.mktemp("law"), header_row=1)
    one = receipt.tables[0]
    assert one.rows_seen == one.rows + one.quarantined + one.blank
    assert one.rows == table(receipt).height
    assert one.quarantined == receipt.quarantined == len(quarantine(receipt))
    numbers = sorted(table(receipt)["_row"].to_list() + [row["row"] for row in quarantine(receipt)])
    assert len(set(numbers)) == len(numbers)


PLAIN = st.text(alphabet="ab \u3000x汉𠮷9-\t", max_size=4)


@settings(max_examples=120)
@given(
    st.lists(st.lists(PLAIN, min_size=1, max_size=5), max_size=15),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_the_short_way_and_the_exact_way_read_the_same(tmp_path_factory, rows, line_break, with_end):
    text = line_break.join(["id,name,phone", *(",".join(row) for row in rows)]) + (
        line_break if with_end else ""
    )
    folder = tmp_path_factory.mktemp("ways")
    short = read(text.encode(), folder, header_row=1, delimiter=",")
    quoted = text.replace("id", '"id"', 1)  # one quotation mark sends the file the exact way
    short_rows, short_bad = table(short).rows(), [row["row"] for row in quarantine(short)]
    again = read(quoted.encode(), folder, header_row=1, delimiter=",")
    assert table(again).rows() == short_rows
    assert [row["row"] for row in quarantine(again)] == short_bad
    assert again.tables[0].blank == short.tables[0].blank


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.text(alphabet='ab,"\n 汉;|', max_size=6), min_size=3, max_size=3), min_size=1, max_size=8
    )
)
def test_well_written_rows_come_back_exactly(tmp_path_factory, rows):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    receipt = read(
        ("id,name,phone\n" + "\n".join(lines) + "\n").encode(),
        tmp_path_factory.mktemp("exact"),
        header_row=1,
        delimiter=",",
    )
    wanted = [tuple(cell or None for cell in row) for row in rows if any(cell.strip() for cell in row)]
    assert table(receipt).select("id", "name", "phone").rows() == wanted


def test_the_encoding_of_real_company_names_is_told_right(shared_data, tmp_path):
    with gzip.open(shared_data / "registry" / "companies.csv.gz", "rt", encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if "\ufffd" not in line]
    random.Random(5).shuffle(lines)
    traditional = opencc.OpenCC("s2t")
    kind = SOURCE_KINDS["delimited"]
    path = tmp_path / "names.csv"
    for size in (5, 100, 1000):
        for start in range(0, 5000, 1000):
            text = "name,address,scope\n" + "\n".join(lines[start : start + size])
            for codec, wanted, given_text in (
                ("gb18030", "gb18030", text),
                ("utf-8", "utf-8", text),
                ("big5", "big5", traditional.convert(text)),
            ):
                path.write_bytes(given_text.encode(codec, errors="ignore"))
                assert kind.inspect(kind.options({"path": str(path)}))[0].encoding == wanted
