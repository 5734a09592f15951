"""Check digits of Chinese registration numbers, computed over whole columns."""

import numpy as np
import polars as pl

# GB 32100-2015: 31 signs without I, O, S, V, Z; weights 3^i mod 31, the check sign makes the sum a multiple of 31.
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = np.array([max(CREDIT_SIGNS.find(chr(code)), 0) for code in range(128)])
_WEIGHTS = np.array([*(pow(3, place, 31) for place in range(17)), 1])


def credit_code_fits(codes: pl.Series) -> pl.Series:
    """Tell whether the 18th sign of each code (text of 18 signs of `CREDIT_SIGNS`) is its check sign."""
    signs = codes.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, len(_WEIGHTS))).to_numpy()
    return pl.Series(_VALUES[signs] @ _WEIGHTS % len(CREDIT_SIGNS) == 0)


def registration_number_fits(numbers: pl.Series) -> pl.Series:
    """Tell whether the last of 15 digits is the check digit of GS 15-2006 (ISO 7064, MOD 11,10)."""
    digits = [numbers.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(15)]
    carried = digits[0] * 0 + 10
    for digit in digits[:14]:
        total = (carried + digit) % 10
        carried = total.set(total == 0, 10) * 2 % 11
    return (carried + digits[14]) % 10 == 1
