"""Chinese numerals."""

import pytest

from guanxi.integration.standards.numerals import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("一百零五", 105), ("一百五", 150),
        ("一千零一十", 1010), ("两千", 2000), ("三万五", 35_000), ("三万零五", 30_005),
        ("一百二十万", 1_200_000),
        ("一亿两千万", 120_000_000), ("一万亿", 10**12), ("壹万贰仟叁佰肆拾伍", 12_345), ("二〇二四", 2024),
        ("五二0", 520), ("12", 12), ("第一", None), ("", None),
    ],
)  # fmt: skip
def test_numerals_are_read_by_place_or_digit_by_digit(text, number):
    assert whole_number(text) == number
