"""The foundation: definitions, people, journal, search, crosswalk, merges, number series.

Plain SQL, as it was agreed on this day; a test holds the result against ``store/tables.py``.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE SCHEMA crm;
CREATE SEQUENCE guanxi.record_id AS bigint CACHE 32;
CREATE TABLE guanxi.batch (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    rolled_back_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (name)
);
COMMENT ON TABLE guanxi.batch IS 'Changes that belong together and can be taken back together';
CREATE TABLE guanxi.batch_part (
    batch_id BIGINT NOT NULL,
    part TEXT NOT NULL,
    receipt JSONB NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (batch_id, part),
    FOREIGN KEY (batch_id) REFERENCES guanxi.batch (id) ON DELETE CASCADE
);
COMMENT ON TABLE guanxi.batch_part IS 'Parts of a batch that are done, so that a restart does not do them twice';
CREATE TABLE guanxi.catalog_version (
    singleton BOOLEAN DEFAULT true NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (singleton),
    CONSTRAINT one_row CHECK (singleton)
);
CREATE TABLE guanxi.crosswalk (
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    object TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    batch_id BIGINT,
    PRIMARY KEY (source, source_key, object)
);
CREATE INDEX ix_guanxi_crosswalk_batch_id ON guanxi.crosswalk (batch_id);
CREATE INDEX ix_guanxi_crosswalk_record_id ON guanxi.crosswalk (record_id);
COMMENT ON TABLE guanxi.crosswalk IS 'Which record a row of a source became';
CREATE TABLE guanxi.definition (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    body JSONB NOT NULL,
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE guanxi.definition IS 'Objects, fields and roles as agreed through the structure door';
CREATE TABLE guanxi.journal (
    id BIGINT GENERATED ALWAYS AS IDENTITY (CACHE 1000),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    actor_id BIGINT,
    door TEXT NOT NULL,
    batch_id BIGINT,
    object TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    version INTEGER NOT NULL,
    before JSONB,
    after JSONB,
    PRIMARY KEY (id, at)
)
 PARTITION BY RANGE (at);
CREATE INDEX ix_journal_batch ON guanxi.journal (batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX ix_journal_record ON guanxi.journal (record_id, id);
CREATE INDEX ix_journal_xid ON guanxi.journal (xid, id);
COMMENT ON TABLE guanxi.journal IS 'Every change of a record, with the transaction that made it; only what changed';
CREATE TABLE guanxi.merge (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    object TEXT NOT NULL,
    winner_id BIGINT NOT NULL,
    loser_id BIGINT NOT NULL,
    merged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    merged_by BIGINT,
    batch_id BIGINT,
    winner_before JSONB NOT NULL,
    winner_after JSONB NOT NULL,
    repointed JSONB NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);
CREATE INDEX ix_guanxi_merge_loser_id ON guanxi.merge (loser_id);
CREATE INDEX ix_guanxi_merge_winner_id ON guanxi.merge (winner_id);
COMMENT ON TABLE guanxi.merge IS 'What each merge did, so that it can be taken back exactly';
CREATE TABLE guanxi.number_series (
    object TEXT NOT NULL,
    field TEXT NOT NULL,
    period TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (object, field, period)
);
COMMENT ON TABLE guanxi.number_series IS 'The last number given out per period';
CREATE TABLE guanxi.search_entry (
    record_id BIGINT NOT NULL,
    object TEXT NOT NULL,
    haystack JSONB NOT NULL,
    tokens TEXT[] NOT NULL,
    PRIMARY KEY (record_id)
);
CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens);
COMMENT ON TABLE guanxi.search_entry IS 'What a record is found by';
CREATE TABLE guanxi.user_account (
    id BIGINT DEFAULT nextval('guanxi.record_id') NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    department TEXT,
    roles TEXT[] DEFAULT '{}' NOT NULL,
    language TEXT DEFAULT 'zh' NOT NULL,
    time_zone TEXT DEFAULT 'Asia/Shanghai' NOT NULL,
    theme TEXT DEFAULT 'auto' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    password_hash TEXT,
    failed_attempts INTEGER DEFAULT '0' NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (login)
);
CREATE TABLE guanxi.session (
    token_hash BYTEA NOT NULL,
    user_id BIGINT NOT NULL,
    csrf_token TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(user_id) REFERENCES guanxi.user_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_guanxi_session_user_id ON guanxi.session (user_id);
COMMENT ON TABLE guanxi.session IS 'Signed-in browsers; only a hash of each token is kept';

CREATE TABLE guanxi.journal_default PARTITION OF guanxi.journal DEFAULT;
INSERT INTO guanxi.catalog_version (version) VALUES (1);
"""


def upgrade() -> None:
    """Create the tables; a month's partition of the journal is made when the month comes."""
    op.execute(_TABLES)


def downgrade() -> None:
    """Drop everything."""
    op.execute("DROP SCHEMA crm CASCADE; DROP SCHEMA guanxi CASCADE;")
