"""The product in one place: what a web process, a command or a test is handed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from engine.clock import Clock, SystemClock
from engine.database import Database
from engine.dispatcher import Dispatcher, LocalDispatcher
from engine.engine import Engine
from engine.scheduler import Scheduler
from processes import data_folder, database_version, friday, installation
from processes.files import FileStore
from processes.host import RegionHost
from processes.mail import Mailer
from processes.settings import Settings

LATE_PULSE = timedelta(seconds=30)


def file_store(settings: Settings) -> FileStore:
    return FileStore(settings.folder / "filer", max_bytes=settings.max_file_bytes)


class Product:
    """Everything that lives as long as the process. Shared by all its threads."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.database = Database(settings.database_url)
        self.files = file_store(settings)
        self.host = RegionHost(clock=self.clock, public_url=settings.public_url)
        self.engine = Engine(
            database=self.database,
            host=self.host,
            clock=self.clock,
            dispatcher=_dispatcher(self.database),
        )
        Mailer(settings, self.database).register(self.engine)
        friday.register(self.engine)
        self.scheduler = Scheduler(self.engine)
        self.name = "Ärendegång"
        self.demo = False

    @classmethod
    def open(
        cls, folder: Path, *, clock: Clock | None = None, address: str | None = None
    ) -> Product:
        """The product on the data in `folder`, its tables brought up to this version."""
        data_folder.prepare(folder)
        product = cls(Settings.read(folder, address=address), clock=clock)
        database_version.upgrade(product.database)
        product.read_installation()
        return product

    def read_installation(self) -> bool:
        """Learn what the installation says of itself; False when nothing is installed yet."""
        with self.database.reading() as session:
            found = installation.find(session)
        if found is None:
            return False
        self.name, self.demo = found.name, found.demo
        return True

    def is_ticking(self) -> bool:
        """Whether timers fire in this process; measured in real time, whatever the clock says."""
        ticked_at = self.scheduler.ticked_at
        return ticked_at is not None and SystemClock().now() - ticked_at < LATE_PULSE

    def close(self) -> None:
        self.database.dispose()


def _dispatcher(database: Database) -> Dispatcher:
    if database.is_sqlite:
        return LocalDispatcher()
    from engine.delivery import ProcrastinateDispatcher  # its libraries are for PostgreSQL only

    return ProcrastinateDispatcher(database.url)
