"""Reads samples of every format with random damage: each is read or refused with a reason, soon, and nothing else.

    PYTHONPATH=tests python tests/faults/fuzz.py [NAME ...] [--inputs 10000] [--seed 1]

The damage is that of `test_damaged_files.py`, drawn by a plain generator: this is many times faster than Hypothesis,
and a failure is told by its seed and number instead of being made small.
"""

import argparse
import random
import signal
import sys
import time

from samples import SAMPLES
from test_damaged_files import ARCHIVES, HOSTILE, damaged, damaged_inside
from wellformed import assert_wellformed

from assistant.ingest.child import document_of
from assistant.ingest.parse import Unreadable, kind_of

HANGS = 30  # seconds; the alarm ends the program, as in the parser process


def changes(noise: random.Random) -> list[tuple[float, int, bytes]]:
    """Places from 0 to 1 in a file, how many bytes go there, and which come in their stead."""
    return [
        (noise.random(), noise.choice((0, 1, noise.randrange(10), noise.randrange(5_000))), put(noise))
        for _ in range(noise.randint(1, 4))
    ]


def put(noise: random.Random) -> bytes:
    """What comes in the place of what was there."""
    kind = noise.randrange(4)
    if kind == 0:
        return noise.randbytes(noise.randrange(7))
    return noise.choice(HOSTILE) * (noise.randint(1, 2_000) if kind == 1 else 1)


def run(name: str, inputs: int, seed: int) -> None:
    """Read one sample with damage, so many times; print what became of it."""
    kind, read, slowest, begun = kind_of(name), 0, (0.0, 0), time.monotonic()
    for number in range(inputs):
        noise = random.Random(f"{seed} {name} {number}")
        inside = kind in ARCHIVES and noise.random() < 0.7
        data = damaged_inside(SAMPLES[name], noise.random(), changes(noise)) if inside else b""
        data = data or damaged(SAMPLES[name], changes(noise))
        start = time.process_time()
        signal.alarm(HANGS)
        try:
            document = document_of(name, data, 20_000_000)
            assert_wellformed(document)
            read += 1
        except Unreadable as error:
            assert str(error).isprintable() and str(error), error
        except BaseException:
            sys.stderr.write(f"{name}: input {number} of seed {seed}\n")
            raise
        slowest = max(slowest, (time.process_time() - start, number))
    signal.alarm(0)
    took = time.monotonic() - begun
    sys.stdout.write(
        f"{name:8} {inputs:6} inputs, {read:6} read, {inputs - read:6} refused, {took:5.0f} s;"
        f" the slowest {slowest[0]:.2f} s (input {slowest[1]})\n"
    )


def main() -> None:
    """Fuzz the formats that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", default=list(SAMPLES))
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name in given.names:
        run(name, given.inputs, given.seed)


if __name__ == "__main__":
    main()
