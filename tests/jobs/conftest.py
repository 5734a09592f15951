"""A database with a diary, prepared once per run and copied for each test."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from guanxi.jobs import runtime
from guanxi.store.presence import Presence
from tests.database import database_server, fresh_database, template_database

__all__ = ["database_server"]

TABLES = """
CREATE TABLE diary (key text PRIMARY KEY, line text, at timestamptz DEFAULT clock_timestamp());
CREATE TABLE attempts (run text PRIMARY KEY, n integer);
"""


@pytest.fixture
def diary_url(database_server, monkeypatch):
    template = template_database(database_server, "diary_template", build)
    with fresh_database(database_server, template=template) as url:
        monkeypatch.setenv("DIARY_URL", url)
        yield url


@pytest.fixture
def engine(diary_url):
    with Presence(diary_url) as presence:
        runtime.launch(diary_url, name="diary", presence=presence)
        yield diary_url
        runtime.shutdown()


def build(url: str) -> None:
    """Make the tables of the diary and, once for all tests, those of the engine."""
    database = create_engine(url, poolclass=NullPool)
    with database.begin() as connection:
        connection.execute(text(TABLES))
    with Presence(url) as presence:
        runtime.launch(url, name="diary", presence=presence)
        runtime.shutdown()
