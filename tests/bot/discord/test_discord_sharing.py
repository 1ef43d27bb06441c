"""The look at a card before it is shared: what is chosen on it is what is posted."""

import asyncio

from conftest import Hall
from study_circle import forge, graded_interview, open_circle

from bot.discord.views.sharing import Offer
from storage.shares import shares_of_interview


async def test_a_name_that_was_just_chosen_is_never_posted(hall: Hall) -> None:
    """Share pressed before the choice is shown posts nothing; pressed again it leaves it out."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await graded_interview(hall, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()

    picked = alice.picks(offer, "Names to leave out …", ["Initech"])
    await asyncio.gather(picked, alice.presses(offer, "Share"))
    await alice.sees(circle.channel, "The list has just changed")
    assert await shares_of_interview(circle.app.database, interview) == ()

    await alice.presses(offer, "Share")
    await alice.sees(circle.channel, r"Shared: <#\d+>")
    assert "Initech" not in (await bob.presses(circle.channel, "Read")).text


async def test_a_share_button_of_other_names_is_refused(hall: Hall) -> None:
    """A button that was made for other names than the message shows shares nothing."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await graded_interview(hall, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()

    stale = Offer(interview, circle.group.id, anonymous=False).go(["Initech"])
    await forge(alice, offer, stale.custom_id)

    await alice.sees(circle.channel, "The list has just changed")
    assert await shares_of_interview(circle.app.database, interview) == ()


async def test_a_choice_that_was_refused_leaves_the_look_as_it_was(hall: Hall) -> None:
    """After too many names the card can still be shared as the message shows it."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await graded_interview(hall, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()

    form = await alice.presses(offer, "Other names …")
    await alice.fills(form, {"names": ", ".join(f"Name{n}" for n in range(30))})
    await alice.sees(circle.channel, "25 names at most")

    await alice.presses(offer, "Share")
    await alice.sees(circle.channel, r"Shared: <#\d+>")
