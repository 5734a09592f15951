"""Check digits of Chinese registration numbers, computed over whole columns."""

import polars as pl

# GB 32100-2015: 31 signs without I, O, S, V, Z; weights 3^i mod 31.
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {sign: number for number, sign in enumerate(CREDIT_SIGNS)}
_WEIGHTS = [pow(3, place, 31) for place in range(17)]


def credit_code_fits(code: pl.Expr) -> pl.Expr:
    """Tell whether the 18th sign of each code (text of 18 signs of `CREDIT_SIGNS`) is its check sign."""
    values = [
        code.str.slice(place, 1).replace_strict(_VALUES, default=0, return_dtype=pl.Int32)
        for place in range(18)
    ]
    total = pl.sum_horizontal(value * weight for value, weight in zip(values[:17], _WEIGHTS, strict=True))
    return (31 - total % 31) % 31 == values[17]


def registration_number_fits(numbers: pl.Series) -> pl.Series:
    """Tell whether the last of 15 digits is the check digit of GS 15-2006 (ISO 7064, MOD 11,10)."""
    digits = [numbers.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(15)]
    carried = digits[0] * 0 + 10
    for digit in digits[:14]:
        total = (carried + digit) % 10
        carried = total.set(total == 0, 10) * 2 % 11
    return (carried + digits[14]) % 10 == 1
