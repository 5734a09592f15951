"""A setting that nothing reads is a promise nobody keeps."""

import re
from dataclasses import fields

import pytest

from guanxi.settings import Settings
from tests.house.code import modules

KNOBS = [each.name for each in fields(Settings)]


@pytest.mark.parametrize("knob", KNOBS)
def test_every_setting_is_read_somewhere(knob):
    used = re.compile(rf"\b(?:settings|self)\.{knob}\b")
    readers = [each.name for each in modules() if used.search(each.text)]
    assert readers, f"nothing reads settings.{knob}"
