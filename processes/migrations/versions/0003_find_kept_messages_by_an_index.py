"""Find kept messages by an index: the sweep for overlooked ones read every message ever sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEPT = sa.text("status = 'kept'")


def upgrade() -> None:
    op.create_index(
        "ix_message_kept", "message", ["name", "key"], sqlite_where=KEPT, postgresql_where=KEPT
    )


def downgrade() -> None:
    op.drop_index("ix_message_kept", table_name="message")
