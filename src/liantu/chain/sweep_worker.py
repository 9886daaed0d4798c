"""`python -m liantu.chain.sweep_worker`: a process that carries out pickled calls, one after the other.

It reads calls from its standard input and writes (whether it went well, result or error) to its standard
output, until the input ends: with the process that started it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import BinaryIO


def answer(call: bytes) -> bytes:
    """The pickled outcome of a pickled call."""
    try:
        return pickle.dumps((True, pickle.loads(call)()), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            said = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
            pickle.loads(said)  # some errors can't be put together again
            return said
        except Exception:
            return pickle.dumps((False, RuntimeError(repr(error))))


def send(stream: BinaryIO, message: bytes) -> None:
    """Write a message, its length first."""
    stream.write(len(message).to_bytes(8, "little"))
    stream.write(message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read a message. Raises EOFError where the other end is gone."""
    head = stream.read(8)
    if len(head) == 8:
        size = int.from_bytes(head, "little")
        message = stream.read(size)
        if len(message) == size:
            return message
    raise EOFError


def main() -> None:
    """Answer until the input ends; what is printed on the way goes to the standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one decides
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            send(out, answer(receive(sys.stdin.buffer)))
    except (EOFError, BrokenPipeError):
        os._exit(0)


if __name__ == "__main__":
    main()
