"""A law of the entries written before rare characters had tokens of their own: they are found by them, too."""

import json
from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from guanxi.records import search, tokens


def test_entries_of_before_are_found_by_the_rare_characters_of_their_names(empty_database):
    engine, config = sa.create_engine(empty_database), Config()
    config.set_main_option("script_location", str(files("guanxi.store.migrations")))
    entries = [
        ({"name": "云鹤厂\nyunhechang\nyhc", "address": "骆驼路"}, [tokens.number_of_sound("鹤")]),
        ({"name": "acme", "address": "鹤山路"}, [7]),
    ]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for record_id, (haystack, held) in enumerate(entries):
            written = (record_id, json.dumps(haystack), held)
            connection.exec_driver_sql(
                "INSERT INTO guanxi.search_entry VALUES (%s, 'customer', %s, %s)", written
            )
        command.upgrade(config, "0007")
        found = connection.exec_driver_sql("SELECT tokens FROM guanxi.search_entry ORDER BY record_id")
        name, place = found.scalars()
    engine.dispose()
    assert set(search.words("鹤").runs[0][0]) == set(name)
    assert place == [7]
