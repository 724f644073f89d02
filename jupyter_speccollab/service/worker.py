"""A worker: a process that computes for the one that started it, one call at a time.

Calls and results are pickled and go through the process's standard input and output, each after its length. The
process ends when its input does, and therefore with the process that started it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final, TypeVar, TypeVarTuple, cast

LENGTH: Final = 8
"""The number of bytes of a length."""

NICE: Final = 10
"""By how much a worker gives way to the server, where there are few cores."""

PIECE: Final = 65_536
"""The length of the pieces in which a long text is encoded, in code points, and in which a call is sent, in bytes.

Other work goes on between two pieces."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class WorkerEnded(Exception):
    """The process ended before it had a result; the system may have had no memory left for it."""


class Worker:
    """The process, seen from the one that started it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> Worker:
        """Start a process that finds the same modules, but none in the current directory."""
        path = os.pathsep.join(place for place in sys.path if place)
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                __name__,
                stdin=PIPE,
                stdout=PIPE,
                env=os.environ | {"PYTHONPATH": path},
            )
        )

    @property
    def is_running(self) -> bool:
        """Whether the process can take a call."""
        return self._process.returncode is None

    async def call(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """The result of ``function(*arguments)``; raises what that raises, and `WorkerEnded`.

        If this is cancelled, the process is killed.
        """
        answer: tuple[T, None] | tuple[None, Exception] | None = None
        try:
            answer = await self._exchange(await asyncio.to_thread(_pickled, function, arguments))
        except (BrokenPipeError, ConnectionResetError, asyncio.IncompleteReadError):
            raise WorkerEnded("The process ended.") from None
        finally:
            if answer is None:
                await self.end()
        result, error = answer
        if error is not None:
            raise error
        return cast(T, result)

    async def end(self) -> None:
        """Kill the process."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())

    async def _exchange(self, call: bytes) -> Any:
        sending, receiving = self._process.stdin, self._process.stdout
        assert sending is not None
        assert receiving is not None
        sending.write(len(call).to_bytes(LENGTH))
        for start in range(0, len(call), PIECE):
            sending.write(call[start : start + PIECE])
            await sending.drain()
        length = int.from_bytes(await receiving.readexactly(LENGTH))
        return pickle.loads(await receiving.readexactly(length))  # noqa: S301 (of our own process)


class _LongText:
    """A text that is pickled in pieces, and unpickled as a ``str``."""

    def __init__(self, text: str) -> None:
        starts = range(0, len(text), PIECE)
        self._pieces = [text[start : start + PIECE].encode(errors="surrogatepass") for start in starts]

    def __reduce__(self) -> tuple[Callable[[list[bytes]], str], tuple[list[bytes]]]:
        return _joined, (self._pieces,)


def _joined(pieces: list[bytes]) -> str:
    return "".join(piece.decode(errors="surrogatepass") for piece in pieces)


def _pickled(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    sent = [_LongText(item) if isinstance(item, str) and len(item) > PIECE else item for item in arguments]
    return pickle.dumps((function, sent))


def main() -> None:
    """Run in the process: carry out calls until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is meant for the server
    os.nice(NICE)
    calls, results = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a function prints is no result
    while head := calls.read(LENGTH):
        _send(results, _result_of(calls.read(int.from_bytes(head))))


def _result_of(call: bytes) -> tuple[object, Exception | None]:
    try:
        function, arguments = pickle.loads(call)  # noqa: S301 (of the process that started this one)
        return function(*arguments), None
    except Exception as error:
        return None, error


def _send(results: IO[bytes], answer: tuple[object, Exception | None]) -> None:
    try:
        data = pickle.dumps(answer)
    except Exception as error:
        data = pickle.dumps((None, RuntimeError(f"The result can't be sent: {type(error).__name__}")))
    results.write(len(data).to_bytes(LENGTH))
    results.write(data)
    results.flush()


if __name__ == "__main__":
    main()
