"""Chinese numerals read as whole numbers: 二十三, 一百零五, 五二〇, 壹万贰仟."""

_ONES = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "○": 0,
    "貳": 2,
    "參": 3,
    "陸": 6,
    "弍": 2,
    "叄": 3,
    **{str(n): n for n in range(10)},
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def whole_number(text: str) -> int | None:
    """Return the number that *text* spells, or None when it holds another character."""
    if not text or any(sign not in _ONES and sign not in _TENS and sign not in _MYRIADS for sign in text):
        return None
    if all(sign in _ONES for sign in text):
        return int("".join(str(_ONES[sign]) for sign in text))
    return _by_place(text)


def _by_place(text: str) -> int:
    """Add up hundreds, tens and ones; 万 and 亿 multiply what was collected before them; 三万五 is 35,000."""
    total = section = digit = unit = 0
    for sign in text:
        if sign in _ONES:
            digit = digit * 10 + _ONES[sign] if sign.isascii() else _ONES[sign]
            unit = 0 if _ONES[sign] == 0 else unit
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit, unit = 0, _TENS[sign]
        else:
            total = (
                (total + section + digit) * 10**8
                if _MYRIADS[sign] == 10**8
                else total + (section + digit) * 10**4
            )
            section, digit, unit = 0, 0, _MYRIADS[sign]
    return total + section + digit * max(unit // 10, 1)
