"""What an installation is told from outside, through environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.texts import gettext as _
from processes.errors import InstallationError

PREFIX = "ARENDEGANG_"
HIGHEST = 65535
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default; `docs/settings.md` describes them for administrators."""

    folder: Path
    database_url: str
    public_url: str = "http://127.0.0.1:8000"
    smtp_host: str = ""  # without one, mail is kept, and the outbox says so
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_user: str = ""
    smtp_password: str = ""
    mail_sender: str = "arendegang@localhost"
    max_file_bytes: int = 25 * MEGABYTE
    behind_proxy: bool = False

    @classmethod
    def read(
        cls,
        folder: Path,
        environment: Mapping[str, str] = os.environ,
        *,
        address: str | None = None,
    ) -> Settings:
        """`address` is where the product listens, for links when no other is given."""

        def value(name: str, default: str = "") -> str:
            return environment.get(PREFIX + name, default)

        def number(name: str, default: int) -> int:
            text = value(name) or str(default)
            if not (text.isascii() and text.isdecimal() and 0 < int(text) <= HIGHEST):
                raise InstallationError(
                    _(
                        "%(name)s ska vara ett heltal, inte ”%(text)s”.",
                        name=PREFIX + name,
                        text=text,
                    )
                )
            return int(text)

        return cls(
            folder=folder,
            database_url=value("DATABASE_URL", f"sqlite:///{folder / 'arendegang.sqlite'}"),
            public_url=value("PUBLIC_URL", address or cls.public_url).rstrip("/"),
            smtp_host=value("SMTP_HOST"),
            smtp_port=number("SMTP_PORT", cls.smtp_port),
            smtp_starttls=value("SMTP_STARTTLS") == "1",
            smtp_user=value("SMTP_USER"),
            smtp_password=value("SMTP_PASSWORD"),
            mail_sender=value("MAIL_SENDER", cls.mail_sender),
            max_file_bytes=number("MAX_FILE_MB", cls.max_file_bytes // MEGABYTE) * MEGABYTE,
            behind_proxy=value("BEHIND_PROXY") == "1",
        )
