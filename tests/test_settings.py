"""Settings are complete, documented, and wrong ones are all named at once."""

import threading
from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.settings import Settings, describe_settings, is_for_sources, load_settings, variable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "settings.md"


def test_every_setting_is_documented_by_the_committed_page():
    assert PAGE.read_text("utf-8") == describe_settings(), (
        "write docs/reference/settings.md anew from guanxi.settings.describe_settings()"
    )


def test_every_setting_says_what_it_does_in_one_sentence():
    for knob in fields(Settings):
        assert knob.metadata["description"].endswith("."), knob.name
        assert f"`{variable(knob)}`" in describe_settings()


def test_without_any_variable_there_are_defaults(tmp_path):
    settings = load_settings({"GUANXI_HOME": str(tmp_path)})
    assert settings.database_url is None
    assert (settings.host, settings.port, settings.session_hours) == ("127.0.0.1", 8000, 12)
    assert settings.time_zone == ZoneInfo("Asia/Shanghai")
    assert settings.runs == tmp_path / "runs"


def test_every_kind_of_value_is_read(tmp_path):
    settings = load_settings(
        {
            "GUANXI_HOME": str(tmp_path),
            "GUANXI_DATABASE_URL": "postgresql://u:p@h:5432/d?sslmode=require",
            "GUANXI_PORT": " 9000 ",
            "GUANXI_LOG_JSON": "Yes",
            "GUANXI_LANGUAGE": "en",
            "GUANXI_TIME_ZONE": "Europe/Berlin",
            "GUANXI_SECRET": "s" * 32,
            "GUANXI_HOST": "",
        }
    )
    assert settings.database_url == "postgresql+psycopg://u:p@h:5432/d?sslmode=require"
    assert (settings.port, settings.log_json, settings.language) == (9000, True, "en")
    assert settings.time_zone == ZoneInfo("Europe/Berlin")
    assert settings.host == "127.0.0.1"
    assert not (tmp_path / "secret").exists()


def test_all_problems_are_told_at_once_with_what_would_be_right():
    wrong = {
        "GUANXI_PORT": "80000",
        "GUANXI_DATABASE_URL": "mysql://h/d",
        "GUANXI_LOG_JSON": "perhaps",
        "GUANXI_LANGUAGE": "fr",
        "GUANXI_TIME_ZONE": "Mars/Base",
        "GUANXI_SECRET": "short",
    }
    with pytest.raises(Invalid) as caught:
        load_settings(wrong)
    assert {problem.field for problem in caught.value.problems} == set(wrong)
    assert "1 to 65535" in str(caught.value)


def test_an_unknown_variable_is_an_error_that_lists_the_known_ones(tmp_path):
    with pytest.raises(Invalid, match=r"GUANXI_PROT: is not a setting; known: .*GUANXI_PORT"):
        load_settings({"GUANXI_PROT": "1", "GUANXI_HOME": str(tmp_path)})


def test_the_folder_of_test_data_is_not_a_setting_and_not_an_error(tmp_path):
    load_settings({"GUANXI_SHARED_DATA": "/somewhere", "GUANXI_HOME": str(tmp_path), "PATH": "/bin"})


def test_the_secret_is_made_once_private_and_the_same_for_all_who_begin_at_once(tmp_path):
    environment = {"GUANXI_HOME": str(tmp_path / "new")}
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_settings(environment).secret)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found[0]) >= 32
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


@given(st.text(max_size=8))
def test_a_port_is_a_number_or_a_problem_and_never_a_crash(value):
    answer = _port_or_problem(value)
    assert answer == "GUANXI_PORT" or 1 <= answer <= 65535


def _port_or_problem(value: str) -> int | str | None:
    try:
        return load_settings({"GUANXI_PORT": value, "GUANXI_SECRET": "s" * 32}).port
    except Invalid as refused:
        return refused.problems[0].field


def test_secrets_of_sources_are_no_settings_and_further_ones_are_named(tmp_path):
    given = {"GUANXI_HOME": str(tmp_path), "GUANXI_SOURCE_ERP": "s3", "GUANXI_SOURCE_TOKENS": "A_TOKEN , B"}
    assert load_settings(given).source_tokens == frozenset({"A_TOKEN", "B"})
    for name, expected in (
        ("GUANXI_SOURCE_ERP", True),
        ("A_TOKEN", True),
        ("C", False),
        ("GUANXI_SECRET", False),
    ):
        assert is_for_sources(name, given) is expected
    for wrong in ("GUANXI_SECRET", "a b", "A,$B"):
        with pytest.raises(Invalid, match="GUANXI_SOURCE_TOKENS"):
            load_settings({**given, "GUANXI_SOURCE_TOKENS": wrong})
        with pytest.raises(Invalid, match="GUANXI_SOURCE_TOKENS"):
            is_for_sources("C", {"GUANXI_SOURCE_TOKENS": wrong})
