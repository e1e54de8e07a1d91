"""Files of every format, damaged: each is read or refused with a reason, and nothing else ever happens.

    pytest tests/faults/test_damaged_files.py --hypothesis-profile=thorough

takes 10,000 files of each format, in hours.
"""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SAMPLES, zipped
from wellformed import assert_wellformed

from assistant.ingest.members import Member, list_members
from assistant.ingest.parse import Unreadable, kind_of, parse_bytes
from assistant.ingest.walk import walk
from assistant.ingest.worker import Limits, ParserPool
from assistant.types import Document

ARCHIVES = frozenset(("docx", "xlsx", "pptx", "odt", "odp", "ods", "epub"))
HOSTILE = (b"", b"\0", b"\xff", b"<", b">", b"&", b'"', b"{", b"}", b"[", b"\\", b"\n\n", b"|", b"999999999", b"-1")


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    """Places from 0 to 1 in a file, how many bytes go there, and which come in their stead."""
    place = st.floats(0, 1, allow_nan=False)
    put = st.sampled_from(HOSTILE) | st.binary(max_size=6)
    return draw(st.lists(st.tuples(place, st.integers(0, 9) | st.integers(0, 5_000), put), min_size=1, max_size=4))


def damaged(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, gone, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + gone :]
    return data


def damaged_inside(data: bytes, member: float, changes: list[tuple[float, int, bytes]]) -> bytes:
    """An archive with a member damaged: damage to the archive itself seldom gets further than its checksum."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as copy:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".xhtml", ".opf"))]
        chosen = names[min(int(member * len(names)), len(names) - 1)]
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, damaged(content, changes) if name == chosen else content)
    return stream.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
@settings(deadline=None)
@given(changes=damages(), member=st.floats(0, 1), inside=st.booleans())
def test_a_damaged_file_is_read_or_refused(name, changes, member, inside):
    kind = kind_of(name)
    inside = inside and kind in ARCHIVES
    data = damaged_inside(SAMPLES[name], member, changes) if inside else damaged(SAMPLES[name], changes)
    try:
        assert_wellformed(parse_bytes(data, kind))
    except Unreadable as error:
        assert str(error)
        assert "\n" not in str(error)


@settings(deadline=None)
@given(changes=damages())
def test_a_damaged_archive_is_listed_or_refused(changes, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(damaged(zipped(), changes))
    assert all(isinstance(each, Member) or each.reason for each in list_members(path))


@settings(max_examples=3, deadline=None)
@given(changes=damages())
def test_damaged_files_cost_the_parser_nothing(changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    for name, data in SAMPLES.items():
        (folder / name).write_bytes(damaged(data, changes))
    (folder / "good.md").write_text("# Good\n\nWords.")
    with ParserPool(limits=Limits(seconds=20)) as pool:
        found = {each.path: each for each in pool.read(walk(folder))}
        assert len(pool.processes) == 1
    assert set(found) == {*SAMPLES, "good.md"}
    assert isinstance(found["good.md"], Document)
    assert all(isinstance(each, Document) or "was ended by" not in each.reason for each in found.values())
