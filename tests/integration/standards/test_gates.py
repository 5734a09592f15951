"""What the standards reach on real data; the data is outside the repository."""

from pathlib import Path

import polars as pl
import pytest

from guanxi.integration.standards import STANDARDS
from guanxi.integration.standards.check_digits import CREDIT_SIGNS
from guanxi.integration.standards.tables.moves import stem

PARTS = {"prov": ("province", 0.995), "city": ("city", 0.98), "district": ("district", 0.935)}


def labelled(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Return each address with the first province, city and district labelled in it."""
    found = []
    for block in path.read_text("utf-8").strip().split("\n\n"):
        marks = [line.rsplit(" ", 1) for line in block.split("\n")]
        spans: dict[str, str] = {}
        open_label = ""
        for sign, mark in marks:
            start, _, label = mark.partition("-")
            if start == "B":
                open_label = "" if label in spans else label
            if open_label == label:
                spans[label] = spans.get(label, "") + sign
        found.append(("".join(sign for sign, _ in marks), spans))
    return found


def agrees(label: str, value: str | None) -> bool:
    """Tell whether a labelled name and a value mean one place: 杭州 and 杭州市, 奉化市 and 奉化区."""
    return value is not None and (stem(label) == stem(value) or label in value or value in label)


@pytest.mark.parametrize("file", ["dev.txt", "train.txt"])
def test_addresses_are_read_as_people_label_them(shared_data, file):
    rows = labelled(shared_data / "addresses" / file)
    values = STANDARDS["address"].apply(pl.Series([text for text, _ in rows]))["value"].to_list()
    for label, (part, gate) in PARTS.items():
        judged = [
            agrees(spans[label], value[part])
            for (_, spans), value in zip(rows, values, strict=True)
            if label in spans
        ]
        assert len(judged) > 1000
        assert sum(judged) / len(judged) >= gate, part


@pytest.fixture(scope="module")
def codes(shared_data) -> pl.Series:
    return pl.read_csv(shared_data / "registry" / "companies.csv.gz", infer_schema=False)["uscc"]


def test_credit_codes_of_the_register_are_accepted_and_old_numbers_routed(codes):
    judged = STANDARDS["credit_code"].apply(codes)
    long = judged.filter(codes.str.len_chars() == 18)
    accepted = long["verdict"].is_in(["kept", "changed"]).mean()
    assert accepted >= 0.995
    old = judged.filter(codes.str.len_chars() == 15)
    assert set(old["reason"]) == {"old_registration_number"}
    routed = STANDARDS["registration_number"].apply(old["note"])
    assert routed["value"].to_list() == codes.filter(codes.str.len_chars() == 15).to_list()


def test_every_change_of_a_single_sign_of_a_credit_code_is_refused(codes):
    sample = codes.filter(codes.str.len_chars() == 18).str.to_uppercase().sample(40, seed=7).to_list()
    wrong = [
        code[:place] + sign + code[place + 1 :]
        for code in sample
        for place in range(18)
        for sign in CREDIT_SIGNS
        if sign != code[place]
    ]
    assert len(wrong) == 40 * 18 * 30
    assert set(STANDARDS["credit_code"].apply(pl.Series(wrong))["verdict"]) == {"rejected"}


def test_money_of_the_register_is_read_in_all_its_spellings(shared_data):
    capital = pl.read_csv(shared_data / "registry" / "companies.csv.gz", infer_schema=False)[
        "capital"
    ].drop_nulls()
    judged = STANDARDS["money"].apply(capital)
    read = judged["verdict"].is_in(["kept", "changed"]).mean()
    assert read >= 0.999
