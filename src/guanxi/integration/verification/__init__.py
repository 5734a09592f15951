"""The proof of a run: counts that add up, completeness, a sample against the source, links, defects, sign-off."""

from guanxi.integration.verification.comparing import Fetch, StoredRecord, compare_sample
from guanxi.integration.verification.completeness import RawTable, measure_completeness
from guanxi.integration.verification.counting import TableRead, count_defects, count_rows
from guanxi.integration.verification.naming import in_words
from guanxi.integration.verification.reports import (
    DefectCount,
    FieldCompleteness,
    ReferenceCheck,
    SampleCell,
    SignOff,
    SourceCounts,
    VerificationReport,
)
from guanxi.integration.verification.sampling import draw_sample
from guanxi.integration.verification.stored import Claims, check_references, reader_of
from guanxi.integration.verification.verifying import Loaded, verify
from guanxi.integration.verification.workbook import write_workbook

__all__ = [
    "Claims",
    "DefectCount",
    "Fetch",
    "FieldCompleteness",
    "Loaded",
    "RawTable",
    "ReferenceCheck",
    "SampleCell",
    "SignOff",
    "SourceCounts",
    "StoredRecord",
    "TableRead",
    "VerificationReport",
    "check_references",
    "compare_sample",
    "count_defects",
    "count_rows",
    "draw_sample",
    "in_words",
    "measure_completeness",
    "reader_of",
    "verify",
    "write_workbook",
]
