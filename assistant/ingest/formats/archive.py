"""Office files are zip archives: what to check before one is opened."""

import io
import zipfile

from assistant.ingest.formats.common import Unreadable

_SIZE_LIMIT = 512 * 2**20  # bytes, unpacked
_RATIO_LIMIT = 200  # unpacked to packed; XML of a real document packs 10 to 50 times
_RATIO_MATTERS = 10 * 2**20  # bytes unpacked; a small member may pack as well as it likes
_ENTRIES_LIMIT = 10_000
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of Office 97 files, and of encrypted new ones


def open_archive(data: bytes, program: str, main: str) -> zipfile.ZipFile:
    """Open an office file after checking that it is one and is safe to unpack.

    A member that declares less than it unpacks to is cut off at what it declares, or stopped by the memory limit.

    Args:
        data: The bytes of the file.
        program: The program that writes such files, for the reason.
        main: A member that every file of this kind has.

    Raises:
        Unreadable: It is another kind of file, damaged, encrypted, or would unpack beyond the limits.
    """
    if data.startswith(_OLD_OFFICE):
        raise Unreadable(f"it is password-protected or an old {program} file; save it anew, without a password")
    if not data.startswith(b"PK"):
        raise Unreadable(f"it is no {program} file, whatever its name says")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise Unreadable("it is damaged or cut off: its archive cannot be opened") from error
    members = archive.infolist()
    if len(members) > _ENTRIES_LIMIT:
        raise Unreadable(f"its archive has more than {_ENTRIES_LIMIT:,} entries")
    total = sum(member.file_size for member in members)
    if total > _SIZE_LIMIT:
        raise Unreadable(f"it unpacks to {total / 2**20:,.0f} MB, over the limit of {_SIZE_LIMIT // 2**20} MB")
    for member in members:
        if member.file_size > _RATIO_MATTERS and member.file_size > _RATIO_LIMIT * member.compress_size:
            ratio = member.file_size // max(1, member.compress_size)
            raise Unreadable(f"it unpacks to {ratio:,} times its size, as only a decompression bomb does")
        if member.flag_bits & 1:
            raise Unreadable("it is password-protected")
    if main not in archive.namelist():
        raise Unreadable(f"it is no {program} file, whatever its name says")
    return archive
