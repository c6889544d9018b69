"""Records of a case: what came in, went out and was drawn up, with the facts of OSL 5:2."""

from __future__ import annotations

from processes.records.corrections import add_files, annul, correct
from processes.records.lookup import (
    FileNotFound,
    RecordNotFound,
    corrections,
    files,
    get,
    get_file,
    of_case,
)
from processes.records.registration import (
    MAX_SUBJECT,
    NewRecord,
    NotYetDecided,
    add,
    problems,
    register,
)
from processes.records.sending import add_or_send, send_for_registration, take_back
from processes.records.tables import Direction, Record, RecordCorrection, RecordFile

__all__ = [
    "MAX_SUBJECT",
    "Direction",
    "FileNotFound",
    "NewRecord",
    "NotYetDecided",
    "Record",
    "RecordCorrection",
    "RecordFile",
    "RecordNotFound",
    "add",
    "add_files",
    "add_or_send",
    "annul",
    "correct",
    "corrections",
    "files",
    "get",
    "get_file",
    "of_case",
    "problems",
    "register",
    "send_for_registration",
    "take_back",
]
