"""Texts by their sound, for typing errors of input methods: 华联 and 华莲 sound the same."""

import polars as pl
from pypinyin import lazy_pinyin


def in_pinyin(column: pl.Series) -> pl.Series:
    """Return n texts with every Chinese character replaced by its most common syllable, without tones.

    A table of the distinct characters is made first: pypinyin reads 21,000 names a second one by one, the
    table 1,000,000 in about two. Readings that depend on the word (重庆) come out alike on both sides of a
    comparison, which is all that matters here.
    """
    characters = column.drop_nulls().str.split("").explode().unique().drop_nulls().to_list()
    chinese = sorted(character for character in characters if "\u3400" <= character <= "\u9fff")
    if not chinese:
        return column
    return column.str.replace_many(chinese, [f"{lazy_pinyin(character)[0]} " for character in chinese])
