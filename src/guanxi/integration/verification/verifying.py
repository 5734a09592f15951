"""The verification of one run, in the order it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from guanxi.integration.verification.comparing import Fetch, compare_sample
from guanxi.integration.verification.completeness import RawTable, measure_completeness
from guanxi.integration.verification.counting import TableRead, count_defects, count_rows
from guanxi.integration.verification.reports import ReferenceCheck, SignOff, VerificationReport
from guanxi.integration.verification.sampling import draw_sample
from guanxi.metadata.objects import ObjectType


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a run did with the rows that are records of one object.

    *read*: what reading each table gave. *raw*: the tables as read. *standardised*: ``source``, ``table``,
    ``row`` and a column per field, every row. *fates*: ``source``, ``table``, ``row``, ``fate`` (see
    `count_rows`) and ``record`` (the id, null when refused). *changes*: what standardising changed. *stored*:
    a column per field, one row per record in the database. *number*: that of the run's record; rows of *standardised*
    that another run read name it as ``run``.
    """

    object_type: ObjectType
    read: Sequence[TableRead]
    raw: Sequence[RawTable]
    standardised: pl.DataFrame
    fates: pl.DataFrame
    changes: pl.DataFrame
    stored: pl.DataFrame
    number: int = 0


def verify(
    run: str,
    loaded: Loaded,
    *,
    fetch: Fetch,
    references: Sequence[ReferenceCheck],
    sign_offs: Sequence[SignOff],
    share: float,
    seed: int,
    now: datetime,
) -> VerificationReport:
    """Return the verification of the run called *run*.

    *share* of the loaded rows (0.05 to 0.10) is compared with the database, read by *fetch*; the same *seed*
    draws the same rows.
    """
    written = loaded.fates.filter(pl.col("record").is_not_null())
    sample = draw_sample(written, share=share, seed=seed)
    return VerificationReport(
        run=run,
        at=now.isoformat(timespec="seconds"),
        seed=seed,
        sampled_rows=len(sample),
        sample_of=len(written),
        counts=count_rows(loaded.read, loaded.fates),
        completeness=measure_completeness(loaded.object_type, loaded.raw, loaded.stored),
        sample=compare_sample(
            sample,
            object_type=loaded.object_type,
            raw=loaded.raw,
            standardised=loaded.standardised,
            fetch=fetch,
            run=loaded.number,
        ),
        references=tuple(references),
        defects=count_defects(loaded.changes),
        sign_offs=tuple(sign_offs),
    )
