"""Notices, settings of the company, how dense a person likes pages, passwords that must be changed."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE guanxi.user_account ADD COLUMN density TEXT DEFAULT 'comfortable' NOT NULL;
ALTER TABLE guanxi.user_account ADD COLUMN password_is_temporary BOOLEAN DEFAULT false NOT NULL;
CREATE TABLE guanxi.notice (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    message JSONB NOT NULL,
    address TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    FOREIGN KEY (person_id) REFERENCES guanxi.user_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_notice_person ON guanxi.notice (person_id, id);
CREATE INDEX ix_notice_unread ON guanxi.notice (person_id) WHERE read_at IS NULL;
COMMENT ON TABLE guanxi.notice IS
    'What people are told: a sentence to be read in their language, and where it leads';
CREATE TABLE guanxi.system_setting (
    name TEXT NOT NULL,
    value JSONB NOT NULL,
    PRIMARY KEY (name)
);
COMMENT ON TABLE guanxi.system_setting IS 'What the company chose for everybody, such as its own name';
"""


def upgrade() -> None:
    """Create the tables and columns."""
    op.execute(_TABLES)


def downgrade() -> None:
    """Drop them."""
    op.execute(
        "DROP TABLE guanxi.notice, guanxi.system_setting;"
        " ALTER TABLE guanxi.user_account DROP COLUMN density, DROP COLUMN password_is_temporary;"
    )
