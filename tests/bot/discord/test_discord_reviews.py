"""Cards shared with a study group on Discord: rated blind, then opened, in columns; taken down."""

import re

import pytest
from conftest import Hall
from study_circle import (
    ANSWERS,
    Circle,
    forge,
    give_role,
    graded_interview,
    hands_in,
    open_circle,
    rates,
    share,
    shared_card,
    unshare,
)

from bot.discord.groups.postings import finish_postings, take_down_shares
from bot.discord.groups.rating import own_review
from bot.discord.people import owner_of
from bot.discord.views.sharing import Offer
from scoring.disputes import Dispute
from scoring.groups import Role, leave
from storage.groups import change_group
from storage.notes import add_dispute
from storage.scorecards import load_scorecard
from storage.shares import Share, add_share, shares_of_interview, unplaced_shares
from storage.tables import SHARES
from tests.discord_stub import Call, Person

BOT_WORDS = re.compile(r"\*\*Bot\*\*|not detected|▰|Bot  |nothing usable")
WORDS_OF_A_PEER = "what a peer wrote"


async def the_share(circle: Circle, interview: str) -> Share:
    """The only share of the interview."""
    (found,) = await shares_of_interview(circle.app.database, interview)
    return found


def everything_seen(circle: Circle, person: Person) -> str:
    """All that the person has on their screens on the server and in direct messages."""
    places = [circle.channel, *(one for one in circle.guild.channels.values() if one.is_thread)]
    return "\n".join(person.screen(place) for place in [*places, person.dm()])


# --- the whole way ------------------------------------------------------------------------


async def test_a_blind_review_from_start_to_columns(hall: Hall) -> None:
    """A candidate and three members rate; nobody sees a rating of others before their own is in.

    The bot is restarted in the middle: drafts, controls and what was posted stay.
    """
    circle = await open_circle(hall, "alice", "bob", "carol", "dave")
    alice, bob, carol, dave = circle.people
    interview = await shared_card(circle, alice, redact="Initech, Globex")
    assert "Initech" not in everything_seen(circle, bob)
    read = await bob.presses(circle.channel, "Read")
    await bob.presses(read, "Next")
    assert "[redacted 1\\] a token is a piece" in read.text.replace("\\[", "[")
    draft = await rates(bob, circle, "4: leads", comment=WORDS_OF_A_PEER)
    assert "1 to rate" in draft.text

    await hall.restart()

    await _goes_on(bob, draft)
    await _sees_no_rating(circle, alice, carol, dave)
    await carol.sees(circle.channel, "Handed in so far: 1 reviewer")
    await hands_in(carol, circle, "1", "2", comment="carol ")
    await hands_in(alice, circle, "3", "Not reached")
    await hands_in(dave, circle, "3", "2")

    opened = await alice.presses(circle.channel, "Open the ratings")
    row = next(line for line in opened.text.split("\n") if "Fundamentals" in line)
    assert re.search(r"Fundamentals +3 +(\d ?){3} +\d.*≠", row)
    assert "n/r" in opened.text
    await alice.presses(opened, "Next")
    assert "3 apart" in opened.text
    assert carol.mention in opened.text
    assert WORDS_OF_A_PEER in opened.text
    assert re.search(r"Turn 2: “At .*redacted", opened.text)
    await alice.presses(opened, "Whole card")
    assert "Scorecard: Questions" in opened.text
    assert "## Overview" in opened.text
    for place in (circle.channel, circle.thread()):
        for message in place.messages.values():
            assert message.only_for or not BOT_WORDS.search(message.text)
            assert message.only_for or WORDS_OF_A_PEER not in message.text
    assert (await the_share(circle, interview)).thread == str(circle.thread().id)


async def _goes_on(bob: Person, draft: Call) -> None:
    """From the draft on the screen, whose first stage is rated, to the sheet handed in."""
    form = await bob.picks(draft, "Rate a stage …", ["0"])
    assert WORDS_OF_A_PEER in form.modal.text
    second = await bob.picks(draft, "Rate a stage …", ["1"])
    answers = {"Rating": "2", "Words that you quote": "chooses its own  STEPS"}
    sheet = await bob.fills(second, answers)
    assert "“chooses its own steps" in sheet.text
    await bob.presses(sheet, "Hand in")


async def _sees_no_rating(circle: Circle, *others: Person) -> None:
    """Nobody sees what bob gave, or a word of the bot's, and the ratings do not open."""
    for other in others:
        seen = everything_seen(circle, other)
        assert WORDS_OF_A_PEER not in seen
        assert not BOT_WORDS.search(seen)
        refused = await other.presses(circle.channel, "Open the ratings")
        assert "Rate it first" in refused.text


# --- who may -------------------------------------------------------------------------------


@pytest.mark.parametrize("button", ["Read", "Rate", "Open the ratings", "Take down"])
async def test_a_stranger_cannot_press_anything_on_a_shared_card(hall: Hall, button: str) -> None:
    """Somebody on the server who is not in the group is refused, and shown nothing."""
    circle = await open_circle(hall, "alice", "bob")
    await shared_card(circle, circle.people[0])
    mallory = hall.stub.add_user("mallory")
    circle.guild.add_member(mallory)
    refused = await mallory.presses(circle.channel, button)
    assert re.search("not shared with you|not a member", refused.text)
    assert "token is a piece" not in mallory.screen(circle.channel)


async def test_a_stranger_cannot_use_another_ones_forms_menus_and_pages(hall: Hall) -> None:
    """Every control that a member has is refused where a stranger forges it."""
    circle = await open_circle(hall, "alice", "bob")
    interview = await shared_card(circle, circle.people[0])
    share_id = (await the_share(circle, interview)).id
    mallory = hall.stub.add_user("mallory")
    circle.guild.add_member(mallory)
    posted = await mallory.sees(circle.channel, "Review:")
    presses = ["rate_submit", "rate_read", "share_disputes", "take_down_sure"]
    for action in presses:
        refused = await forge(mallory, posted, f"hs:{action}:{share_id}")
        assert re.search("not shared with you|not a member", refused.text), action
    for action, value in {
        "rate_stage": "0",
        "rate_read": "1.2",
        "open_ratings": "1.1",
        "shared": "1.1",
        "dispute_answer": "x",
    }.items():
        custom_id = f"pickhs:{action}:{share_id}"
        refused = await forge(mallory, posted, custom_id, values=(value,))
        assert re.search("not shared with you|not a member", refused.text), action
    assert await shares_of_interview(circle.app.database, interview)


async def test_a_members_page_of_the_card_stays_closed_before_they_rated(hall: Hall) -> None:
    """The bot's card and the disputes open by no forged page number either."""
    circle = await open_circle(hall, "alice", "bob")
    interview = await shared_card(circle, circle.people[0])
    share_id = (await the_share(circle, interview)).id
    bob = circle.people[1]
    posted = await bob.sees(circle.channel, "Review:")
    for custom_id in (f"hs:shared:{share_id}:1.1", f"hs:share_disputes:{share_id}"):
        assert "Rate it first" in (await forge(bob, posted, custom_id)).text
    refused = await forge(bob, posted, f"pickhs:open_ratings:{share_id}", values=("1.2",))
    assert "Rate it first" in refused.text


async def test_nobody_rates_twice(hall: Hall) -> None:
    """After handing in neither a form left open nor the button changes anything."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    await shared_card(circle, circle.people[0])
    sheet = await rates(bob, circle, "4: leads", "4: leads")
    left_open = await bob.picks(sheet, "Rate a stage …", ["0"])
    source = sheet.message
    await bob.presses(sheet, "Hand in")
    refused = await bob.fills(left_open, {"Rating": "1"})
    assert "no longer change" in refused.text
    share_id = re.search(r"hs:open_ratings:([\w-]+)", str(source.components))[1]
    assert "no longer change" in (await forge(bob, source, f"hs:rate_submit:{share_id}")).text
    again = await bob.presses(circle.channel, "Rate")
    assert "4, leads" in again.text
    assert "Rate a stage" not in again.text


async def test_a_sheet_with_a_stage_left_out_is_not_taken(hall: Hall) -> None:
    """The button is off until all is rated, and a forged press names what is left."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    interview = await shared_card(circle, circle.people[0])
    share_id = (await the_share(circle, interview)).id
    sheet = await rates(bob, circle, "4: leads")
    with pytest.raises(AssertionError, match="disabled"):
        await bob.presses(sheet, "Hand in (1 to rate)")
    refused = await forge(bob, sheet.message, f"hs:rate_submit:{share_id}")
    assert "Still to be rated: Agents" in refused.text


async def test_the_share_of_another_server_finds_nothing(hall: Hall) -> None:
    """Even a member of its group cannot reach it from elsewhere by its id."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    interview = await shared_card(circle, circle.people[0])
    share_id = (await the_share(circle, interview)).id
    elsewhere = hall.stub.add_guild("Elsewhere", members=[bob]).text_channel("general")
    source = (await bob.runs(elsewhere, "/group join", code="x")).message
    for action in ("rate", "rate_read", "open_ratings", "shared", "take_down"):
        refused = await forge(bob, source, f"hs:{action}:{share_id}")
        assert "no longer shared here" in refused.text, action


async def test_leaving_the_group_closes_what_it_shares(hall: Hall) -> None:
    """Also for whoever had handed in and could see the ratings."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    await shared_card(circle, circle.people[0])
    handed_in = await hands_in(bob, circle, "4: leads", "4: leads")
    await change_group(
        circle.app.database,
        circle.group.server,
        circle.group.id,
        lambda group: leave(group, owner_of(bob)),
    )
    assert "not shared with you" in (await bob.presses(handed_in, "Open the ratings")).text
    assert "not shared with you" in (await bob.presses(circle.channel, "Read")).text


async def test_nobody_shares_the_interview_of_another(hall: Hall) -> None:
    """Neither by the command nor by a forged button, nor with a group that is not theirs."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await graded_interview(hall, alice)
    await graded_interview(hall, bob)
    call = await bob.runs(circle.channel, "/scorecard share", interview=interview)
    refused = await call.finished()
    assert "not an interview of yours" in refused.text
    forged = await forge(bob, refused, Offer(interview, circle.group.id, False).go(()).custom_id)
    await bob.sees(circle.channel, "not an interview of yours", after=refused)
    assert forged.messages
    assert await shares_of_interview(circle.app.database, interview) == ()
    mallory = hall.stub.add_user("mallory")
    circle.guild.add_member(mallory)
    own = await graded_interview(hall, mallory)
    source = (await mallory.runs(circle.channel, "/group join", code="x")).message
    await forge(mallory, source, Offer(own, circle.group.id, False).go(()).custom_id)
    await mallory.sees(circle.channel, "not a member|no study group", after=source)
    assert await shares_of_interview(circle.app.database, own) == ()


# --- what is shared ------------------------------------------------------------------------


async def test_the_look_before_sharing_counts_what_is_left_out(hall: Hall) -> None:
    """Names are chosen, typed and counted before anything is posted; nothing is posted before."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await graded_interview(hall, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()
    assert "Nothing is left out" in offer.text
    form = await alice.presses(offer, "Other names …")
    await alice.fills(form, {"names": "Globex; Initech"})
    await alice.sees(circle.channel, "Globex: none found; Initech: 2 places")
    await alice.picks(offer, "Names to leave out …", ["Initech"])
    await alice.no_longer_sees(circle.channel, "Globex: none found")
    assert "Initech: 2 places" in offer.text
    assert "Review:" not in alice.screen(circle.channel)
    assert await shares_of_interview(circle.app.database, interview) == ()


async def test_an_anonymous_share_nowhere_names_the_candidate(hall: Hall) -> None:
    """No name, mention or id of the candidate is in what others see, nor in any custom id."""
    circle = await open_circle(hall, "Alice Doe", "bob", "carol")
    alice, bob, carol = circle.people
    answers = ("I am Alice Doe and a token is a piece of a word.", *ANSWERS[1:])
    interview = await graded_interview(hall, alice, answers)
    await share(circle, alice, interview, anonymous=True)
    await hands_in(alice, circle, "1", "1")
    await hands_in(bob, circle, "4: leads", "4: leads")
    pages = [await bob.presses(circle.channel, "Read")]
    pages.append(await bob.presses(pages[0], "Next"))
    seen = [page.text for page in pages]
    opened = await bob.presses(circle.channel, "Open the ratings")
    for _ in range(2):
        await bob.presses(opened, "Next")
        seen.append(opened.text)
    await bob.presses(opened, "Whole card")
    seen += [opened.text, everything_seen(circle, bob), everything_seen(circle, carol)]
    messages = [
        one for place in (circle.channel, circle.thread()) for one in place.messages.values()
    ]
    seen += [str(one.payload()) for one in messages if one.only_for is not alice.user]
    seen.append(circle.thread().name)
    for text in seen:
        assert "Alice" not in text
        assert str(alice.id) not in text.replace(f"'owner_id': '{alice.id}'", "")
    assert interview not in "".join(seen)
    assert any("Reviewer 1" in text for text in seen)


async def test_what_people_write_is_harmless(hall: Hall) -> None:
    """Comments and answers with Markdown and mentions are shown as they were typed."""
    hostile = "**x** @everyone <@1> [a](https://evil.example)"
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await graded_interview(hall, alice, (hostile, *ANSWERS[1:]))
    await share(circle, alice, interview)
    form = await bob.picks(await bob.presses(circle.channel, "Rate"), "Rate a stage …", ["0"])
    sheet = await bob.fills(
        form, {"Rating": "1", "Comment": hostile, "Words that you quote": hostile}
    )
    second = await bob.picks(sheet, "Rate a stage …", ["1"])
    sheet = await bob.fills(second, {"Rating": "1"})
    await bob.presses(sheet, "Hand in")
    opened = await bob.presses(circle.channel, "Open the ratings")
    await bob.presses(opened, "Next")
    read = await bob.presses(circle.channel, "Read")
    await bob.presses(read, "Next")
    for message in (opened, read):
        assert "@everyone" not in message.text
        assert "<@1>" not in message.text
        assert "[a](" not in message.text
        assert r"\*\*x\*\*" in message.text


async def test_words_that_were_not_said_cost_nobody_their_rating(hall: Hall) -> None:
    """The rating and the comment are kept, the quote alone is refused."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    await shared_card(circle, circle.people[0])
    sheet = await bob.presses(circle.channel, "Rate")
    form = await bob.picks(sheet, "Rate a stage …", ["0"])
    kept = await bob.fills(
        form, {"Rating": "3", "Comment": "sound", "Words that you quote": "never said"}
    )
    assert "the quote is not" in kept.text
    assert "3, meets the level" in kept.text
    assert "sound" in kept.text


async def test_a_card_is_shared_with_a_group_once(hall: Hall) -> None:
    """The second time says how to share it anew, and posts nothing."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await shared_card(circle, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()
    await alice.presses(offer, "Share")
    await alice.sees(circle.channel, "shared with the group already")
    assert len(_posted(circle)) == 1


# --- once, and gone ------------------------------------------------------------------------


async def test_a_card_that_was_posted_before_a_crash_is_found_again(hall: Hall) -> None:
    """At the next start the message is recognised, with its thread, and posted no second time."""
    circle = await open_circle(hall, "alice")
    interview = await shared_card(circle, circle.people[0])
    before = await the_share(circle, interview)
    await _forget_place(circle, before)
    await hall.restart()
    await finish_postings(hall.bot)
    assert await unplaced_shares(hall.bot.app.database) == ()
    after = await the_share(circle, interview)
    assert (after.message, after.thread) == (before.message, before.thread)
    assert len(_posted(circle)) == 1


async def test_a_share_that_was_stored_but_not_posted_is_posted_at_the_next_start(
    hall: Hall,
) -> None:
    """A crash before the message leaves nothing behind that nobody can see."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await graded_interview(hall, alice)
    app, group = circle.app, circle.group
    review, now = await own_review(app, interview), app.services.clock.now()
    await add_share(app.database, group.server, group.id, review, interview_id=interview, at=now)
    await hall.restart()
    await alice.sees(circle.channel, "Review:")
    await finish_postings(hall.bot)
    posted = await the_share(circle, interview)
    assert posted.message is not None
    assert posted.thread == posted.message
    assert len(_posted(circle)) == 1


async def test_a_lost_answer_of_discord_posts_no_card_twice(hall: Hall) -> None:
    """The message was taken and its receipt was lost: pressing again finds it."""
    circle = await open_circle(hall, "alice")
    (alice,) = circle.people
    interview = await graded_interview(hall, alice)
    call = await alice.runs(circle.channel, "/scorecard share", interview=interview)
    offer = await call.finished()
    hall.stub.answered_but_lost("POST", f"/channels/{circle.channel.id}/messages")
    await alice.presses(offer, "Share")
    await alice.sees(circle.channel, "The line to Discord broke")
    await alice.presses(offer, "Share")
    await alice.sees(circle.channel, r"Shared: <#\d+>")
    assert "went wrong" not in alice.screen(circle.channel)
    assert len(_posted(circle)) == 1


def _posted(circle: Circle) -> list:
    """What everybody sees in the channel."""
    return [one for one in circle.channel.messages.values() if not one.only_for]


async def test_unshare_removes_message_thread_and_rows_everywhere(hall: Hall) -> None:
    """Nothing is left in the channel, and the ratings are gone."""
    circle = await open_circle(hall, "alice", "bob")
    circle.guild.allow_bot("manage_threads")
    alice, bob = circle.people
    interview = await shared_card(circle, alice)
    await hands_in(bob, circle, "4: leads", "4: leads", comment=WORDS_OF_A_PEER)
    await unshare(circle.channel, alice, interview)
    assert await shares_of_interview(circle.app.database, interview) == ()
    assert not _posted(circle)
    assert not [one for one in circle.guild.channels.values() if one.is_thread]


async def test_taking_down_bears_with_what_is_gone_already(hall: Hall) -> None:
    """A message and a thread that a moderator deleted are passed over; the rows go."""
    circle = await open_circle(hall, "alice")
    interview = await shared_card(circle, circle.people[0])
    posted = await circle.people[0].sees(circle.channel, "Review:")
    thread = circle.thread()
    thread.delete()
    posted.deleted = True
    del circle.channel.messages[posted.id]
    assert await take_down_shares(hall.bot, interview) == (1, ())
    assert await take_down_shares(hall.bot, interview) == (0, ())


async def test_an_owner_takes_down_what_others_share_and_a_member_does_not(hall: Hall) -> None:
    """A member is refused before anything goes."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    interview = await shared_card(circle, bob)
    refused = await carol.presses(circle.channel, "Take down")
    assert "may take down" in refused.text
    asked = await alice.presses(circle.channel, "Take down")
    done = await alice.presses(asked, "Take it down")
    assert "Manage Threads" in (await done.finished()).text
    assert await shares_of_interview(circle.app.database, interview) == ()
    assert circle.thread().name == "Taken down"


# --- beside it -----------------------------------------------------------------------------


async def test_a_reviewer_answers_a_dispute_beside_the_verdict(hall: Hall) -> None:
    """After rating; a member has no such button, and the bot's verdict stays."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    await give_role(circle, bob, Role.REVIEWER)
    interview = await shared_card(circle, alice)
    await _dispute(circle, alice, interview, "But I said it.")
    for person in (bob, carol):
        await hands_in(person, circle, "4: leads", "4: leads")
    opened = await carol.presses(circle.channel, "Open the ratings")
    assert "Answer a dispute" not in opened.text
    opened = await bob.presses(circle.channel, "Open the ratings")
    listed = await bob.presses(opened, "Answer a dispute")
    assert "But I said it." in listed.text
    form = await bob.picks(listed, "Answer …", [_first_option(listed)])
    said = await bob.fills(form, {"Your verdict": "Hit", "Reason": "It is in turn two."})
    assert "stands beside" in said.text
    opened = await carol.presses(circle.channel, "Open the ratings")
    await carol.presses(opened, "Whole card")
    await carol.presses(opened, "Next")
    assert "A reviewer says: ✓ hit" in opened.text
    assert "It is in turn two." in opened.text


async def test_reasons_of_disputes_are_hidden_where_names_were_left_out(hall: Hall) -> None:
    """A reason is not redacted, so it is not shown."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    await give_role(circle, bob, Role.OWNER)
    interview = await shared_card(circle, alice, redact="Initech")
    await _dispute(circle, alice, interview, "At Initech I said it.")
    await hands_in(bob, circle, "4: leads", "4: leads")
    opened = await bob.presses(circle.channel, "Open the ratings")
    listed = await bob.presses(opened, "Answer a dispute")
    assert "names were left out" in listed.text
    assert "Initech" not in everything_seen(circle, bob)


async def test_the_candidate_rates_before_the_card_opens_and_then_sees_it(hall: Hall) -> None:
    """A sheet handed in before is no late one, and goes along when the card is shared."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await graded_interview(hall, alice, rate_first=True)
    call = await alice.runs(circle.channel, "/scorecard show", interview=interview)
    await call.finished()
    sheet = await alice.presses(circle.channel, "Rate myself first")
    for index in ("0", "1"):
        form = await alice.picks(sheet, "Rate a stage …", [index])
        sheet = await alice.fills(form, {"Rating": "2", "Comment": "so so at Initech"})
    assert "Bot" not in sheet.text
    await alice.presses(sheet, "Hand in")
    await alice.sees(circle.channel, "Scorecard:")
    await share(circle, alice, interview, redact="Initech")
    await hands_in(bob, circle, "4: leads", "4: leads")
    opened = await bob.presses(circle.channel, "Open the ratings")
    assert re.search(r"Fundamentals +2 +4", opened.text)
    assert "*" not in opened.text.split("```")[1]
    await bob.presses(opened, "Next")
    assert "so so at" in opened.text
    assert "Initech" not in opened.text


async def test_nobody_rates_the_own_sheet_of_another(hall: Hall) -> None:
    """The controls of a candidate's own rating are refused to others."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    interview = await graded_interview(hall, alice, rate_first=True)
    source = (await bob.runs(circle.channel, "/group join", code="x")).message
    for action in ("self_rate", "self_read", "self_submit"):
        refused = await forge(bob, source, f"hs:{action}:{interview}")
        assert "not shared with you" in refused.text, action
    picked = await forge(bob, source, f"pickhs:self_stage:{interview}", values=("0",))
    assert "not shared with you" in picked.text


async def _forget_place(circle: Circle, share: Share) -> None:
    """The share as it was stored, right before it was posted."""
    statement = SHARES.update().where(SHARES.c.id == share.id)
    nowhere = statement.values(message=None, thread=None)
    await circle.app.database.run(lambda connection: connection.execute(nowhere))


async def _dispute(circle: Circle, person: Person, interview: str, reason: str) -> None:
    """The candidate disputes the first verdict."""
    card = await load_scorecard(circle.app.database, interview)
    key = card.rounds[0].stages[0].verdicts[0].key
    dispute = Dispute("d1", card.revision, 0, key, reason, circle.app.services.clock.now())
    await add_dispute(circle.app.database, interview, dispute, by=owner_of(person))


def _first_option(call) -> str:
    return re.search(r"'value': '(d1)'", str(call.message.components))[1]
