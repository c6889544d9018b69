"""What an installation is told from outside, through environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "ARENDEGANG_"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default; `docs/settings.md` describes them for administrators."""

    folder: Path
    database_url: str
    public_url: str = "http://127.0.0.1:8000"
    smtp_host: str = ""  # without one, mail stays in the outbox that administrators see
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_user: str = ""
    smtp_password: str = ""
    mail_sender: str = "arendegang@localhost"
    max_file_bytes: int = 25 * MEGABYTE
    behind_proxy: bool = False

    @classmethod
    def read(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
        def value(name: str, default: str = "") -> str:
            return environment.get(PREFIX + name, default)

        return cls(
            folder=folder,
            database_url=value("DATABASE_URL", f"sqlite:///{folder / 'arendegang.sqlite'}"),
            public_url=value("PUBLIC_URL", cls.public_url).rstrip("/"),
            smtp_host=value("SMTP_HOST"),
            smtp_port=int(value("SMTP_PORT", str(cls.smtp_port))),
            smtp_starttls=value("SMTP_STARTTLS") == "1",
            smtp_user=value("SMTP_USER"),
            smtp_password=value("SMTP_PASSWORD"),
            mail_sender=value("MAIL_SENDER", cls.mail_sender),
            max_file_bytes=int(value("MAX_FILE_MB", "25")) * MEGABYTE,
            behind_proxy=value("BEHIND_PROXY") == "1",
        )
