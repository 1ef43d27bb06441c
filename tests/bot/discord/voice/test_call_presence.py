"""Changes of voice states, read from one channel."""

import pytest

from bot.discord.calls.presence import News, Standing, news

HERE, THERE = 10, 20


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Standing(), Standing(HERE), (News.CAME,)),
        (Standing(THERE), Standing(HERE), (News.CAME,)),
        (Standing(HERE), Standing(), (News.LEFT,)),
        (Standing(HERE), Standing(THERE), (News.MOVED,)),
        (Standing(), Standing(THERE), ()),
        (Standing(THERE, muted=True), Standing(THERE), ()),
        (Standing(HERE), Standing(HERE), ()),
        (Standing(HERE), Standing(HERE, muted=True), (News.MUTED,)),
        (Standing(HERE, muted=True), Standing(HERE), (News.UNMUTED,)),
        (
            Standing(HERE),
            Standing(HERE, muted=True, deafened=True),
            (News.MUTED, News.DEAFENED),
        ),
        (Standing(HERE, deafened=True), Standing(HERE), (News.UNDEAFENED,)),
        (Standing(HERE), Standing(HERE, silenced=True), (News.SILENCED,)),
        (Standing(HERE, silenced=True), Standing(HERE), (News.LET_SPEAK,)),
    ],
)
def test_each_change_is_one_piece_of_news(
    before: Standing, after: Standing, expected: tuple[News, ...]
) -> None:
    """And what happens in other channels is none."""
    assert news(before, after, HERE) == expected


def test_whoever_comes_muted_is_known_to_be_muted() -> None:
    """As one who mutes later, and wherever they were muted before."""
    there = Standing(THERE, muted=True, silenced=True)

    assert news(there, Standing(HERE, muted=True), HERE) == (News.CAME, News.MUTED)
