"""`hotseat scorecards compare`: two of one's own cards at the terminal."""

import subprocess
import sys

import pytest
from console_samples import FINISHED, OPEN, Screen
from sqlalchemy import insert, select

from bot.console.scorecard_commands import compare_cards
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import App
from storage.tables import INTERVIEWS, SCORECARDS

AGAIN = "again234"


async def copy_finished(app: App) -> None:
    """Store the played drill a second time, as a later interview with the same card."""

    def copy(connection) -> None:
        row = connection.execute(select(INTERVIEWS).where(INTERVIEWS.c.id == FINISHED)).one()
        started = row.started_at.replace(year=row.started_at.year + 1)
        finished = row.finished_at.replace(year=row.finished_at.year + 1)
        later = {"id": AGAIN, "started_at": started, "finished_at": finished}
        connection.execute(insert(INTERVIEWS), {**row._mapping, **later})
        card = connection.execute(
            select(SCORECARDS).where(SCORECARDS.c.interview_id == FINISHED)
        ).one()
        text = card.card.replace(FINISHED, AGAIN).replace(
            f'"started_at": "{row.started_at.year}', f'"started_at": "{started.year}'
        )
        connection.execute(
            insert(SCORECARDS), {**card._mapping, "interview_id": AGAIN, "card": text}
        )

    await app.database.run(copy)


@pytest.mark.parametrize("ids", [(FINISHED, AGAIN), (AGAIN, FINISHED), (FINISHED, None)])
async def test_the_older_card_is_then_and_the_newer_now(
    app: App, screen: Screen, ids: tuple[str, str | None]
) -> None:
    """In whichever order they are named; the latest stands in for the second."""
    await copy_finished(app)

    await compare_cards(app, screen.console, *ids)

    text = " ".join(screen.text().split())
    assert text.index("2 March 2026") < text.index("2 March 2027")
    assert "within one point says nothing" in text
    assert "Stages" in text


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        ((FINISHED, FINISHED), "cannot be compared with itself"),
        ((FINISHED, None), "cannot be compared with itself"),
        ((FINISHED, "nobody"), "no interview 'nobody'"),
        ((FINISHED, OPEN), "is not over"),
    ],
)
async def test_what_cannot_be_compared_is_said(
    app: App, screen: Screen, ids: tuple[str, str | None], why: str
) -> None:
    """One and the same, unknown, or not yet graded."""
    with pytest.raises(UsageError, match=why):
        await compare_cards(app, screen.console, *ids)


def test_the_command_is_there(settings: Settings) -> None:
    """It takes ids, and ends with a clear message where they are no two interviews."""
    command = [sys.executable, "-m", "bot", "scorecards", "compare", FINISHED]
    done = subprocess.run(
        [*command, "--database", str(settings.database_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be compared with itself" in done.stderr
