"""Calls share one model: together where they ask alike, apart where one fails or gives up."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from voice.batching import MicroBatcher
from voice.speech import VoiceError

WITHIN_S = 10.0
"""After which a request hangs."""


class Work:
    """Doubles numbers, remembers its batches, and can be held up; a negative number is refused."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[int] = set()
        self.go = threading.Event()
        self.started = threading.Event()
        if not held:
            self.go.set()

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.started.set()
        self.go.wait(10)
        self.batches.append(list(asked))
        self.threads.add(threading.get_ident())
        if min(asked) < 0:
            raise RuntimeError(f"refused {min(asked)}")
        return [2 * each for each in asked]


async def _started(work: Work) -> None:
    assert await asyncio.to_thread(work.started.wait, 10)


def _batcher(work: Work, most: int = 4) -> MicroBatcher[int, int]:
    return MicroBatcher(work, most, linger_s=0)


async def test_what_is_asked_at_once_runs_as_one_batch() -> None:
    """Each caller gets its own answer."""
    work = Work()
    batcher = _batcher(work)

    answers = await asyncio.gather(*(batcher.run("a", each, urgent=False) for each in range(4)))

    assert answers == [0, 2, 4, 6]
    assert work.batches == [[0, 1, 2, 3]]
    batcher.close()


async def test_a_batch_is_no_larger_than_allowed_and_of_one_kind() -> None:
    """The rest follows, in order."""
    work = Work()
    batcher = _batcher(work, most=2)
    asked = [("a", 1), ("b", 2), ("a", 3), ("a", 4)]

    answers = await asyncio.gather(*(batcher.run(*each, urgent=False) for each in asked))

    assert answers == [2, 4, 6, 8]
    assert work.batches == [[1, 3], [2], [4]]
    batcher.close()


async def test_what_comes_while_a_batch_runs_gathers_and_the_urgent_goes_first() -> None:
    """The event loop goes on meanwhile, and one thread does all the work."""
    work = Work(held=True)
    batcher = _batcher(work)
    first = asyncio.create_task(batcher.run("partial", 1, urgent=False))
    await _started(work)
    late = [asyncio.create_task(batcher.run("partial", each, urgent=False)) for each in (2, 3)]
    final = asyncio.create_task(batcher.run("final", 9, urgent=True))
    await asyncio.sleep(0)
    work.go.set()
    await asyncio.gather(first, *late, final)

    assert work.batches == [[1], [9], [2, 3]]
    assert len(work.threads) == 1
    assert threading.get_ident() not in work.threads
    batcher.close()


async def test_whoever_gives_up_leaves_the_others_alone() -> None:
    """Before its batch it drops out; during its batch its answer is thrown away."""
    work = Work(held=True)
    batcher = _batcher(work)
    running = [asyncio.create_task(batcher.run("a", each, urgent=False)) for each in (1, 2)]
    await _started(work)
    waiting = [asyncio.create_task(batcher.run("a", each, urgent=False)) for each in (3, 4)]
    await asyncio.sleep(0)
    running[0].cancel()
    waiting[0].cancel()
    await asyncio.sleep(0)
    work.go.set()

    assert await running[1] == 4
    assert await waiting[1] == 8
    assert work.batches == [[1, 2], [4]]
    batcher.close()


async def test_one_faulty_request_fails_alone() -> None:
    """The others of its batch are answered, and so is who comes later."""
    work = Work()
    batcher = _batcher(work)
    asked = (batcher.run("a", each, urgent=False) for each in (1, -5, 3))

    one, faulty, three = await asyncio.gather(*asked, return_exceptions=True)

    assert (one, three) == (2, 6)
    assert str(faulty) == "refused -5"
    assert await batcher.run("a", 7, urgent=True) == 14
    batcher.close()


@pytest.mark.parametrize("answers", [[], [1], [1, 2, 3]])
async def test_too_few_or_too_many_answers_are_none(answers: list[int]) -> None:
    """Nobody knows whose they are: all of the batch fail, and who comes later is still served."""
    script = [answers, [9]]
    batcher = MicroBatcher[int, int](lambda asked: script.pop(0), 4, linger_s=0)
    asked = [asyncio.create_task(batcher.run("a", each, urgent=True)) for each in (1, 2)]

    await asyncio.wait(asked, timeout=WITHIN_S)

    assert [type(each.exception()) for each in asked] == [RuntimeError, RuntimeError]
    assert await batcher.run("a", 3, urgent=True) == 9
    batcher.close()


async def test_work_that_ends_like_an_iterator_is_an_error() -> None:
    """No future can hold a `StopIteration`; whoever asked is told all the same."""
    batcher = MicroBatcher[int, int](lambda asked: [next(iter(()))], 4, linger_s=0)
    asked = asyncio.create_task(batcher.run("a", 1, urgent=True))

    await asyncio.wait([asked], timeout=WITHIN_S)

    assert isinstance(asked.exception(), RuntimeError)
    batcher.close()


class Fickle:
    """A kind of request that cannot be compared; a fault nobody has thought of."""

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    __hash__ = object.__hash__


async def test_a_fault_of_the_queue_itself_leaves_nobody_waiting() -> None:
    """All who wait are told, and the next request begins anew."""
    batcher = _batcher(Work())
    asked = [asyncio.create_task(batcher.run(Fickle(), each, urgent=True)) for each in (1, 2)]

    await asyncio.wait(asked, timeout=WITHIN_S)

    assert [type(each.exception()) for each in asked] == [ZeroDivisionError, ZeroDivisionError]
    assert await batcher.run("a", 7, urgent=True) == 14
    batcher.close()


async def test_closing_answers_whoever_waits() -> None:
    """Running, waiting and later requests end with an error that says what to do."""
    work = Work(held=True)
    batcher = _batcher(work)
    running = asyncio.create_task(batcher.run("a", 1, urgent=False))
    await _started(work)
    waiting = asyncio.create_task(batcher.run("b", 2, urgent=False))
    await asyncio.sleep(0)
    batcher.close()
    work.go.set()

    for each in (running, waiting, asyncio.create_task(batcher.run("a", 3, urgent=True))):
        with pytest.raises(VoiceError, match="closed"):
            await each
