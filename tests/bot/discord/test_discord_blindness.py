"""Who has seen what: names that were left out, and ratings of one interview in several places."""

import re

import pytest
from conftest import Hall
from study_circle import (
    Circle,
    forge,
    found_group,
    give_role,
    graded_interview,
    hands_in,
    open_circle,
    share,
    shared_card,
    unshare,
)

from bot.discord.people import owner_of
from scoring.disputes import Dispute, Override, ReviewerRole
from scoring.groups import Role
from scoring.verdicts import Verdict
from storage.notes import add_dispute, add_override
from storage.scorecards import load_scorecard
from storage.self_ratings import load_own_review
from storage.shares import Share, shares_of_interview
from storage.sheets import load_review
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


# --- ratings that were seen already --------------------------------------------------------


async def test_a_candidate_who_opened_a_share_has_opened_the_card(hall: Hall) -> None:
    """Taken down and shared again, their second sheet is no blind one; neither is the peer's."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    interview = await graded_interview(hall, alice, rate_first=True)
    await share(circle, alice, interview)
    for person in (alice, bob):
        await hands_in(person, circle, "3", "2")
        await person.presses(circle.channel, "Open the ratings")
    own = await load_own_review(circle.app.database, interview)
    assert own.card_opened_at is not None
    await unshare(circle.channel, alice, interview)
    await share(circle, alice, interview)
    posted = await carol.sees(circle.channel, "Handed in so far: nobody")

    for person, rating in ((alice, "1"), (bob, "4"), (carol, "2")):
        await hands_in(person, circle, rating, rating, on=posted)

    opened = await carol.presses(posted, "Open the ratings")
    assert await _late(circle, interview) == {owner_of(alice), owner_of(bob)}
    row = next(line for line in opened.text.split("\n") if "Fundamentals" in line)
    assert re.search(r"Fundamentals +1\* +(4\* 2|2 4\*) ", row)
    assert "given after seeing the bot's ratings" in opened.text


async def test_a_reviewer_in_two_groups_is_blind_in_the_first_alone(hall: Hall) -> None:
    """What was opened in one group marks the sheet in the other, the whole card as the columns."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    interview = await shared_card(circle, alice, group=circle.group.id)
    share_id = (await shares_of_interview(circle.app.database, interview))[0].id
    for person in (bob, carol):
        await hands_in(person, circle, "1", "1")
    first = await bob.sees(circle.channel, "Review:")
    await forge(bob, first, f"hs:shared:{share_id}:1.1")
    second = await found_group(circle, "Second")
    await share(circle, alice, interview, group=second.id)
    posted = await bob.sees(circle.channel, "Shared by .* with Second|with \\*\\*Second")

    for person in (bob, carol):
        await hands_in(person, circle, "3", "3", on=posted)

    newest, oldest = await shares_of_interview(circle.app.database, interview)
    assert await _late_on(circle, newest) == {owner_of(bob)}
    assert await _late_on(circle, oldest) == set()


async def test_a_closed_share_marks_nobody(hall: Hall) -> None:
    """Whoever is refused has seen nothing, and rates blind."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await shared_card(circle, alice)
    assert "Rate it first" in (await bob.presses(circle.channel, "Open the ratings")).text

    await hands_in(bob, circle, "1", "1")

    assert await _late(circle, interview) == set()


async def _late(circle: Circle, interview: str) -> set[str]:
    (shared,) = await shares_of_interview(circle.app.database, interview)
    return await _late_on(circle, shared)


async def _late_on(circle: Circle, shared: Share) -> set[str]:
    """Whose sheets came after their rater had seen the ratings."""
    review = await load_review(circle.app.database, shared.server, shared.id)
    assert all(one.submitted_at for one in review.sheets)
    return {one.rater for one in review.sheets if one.after_card}


@pytest.mark.parametrize(
    ("line", "options"), [("/scorecard export", {"form": "data"}), ("/privacy export", {})]
)
async def test_an_export_opens_the_card_that_it_holds(
    hall: Hall, line: str, options: dict[str, str]
) -> None:
    """Everything can be taken along; whoever does has seen the ratings, and is told so once."""
    circle = await open_circle(hall, "alice", "bob")
    alice, _ = circle.people
    interview = await graded_interview(hall, alice, rate_first=True)

    sent = [await (await alice.runs(alice.dm(), line, **options)).finished() for _ in range(2)]

    assert "you have seen them" in sent[0].text
    assert "you have seen them" not in sent[1].text
    review = await load_own_review(circle.app.database, interview)
    assert review.card_opened_at is not None
    await share(circle, alice, interview)
    await hands_in(alice, circle, "3", "3")
    assert await _late(circle, interview) == {owner_of(alice)}


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
