"""Leave out of the indexes what is never looked for: each is written at every completion"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # `chain` is the instance's id wherever `instance_id` has one, and has an index already.
    op.drop_index("ix_event_log_instance_id", "event_log")
    op.drop_index("ix_task_completed", "task")
    _create("ix_task_completed", ["completed_by", "completed_at"], "completed_by IS NOT NULL")
    op.drop_index("ix_task_assignee_open", "task")
    _create(
        "ix_task_assignee_open",
        ["assignee", "due_at", "id"],
        "status = 'open' AND assignee IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_task_assignee_open", "task")
    _create("ix_task_assignee_open", ["assignee", "due_at", "id"], "status = 'open'")
    op.drop_index("ix_task_completed", "task")
    op.create_index("ix_task_completed", "task", ["completed_by", "completed_at"])
    op.create_index("ix_event_log_instance_id", "event_log", ["instance_id"])


def _create(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "task", columns, sqlite_where=condition, postgresql_where=condition)
