from __future__ import annotations

from io import BytesIO

import pytest

from engine.errors import NotFound
from processes.files import EmptyFile, FileStore, TooLarge, media_type, safe_name


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "filer", max_bytes=1000)


def kept(store):
    return [path for path in store.folder.rglob("*") if path.is_file()]


def test_the_same_content_twice_is_one_file(store):
    first = store.save(BytesIO(b"protokoll"), "a.pdf")
    second = store.save(BytesIO(b"protokoll"), "b.pdf")
    assert first.sha256 == second.sha256
    assert (first.name, first.media_type, first.size) == ("a.pdf", "application/pdf", 9)
    assert len(kept(store)) == 1
    with store.open(first.sha256) as content:
        assert content.read() == b"protokoll"


@pytest.mark.parametrize(("size", "taken"), [(1000, True), (1001, False), (0, False)])
def test_what_is_too_large_or_empty_leaves_nothing(store, size, taken):
    if taken:
        assert store.save(BytesIO(b"x" * size), "a").size == size
    else:
        with pytest.raises((TooLarge, EmptyFile), match=r"a\.txt"):
            store.save(BytesIO(b"x" * size), "a.txt")
    assert len(kept(store)) == taken


def test_content_that_was_changed_shows(store):
    file = store.save(BytesIO(b"beslut"), "a.txt")
    assert store.is_intact(file.sha256)
    kept(store)[0].write_bytes(b"annat")
    assert not store.is_intact(file.sha256)
    kept(store)[0].unlink()
    assert not store.is_intact(file.sha256)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 64, "A" * 64])
def test_what_is_no_digest_opens_nothing(store, digest):
    with pytest.raises(NotFound):
        store.open(digest)


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("Tjänsteskrivelse.docx", "Tjänsteskrivelse.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Mina dokument\\bilaga 1.pdf", "bilaga 1.pdf"),
        ("rad\r\nX-Header: 1.pdf", "radX-Header_ 1.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("...", "fil"),
        ("", "fil"),
        ("a\u0308renden.txt", "ärenden.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(sent, safe):
    assert safe_name(sent) == safe


def test_the_media_type_hangs_on_the_ending_only():
    assert media_type("A.PDF") == "application/pdf"
    assert media_type("sida.html") == "application/octet-stream"
    assert media_type("utan") == "application/octet-stream"
