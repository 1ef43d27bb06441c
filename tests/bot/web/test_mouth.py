"""What pages are told of an utterance, as it comes and as it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.web.mouth import MOST_UNSENT, Audience, FellBehindError, FollowedMouth, Listener, WebMouth
from interviewer.clock import ManualClock
from interviewer.ports import Mouth
from tests.interviewer.worlds import START

KEY = "talk2345:3:probe"
TEXT = "What is the cap? And why?"


class PartlyHeard(Mouth):
    """Plays, and is stopped after so many characters."""

    piecewise = True
    spoken = True

    def __init__(self, heard: int) -> None:
        self.heard = heard

    async def say(self, key: str, text: str, offset: int) -> int:
        return len(text)

    async def finish(self, key: str, shown: int) -> int:
        return self.heard


async def told(listener: Listener, count: int) -> list[dict[str, Any]]:
    """The turns in the next frames."""
    frames = [json.loads(await listener.next()) for _ in range(count)]
    return [turn for frame in frames for turn in frame["turns"]]


async def test_words_are_shown_as_they_come_and_cut_where_they_were_cut() -> None:
    """One turn under its transcript id, longer each time, and done with what was shown."""
    audience, turns = Audience(), list[None]()
    mouth = WebMouth(audience, ManualClock(START), lambda: turns.append(None))
    with audience.joined(answers=True) as page:
        assert await mouth.say(KEY, TEXT[:16], 0) == 16
        assert await mouth.say(KEY, TEXT, 16) == len(TEXT)
        assert [line.text for line in mouth.unfinished] == [TEXT]
        assert await mouth.finish(KEY, 16) == 16
        seen = await told(page, 3)

    assert [(one["key"], one["text"], one["done"]) for one in seen] == [
        ("i0003", TEXT[:16], False),
        ("i0003", TEXT, False),
        ("i0003", TEXT[:16], True),
    ]
    assert mouth.unfinished == ()
    assert len(turns) == 1


async def test_with_nobody_there_it_counts_as_said() -> None:
    """Who comes later reads it in the transcript."""
    mouth = WebMouth(Audience(), ManualClock(START), lambda: None)

    assert await mouth.say(KEY, TEXT, 0) == len(TEXT)
    assert await mouth.finish(KEY, len(TEXT)) == len(TEXT)


@pytest.mark.parametrize(("heard", "shown"), [(0, []), (16, [TEXT[:16], TEXT[:16]])])
async def test_of_what_is_played_pages_show_what_was_heard(heard: int, shown: list[str]) -> None:
    """Words that nobody heard are not shown, not even for a moment."""
    audience = Audience()
    pages = WebMouth(audience, ManualClock(START), lambda: None)
    mouth = FollowedMouth(PartlyHeard(heard), pages)
    with audience.joined(answers=True) as page:
        await mouth.say(KEY, TEXT, 0)
        assert await mouth.finish(KEY, len(TEXT)) == heard
        seen = await told(page, len(shown))

    assert [one["text"] for one in seen] == shown
    assert mouth.spoken


async def test_guests_are_told_nothing_of_it() -> None:
    """Only those who may answer hear the interviewer."""
    audience = Audience()
    mouth = WebMouth(audience, ManualClock(START), lambda: None)
    with audience.joined(answers=False) as guest, audience.joined(answers=True):
        await mouth.say(KEY, TEXT, 0)
        audience.tell({"type": "state"}, guests=True)
        assert json.loads(await guest.next()) == {"type": "state"}
    assert not audience.has_candidate


async def test_a_page_that_reads_too_slowly_has_to_come_again() -> None:
    """Nothing is left out in silence, and nothing piles up."""
    audience = Audience()
    with audience.joined(answers=True) as page:
        for number in range(MOST_UNSENT + 1):
            audience.tell({"type": "turns", "turns": [number]})
        with pytest.raises(FellBehindError):
            await page.next()
