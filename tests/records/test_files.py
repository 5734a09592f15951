"""Laws of files of records: judged by their content, kept once, never half."""

import io
import zipfile

import pytest

from guanxi.kernel.errors import NotFound, Refused
from guanxi.records import files


def keep(home, name, content):
    return files.keep(home, name, lambda path: path.write_bytes(content))


def kept(home):
    return [each for each in (home / files.FOLDER).rglob("*") if each.is_file()]


def archive(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        ("合同正文，甲方乙方".encode(), "text/plain"),
        ("合同正文，甲方乙方".encode("gb18030"), "text/plain"),
        (b"<html><script>alert(1)</script>", files.UNKNOWN),
        (b"\x00\x01\x02\x03", files.UNKNOWN),
        (b"PK\x03\x04 broken", files.UNKNOWN),
        (archive("a.txt"), "application/zip"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), files._OFFICE["xl/"]),
    ],
)
def test_a_file_is_what_its_content_says(tmp_path, content, kind):
    reference = keep(tmp_path, "合同.exe", content)
    assert reference.media_type == kind
    assert reference.size == len(content)
    assert files.content_of(tmp_path, reference).read_bytes() == content


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\nrm -r", b""])
def test_programs_and_empty_files_are_refused_and_nothing_stays(tmp_path, content):
    with pytest.raises(Refused, match=r"合同\.pdf"):
        keep(tmp_path, "合同.pdf", content)
    assert kept(tmp_path) == []


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(Refused, match="larger"):
        keep(tmp_path, "a.txt", b"x" * 11)
    assert kept(tmp_path) == []


def test_the_same_content_is_kept_once(tmp_path):
    first, second = keep(tmp_path, "a.txt", b"same"), keep(tmp_path, "b.txt", b"same")
    assert first.sha256 == second.sha256
    assert len(kept(tmp_path)) == 1


def test_content_that_is_gone_is_told(tmp_path):
    reference = keep(tmp_path, "a.txt", b"gone")
    files.content_of(tmp_path, reference).unlink()
    with pytest.raises(NotFound, match=r"a\.txt"):
        files.content_of(tmp_path, reference)
