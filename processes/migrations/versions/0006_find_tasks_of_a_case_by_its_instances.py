"""Find what belongs to a case by its instances: two indexes less to write at every completion"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_task_business_key", "task")
    op.drop_index("ix_event_log_business_key", "event_log")


def downgrade() -> None:
    op.create_index("ix_event_log_business_key", "event_log", ["business_key", "at"])
    op.create_index("ix_task_business_key", "task", ["business_key", "status"])
