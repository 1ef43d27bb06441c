"""Who has seen what: names that were left out, and ratings of one interview in several places."""

from conftest import Hall
from study_circle import (
    Circle,
    found_group,
    give_role,
    hands_in,
    open_circle,
    share,
    shared_card,
)

from bot.discord.people import owner_of
from scoring.disputes import Dispute, Override, ReviewerRole
from scoring.groups import Role
from scoring.verdicts import Verdict
from storage.notes import add_dispute, add_override
from storage.scorecards import load_scorecard
from storage.shares import shares_of_interview
from tests.discord_stub import Call, Person
from tests.discord_stub.forms import find_button

# --- names that were left out --------------------------------------------------------------


async def test_an_answer_to_a_dispute_names_nobody_on_another_share(hall: Hall) -> None:
    """What a reviewer wrote where names are shown is hidden where they are left out."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    second = await found_group(circle, "Second")
    await give_role(circle, bob, Role.REVIEWER)
    interview = await shared_card(circle, alice, group=circle.group.id)
    await _answered_dispute(circle, interview, "Alice of Initech did say it")
    await share(circle, alice, interview, group=second.id, anonymous=True, redact="Initech")
    posted = await carol.sees(circle.channel, "Shared anonymously")

    await hands_in(carol, circle, "3", "3", on=posted)
    seen = await _whole_card(carol, await carol.presses(posted, "Open the ratings"))

    assert "A reviewer says: ✓ hit" in seen
    assert "names were left out" in seen
    assert "Initech" not in seen
    assert "did say it" not in seen


# --- figures -------------------------------------------------------------------------------


async def test_figures_give_no_sheet_away_that_is_closed(hall: Hall) -> None:
    """Asked before and after others hand in, they are the same; one's own sheet opens them."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    await shared_card(circle, alice)
    before = await _figures(circle, carol)
    await hands_in(bob, circle, "4: leads", "1")
    await hands_in(alice, circle, "2", "2")

    assert await _figures(circle, carol) == before
    assert "1 shared card is not open to you" in before
    await hands_in(carol, circle, "3", "3")
    after = await _figures(circle, carol)
    assert "not open to you" not in after
    assert "1 of 20 ratings in common" in after


async def _figures(circle: Circle, person: Person) -> str:
    call = await person.runs(circle.channel, "/group figures")
    return (await call.finished()).text


async def _answered_dispute(circle: Circle, interview: str, reason: str) -> None:
    """The candidate disputes the first verdict, and the second person, a reviewer, answers."""
    alice, bob, *_ = circle.people
    database, now = circle.app.database, circle.app.services.clock.now()
    card = await load_scorecard(database, interview)
    key = card.rounds[0].stages[0].verdicts[0].key
    dispute = Dispute("d1", card.revision, 0, key, "I said it at Initech", now)
    await add_dispute(database, interview, dispute, by=owner_of(alice))
    (shared,) = await shares_of_interview(database, interview)
    override = Override("d1", Verdict.HIT, reason, ReviewerRole.REVIEWER, now)
    await add_override(database, shared.server, shared.id, override, by=owner_of(bob))


async def _whole_card(person: Person, opened: Call) -> str:
    """The text of every page of the card behind the columns."""
    await person.presses(opened, "Whole card")
    seen = [opened.text]
    while (button := find_button(opened.message, "Next")) and not button.get("disabled"):
        await person.presses(opened, "Next")
        seen.append(opened.text)
    return "\n".join(seen)
