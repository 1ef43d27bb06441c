"""People with graded interviews: stored at once, instead of played message by message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conftest import Hall

from bot.discord.people import EDGE
from bot.rounds import Manner, drill_round, interview_settings
from bot.rounds import Person as Candidate
from bot.wiring import App, open_sessions
from interviewer.clock import Clock, ManualClock
from interviewer.ports import Mouth, StoredInterview
from interviewer.session import Session
from interviewer.state import EventKind, InterviewState
from interviewer.view import Phase
from scenarios.model import Level
from storage.places import Place, PlaceKind, open_interview
from tests.discord_stub.person import Person

START = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=45)
"""Long enough ago for practice to be due again, and not so long that the interview is deleted."""

TOKENS, AGENTS = "what-is-a-token", "agent-vs-chain"
ANSWER = (
    "A tokn is a piece of a word; the tokenizer cuts text into them, and both the context window "
    "and the price are counted in tokens."
)
MORE = "An agent chooses its own steps, a chain has fixed ones."


class SilentMouth(Mouth):
    """Takes every utterance as shown at once."""

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        """All of it."""
        return len(text)


def owner(person: Person) -> str:
    """Under which name the person's interviews are kept."""
    return f"{EDGE}:{person.id}"


def with_clock(app: App, clock: Clock) -> App:
    """The same application at another time."""
    return replace(app, services=replace(app.services, clock=clock))


async def drilled(
    hall: Hall,
    person: Person,
    interview_id: str,
    *,
    questions: tuple[str, ...] = (TOKENS,),
    answers: tuple[str, ...] = (ANSWER, MORE, MORE),
    days: float = 0,
    rate_first: bool = False,
    over: bool = True,
) -> str:
    """Store a drill of the person's, begun so many days after `START`; returns its id."""
    clock = ManualClock(START + timedelta(days=days))
    app = with_clock(hall.bot.app, clock)
    spec = drill_round(app.services.library, questions)
    who = Candidate(owner(person), EDGE)
    settings = interview_settings(app.services.library, (spec,), Level.MID, Manner(), who)
    place = Place(
        interview_id,
        owner(person),
        PlaceKind.DM,
        str(person.dm().id),
        heard="0",
        rate_first=rate_first,
        closed=over,
    )
    async with open_sessions(app) as sessions:
        opened = StoredInterview(interview_id, settings, InterviewState(), clock.now(), None)
        await open_interview(app.database, opened, place)
        session = sessions(interview_id, SilentMouth())
        await session.report(EventKind.BEGAN)
        await _answer(session, clock, answers)
        if over and not await _is_over(session):
            await session.report(EventKind.END)
    return interview_id


async def _answer(session: Session, clock: ManualClock, answers: tuple[str, ...]) -> None:
    for answer in answers:
        if await _is_over(session):
            return
        clock.advance(20)
        await session.report(EventKind.SAID, answer)


async def _is_over(session: Session) -> bool:
    return (await session.view()).phase is Phase.OVER
