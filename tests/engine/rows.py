"""Rows that others need beside them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from engine.tables import Instance, ProcessVersion

AT = datetime(2026, 7, 1, 10, tzinfo=UTC)


def an_instance(session: Session, state: bytes = b"") -> str:
    """Its id; of a process that nobody has drawn."""
    version = ProcessVersion(
        key="a", version=1, name="", deployment_id="d", files={}, file_name="", sha256="",
        deployed_at=AT, deployed_by="",
    )  # fmt: skip
    session.add(version)
    session.flush()
    instance = Instance(
        process_version_id=version.id, process_key="a", state=state, started_at=AT, started_by=""
    )
    session.add(instance)
    session.flush()
    return instance.id
