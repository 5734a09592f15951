"""Every sentence a person may read is there in both languages."""

import subprocess
import sys

from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.packs.loading import shipped_packs
from tests.house.code import ROOT


def test_no_translation_is_missing_doubtful_or_left_over():
    command = [sys.executable, "-m", "guanxi.web.translations", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = (checked.stdout + checked.stderr).splitlines()
    assert checked.returncode == 0, f"{len(said)} sentences, for example: {said[:5]}"


def test_every_label_of_the_shipped_packs_is_in_both_languages():
    labels = [
        (f"{thing.name}.{part.name}" if part is not thing else thing.name, part.label)
        for pack in shipped_packs()
        for thing in (*pack.objects, *pack.roles)
        for part in (thing, *getattr(thing, "fields", {}).values())
        if hasattr(part, "label")
    ]
    labels += [(name, kind.label) for name, kind in FIELD_TYPES.items()]
    assert labels
    assert [name for name, label in labels if not (label.en and label.zh)] == []


def test_every_choice_of_the_shipped_packs_is_in_both_languages():
    half = [
        f"{thing.name}.{field.name}.{choice.value}"
        for pack in shipped_packs()
        for thing in pack.objects
        for field in thing.fields.values()
        for choice in field.choices
        if not (choice.label.en and choice.label.zh)
    ]
    assert half == []
