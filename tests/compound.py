"""Writes the compound files that Outlook messages are, since no library here does (format: MS-CFB, version 3)."""

import struct

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

Tree = dict[str, "bytes | Tree"]


def compound_file(tree: Tree) -> bytes:
    """A compound file; a dictionary is a storage, bytes are a stream."""
    sectors: list[bytes] = []
    chain: list[int] = []
    small = bytearray()
    small_chain: list[int] = []
    entries: list[list] = [["Root Entry", 5, FREE, 0, 0, FREE]]  # name, kind, child, start, size, next

    def store(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        for n in range(count):
            sectors.append(data[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0"))
            chain.append(first + n + 1 if n + 1 < count else END)
        return first

    def store_small(data: bytes) -> int:
        first = len(small) // SMALL
        count = -(-len(data) // SMALL)
        small.extend(data.ljust(count * SMALL, b"\0"))
        small_chain.extend(first + n + 1 if n + 1 < count else END for n in range(count))
        return first

    def add(children: Tree) -> int:
        numbers = []
        for name, content in children.items():
            entry = [name, 1 if isinstance(content, dict) else 2, FREE, END, 0, FREE]
            numbers.append(len(entries))
            entries.append(entry)
            if isinstance(content, dict):
                entry[2], entry[3] = add(content), 0
            elif content:
                entry[3] = store(content) if len(content) >= CUTOFF else store_small(content)
                entry[4] = len(content)
        for number, following in zip(numbers, numbers[1:], strict=False):
            entries[number][5] = following
        return numbers[0] if numbers else FREE

    entries[0][2] = add(tree)
    entries[0][3], entries[0][4] = store(bytes(small)) if small else END, len(small)
    written = b"".join(map(_entry, entries))
    directory = store(written + _entry(["", 0, FREE, 0, 0, FREE]) * (-len(entries) % 4))
    small_fat = store(_numbers(small_chain)) if small_chain else END
    small_fats = len(sectors) - small_fat if small_chain else 0
    fats = 1
    while fats * SECTOR // 4 < len(sectors) + fats:
        fats += 1
    first_fat = len(sectors)
    sectors += [_numbers(chain + [FAT] * fats).ljust(fats * SECTOR, b"\xff")]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, directory, 0, CUTOFF, small_fat, small_fats, END, 0)
    header += _numbers([*range(first_fat, first_fat + fats)]).ljust(109 * 4, b"\xff")[: 109 * 4]
    return header + b"".join(sectors)


def _numbers(values: list[int]) -> bytes:
    data = struct.pack(f"<{len(values)}I", *values)
    return data.ljust(-(-len(data) // SECTOR) * SECTOR, b"\xff")


def _entry(entry: list) -> bytes:
    name, kind, child, start, size, following = entry
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, FREE, following, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def message_file(
    values: dict[int, str | bytes | int], attachments: list[dict[int, str | bytes | int]], sent: int | None = None
) -> bytes:
    """An Outlook message: its properties, those of its attachments, and when it was sent in units of 100 ns."""
    tree, listed = _properties(values)
    if sent is not None:
        listed += struct.pack("<HHIQ", 0x40, 0x39, 6, sent)
    counts = struct.pack("<8xIIII8x", 0, len(attachments), 0, len(attachments))
    tree["__properties_version1.0"] = counts + listed
    for number, attachment in enumerate(attachments):
        inner, listed = _properties(attachment)
        inner["__properties_version1.0"] = bytes(8) + listed
        tree[f"__attach_version1.0_#{number:08X}"] = inner
    return compound_file(tree)


def _properties(values: dict[int, str | bytes | int]) -> tuple[Tree, bytes]:
    tree: Tree = {}
    listed = b""
    for number, value in values.items():
        if isinstance(value, int):
            listed += struct.pack("<HHIII", 3, number, 6, value, 0)
            continue
        kind = 0x1F if isinstance(value, str) else 0x102
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        tree[f"__substg1.0_{number:04X}{kind:04X}"] = data
        listed += struct.pack("<HHIII", kind, number, 6, len(data), 0)
    return tree, listed
