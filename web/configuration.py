"""How the web part is set up, read from the installation's settings and its data folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from processes import login_attempts
from processes.login_attempts import Limit
from processes.settings import MEGABYTE, Settings

SECRET_KEY_FILE = "secret_key"  # noqa: S105 - the name of the file, not the key


@dataclass(frozen=True, kw_only=True)
class Configuration:
    secret_key: str
    https: bool = False
    behind_proxy: bool = False
    max_upload_bytes: int = 25 * MEGABYTE
    login_limits: Sequence[Limit] = login_attempts.USUAL
    idle_time: timedelta = timedelta(minutes=60)
    session_time: timedelta = timedelta(hours=12)

    @classmethod
    def from_settings(cls, settings: Settings) -> Configuration:
        return cls(
            secret_key=secret_key(settings.folder),
            https=settings.public_url.startswith("https://"),
            behind_proxy=settings.behind_proxy,
            # The form around the file takes room too.
            max_upload_bytes=settings.max_file_bytes + MEGABYTE,
        )


def secret_key(folder: Path) -> str:
    """The key that signs sessions: made once, kept in the data folder, read by its owner only."""
    path = folder / SECRET_KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
