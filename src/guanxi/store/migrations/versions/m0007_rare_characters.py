"""Characters of names that are not usual ones are found by tokens of their own, beside their sounds."""

import json
import zlib
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000
# As `guanxi.records.tokens` has them now; what it will have later is for a later migration.
_USUAL = frozenset(
    "公司市有限业中工国州海县任责南股销贸份发电建上北山安分集江团京支程西合东阳设技大天品化社华区科新省金供行"
    "产开银商机务资广通服农物装制信部城石兴实门营厂河作达房料地理宁油易经店车龙保源福站材械备展政成连川加售水"
    "筑运庆林四邮津长汽都饰丰器湖家管德重食泰联生路三子利平药明力术第武云鑫造昌永气青汉人塑局厦康济盛顺五乐用"
    "口文宝深尔恒宏吉险和所件方园苏高台村圳太杭光万动输自贵印特常总岛嘉一春镇瑞港陕浙环医民富王李张刘陈杨"
)
_BEGIN = "CREATE TEMPORARY TABLE added (record_id bigint NOT NULL, numbers integer[] NOT NULL) ON COMMIT DROP"
_HELD = sa.text("SELECT record_id, haystack::text FROM guanxi.search_entry")
_ADD = sa.text("INSERT INTO added VALUES (:record_id, :numbers)")
_REWRITE = """
ANALYZE added;
DROP INDEX guanxi.ix_search_entry_tokens;
UPDATE guanxi.search_entry e SET tokens = e.tokens || a.numbers FROM added a WHERE a.record_id = e.record_id;
CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens);
DROP TABLE added;
"""


def upgrade() -> None:
    """Give the entries of names the tokens of their characters."""
    connection = op.get_bind()
    op.execute(_BEGIN)
    found = connection.execute(_HELD, execution_options={"yield_per": _AT_ONCE})
    for entries in found.partitions():
        added = [
            {"record_id": each, "numbers": _numbers(json.loads(held).values())} for each, held in entries
        ]
        if wanted := [each for each in added if each["numbers"]]:
            connection.execute(_ADD, wanted)
    op.execute(_REWRITE)


def downgrade() -> None:
    """Nothing: nobody asks for the tokens."""


def _numbers(haystacks: Iterable[str]) -> list[int]:
    return [zlib.crc32(each.encode()) - 2**31 or 1 for each in sorted({*_characters(haystacks)} - _USUAL)]


def _characters(haystacks: Iterable[str]) -> Iterator[str]:
    """Yield the characters of texts that have their sound beside them."""
    for haystack in haystacks:
        text, _, sounds = haystack.partition("\n")
        if sounds:
            yield from (
                each for each in text if "\u3400" <= each <= "\u9fff" or "\U00020000" <= each <= "\U0003ffff"
            )
