"""Damage that is done to recordings, the same for the same seed."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]
HEAD_BYTES = 4_096
EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TABLES = (b"stts", b"stsc", b"stsz", b"stco", b"ctts", b"stss", b"mdhd", b"tkhd", b"elst")
MOST_BYTES = 4 << 20
"""What is repeated stays under this."""


def _few_bits(content: bytes, random: Random) -> bytes:
    return _flipped(content, random, random.randint(1, 8), len(content))


def _many_bits(content: bytes, random: Random) -> bytes:
    return _flipped(content, random, max(1, len(content) // 200), len(content))


def _header_bits(content: bytes, random: Random) -> bytes:
    return _flipped(content, random, random.randint(1, 16), HEAD_BYTES)


def _flipped(content: bytes, random: Random, count: int, within: int) -> bytes:
    changed = bytearray(content)
    for _ in range(count):
        changed[random.randrange(min(within, len(changed)))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _extreme_numbers(content: bytes, random: Random) -> bytes:
    """In the header and at the end, where tables are."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 6)):
        number = random.choice(EXTREMES).to_bytes(4, random.choice(("little", "big")))
        reach = min(HEAD_BYTES, len(changed) - 4)
        at = random.randrange(reach)
        if random.random() < 0.5:
            at = len(changed) - 4 - at
        changed[at : at + 4] = number
    return bytes(changed)


def _cut_short(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(1, len(content))]


def _without_its_start(content: bytes, random: Random) -> bytes:
    return content[random.randrange(1, len(content)) :]


def _zeros(content: bytes, random: Random) -> bytes:
    start, end = _part(content, random)
    return content[:start] + bytes(end - start) + content[end:]


def _noise(content: bytes, random: Random) -> bytes:
    start, end = _part(content, random)
    return content[:start] + random.randbytes(end - start) + content[end:]


def _missing_part(content: bytes, random: Random) -> bytes:
    start, end = _part(content, random)
    return content[:start] + content[end:]


def _repeated_part(content: bytes, random: Random) -> bytes:
    start, end = _part(content, random)
    times = min(random.choice((2, 3, 50)), max(2, MOST_BYTES // max(1, end - start)))
    return content[:start] + times * content[start:end] + content[end:]


def _swapped_parts(content: bytes, random: Random) -> bytes:
    a, b, c, d = sorted(random.sample(range(len(content) + 1), 4))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _itself_again(content: bytes, random: Random) -> bytes:
    return content * random.randint(2, 5)


def _swapped_atoms(content: bytes, random: Random) -> bytes:
    """The atoms of an MP4 in another order, some left out or twice, some of another size; else, parts swapped."""
    atoms = _atoms(content)
    if len(atoms) < 2:
        return _swapped_parts(content, random)
    chosen = [content[start:end] for start, end in atoms]
    random.shuffle(chosen)
    if random.random() < 0.5:
        chosen.append(random.choice(chosen))
    if random.random() < 0.5:
        index = random.randrange(len(chosen))
        chosen[index] = random.choice(EXTREMES).to_bytes(4) + chosen[index][4:]
    return b"".join(chosen)


def _swapped_inner_atoms(content: bytes, random: Random) -> bytes:
    """Two kinds of the tables inside trade their names; where there are none, extreme numbers."""
    names = [name for name in TABLES if name in content]
    if len(names) < 2:
        return _extreme_numbers(content, random)
    one, other = random.sample(names, 2)
    changed = bytearray(content)
    for name, instead in ((content.index(one), other), (content.index(other), one)):
        changed[name : name + 4] = instead
    return bytes(changed)


def _atoms(content: bytes) -> list[tuple[int, int]]:
    found, at = [], 0
    while at + 8 <= len(content):
        (size,) = struct.unpack_from(">I", content, at)
        if size < 8 or at + size > len(content) or not content[at + 4 : at + 8].isalnum():
            break
        found.append((at, at + size))
        at += size
    return found


def _part(content: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(content))
    return start, min(len(content), start + random.randint(1, max(1, len(content) // random.choice((3, 20, 200)))))


MUTATIONS: dict[str, Mutation] = {
    "few-bits": _few_bits,
    "many-bits": _many_bits,
    "header-bits": _header_bits,
    "extreme-numbers": _extreme_numbers,
    "cut-short": _cut_short,
    "no-start": _without_its_start,
    "zeros": _zeros,
    "noise": _noise,
    "missing-part": _missing_part,
    "repeated-part": _repeated_part,
    "swapped-parts": _swapped_parts,
    "itself-again": _itself_again,
    "swapped-atoms": _swapped_atoms,
    "swapped-inner-atoms": _swapped_inner_atoms,
}


def mutated(content: bytes, random: Random) -> tuple[str, bytes]:
    """A recording with one kind of damage, sometimes two, and what was done to it."""
    names = random.sample(sorted(MUTATIONS), 2 if random.random() < 0.2 else 1)
    for name in names:
        if content:
            content = MUTATIONS[name](content, random)
    return "+".join(names), content
