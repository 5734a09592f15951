"""Data standards: how each kind of value is spelt, what was changed on the way, and why."""

import sys

from guanxi.integration.standards.base import Judged, Standard
from guanxi.integration.standards.company_parts import name_parts
from guanxi.integration.standards.industry import labels as industry_labels
from guanxi.integration.standards.reasons import all_reasons
from guanxi.kernel.registry import collect

STANDARDS = collect("data standard", sys.modules[__name__], Standard)  # type: ignore[type-abstract]
REASONS = all_reasons(STANDARDS.values())

__all__ = ["REASONS", "STANDARDS", "Judged", "Standard", "industry_labels", "name_parts"]
