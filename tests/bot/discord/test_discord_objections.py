"""`/scorecard correct` and `dispute`: what a candidate has to say about their own card."""

import pytest
from card_owner import AGENTS, ANSWER, MORE, TOKENS, drilled
from conftest import Hall
from study_circle import forge

from storage.corrections import corrections_of
from storage.notes import notes_of
from storage.scorecards import load_scorecard
from tests.discord_stub import Call
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person

FIXED = ANSWER.replace("tokn", "token")
TURN, VERDICT = "Choose an answer …", "Choose a verdict …"
LONG = "The model reads tokens. " * 200 + "The tokn is a piece of a word. " + "It costs. " * 100


async def ask(person: Person, command: str) -> Message:
    """The menu of the command for the latest interview."""
    call = await person.runs(person.dm(), f"/scorecard {command}")
    return await call.finished()


async def correct(person: Person, menu: Message, value: str, text: str) -> tuple[Call, str]:
    """Pick the answer, send the text in; the opened form and what the bot said to it."""
    form = await person.picks(menu, TURN, [value])
    sent = await person.fills(form, {"text": text})
    return form, (await sent.finished()).text


def field_of(form: Call) -> str:
    """What stands in the form's only field."""
    assert form.modal is not None
    return form.modal["components"][0]["component"]["value"]


async def test_a_mistyped_word_is_corrected(hall: Hall, alice: Person) -> None:
    """The form holds the answer; the new revision says what changed; the first one stays."""
    await drilled(hall, alice, "drilled2")
    menu = await ask(alice, "correct")
    assert "2 · A tokn is a piece of a word" in menu.text

    form, said = await correct(alice, menu, "1.1.1", FIXED)

    assert field_of(form) == ANSWER
    assert "Turn 2 is corrected: this is revision 2" in said
    assert "“tokn” became “token”" in said
    database = hall.bot.app.database
    first = await load_scorecard(database, "drilled2", 1)
    second = await load_scorecard(database, "drilled2")
    assert (first.transcript[1].text, second.transcript[1].text) == (ANSWER, FIXED)
    assert second.transcript[1].original == ANSWER
    shown = await alice.runs(alice.dm(), "/scorecard show", revision=1)
    assert "tokn" in (await shown.finished()).text


async def test_the_new_revision_opens_from_the_receipt(hall: Hall, alice: Person) -> None:
    """With the correction among its notices."""
    await drilled(hall, alice, "drilled2", questions=(TOKENS, AGENTS))
    form = await alice.picks(await ask(alice, "correct"), TURN, ["1.1.1"])
    receipt = await (await alice.fills(form, {"text": FIXED})).finished()

    opened = await alice.presses(receipt, "Show revision 2")

    shown = (await opened.finished()).text
    assert "revision 2" in shown
    assert "revision 1 keeps the first version" in shown


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ANSWER.replace("tokn", "paragraph"), "paragraph"),
        (ANSWER + " Output tokens cost more.", "“Output” was put in"),
        (ANSWER, "nothing was changed"),
        (f"  {ANSWER}\n", "nothing was changed"),
    ],
)
async def test_what_is_no_slip_is_refused(hall: Hall, alice: Person, text: str, named: str) -> None:
    """The words are named, and nothing is graded again."""
    await drilled(hall, alice, "drilled2")

    _, said = await correct(alice, await ask(alice, "correct"), "1.1.1", text)

    assert named in said
    assert (await load_scorecard(hall.bot.app.database, "drilled2")).revision == 1


async def test_an_answer_longer_than_a_form_is_corrected_in_parts(
    hall: Hall, alice: Person
) -> None:
    """The menu says so; the rest of the answer stays as it is."""
    await drilled(hall, alice, "drilled2", answers=(LONG, MORE))
    menu = await ask(alice, "correct")
    assert "A form takes 4,000 characters" in menu.text
    form = await alice.picks(menu, TURN, ["1.1.2"])
    part = field_of(form)
    assert "tokn" in part
    assert len(part) < 4_000

    said = await alice.fills(form, {"text": part.replace("tokn", "token")})

    assert "“tokn” became “token”" in (await said.finished()).text
    card = await load_scorecard(hall.bot.app.database, "drilled2")
    assert card.transcript[1].text == LONG.replace("tokn", "token")


async def test_a_form_from_before_another_correction_is_refused(hall: Hall, alice: Person) -> None:
    """Its text is no longer that of the card."""
    await drilled(hall, alice, "drilled2")
    menu = await ask(alice, "correct")
    form, _ = await correct(alice, menu, "1.1.1", FIXED)

    late = await alice.fills(form, {"text": FIXED.replace("piece", "peice")})

    assert "graded again meanwhile" in (await late.finished()).text
    assert len(await corrections_of(hall.bot.app.database, "drilled2")) == 1


async def test_a_form_outlives_a_restart(hall: Hall, alice: Person) -> None:
    """What it is about stands in its id."""
    await drilled(hall, alice, "drilled2")
    form = await alice.picks(await ask(alice, "correct"), TURN, ["1.1.1"])
    await hall.restart()

    said = await alice.fills(form, {"text": FIXED})

    assert "revision 2" in (await said.finished()).text


async def test_a_verdict_is_disputed_once(hall: Hall, alice: Person) -> None:
    """The reason stands beside it on the card, made harmless; it is not offered again."""
    await drilled(hall, alice, "drilled2")
    menu = await ask(alice, "dispute")
    form = await alice.picks(menu, VERDICT, ["1.2"])
    assert form.modal is not None
    described = form.modal["components"][0]["description"]
    assert described.startswith("– not detected: Gives a workable conversion")

    said = await alice.fills(form, {"Why is it wrong?": "I **said** so, @everyone"})

    assert "Your dispute stands beside the verdict" in (await said.finished()).text
    card = await ask(alice, "latest")
    assert r"“I \*\*said\*\* so, " in card.text
    assert "@everyone" not in card.text
    again = await alice.fills(form, {"Why is it wrong?": "Once more"})
    assert "disputed already" in (await again.finished()).text
    left = await ask(alice, "dispute")
    assert "Gives a workable conversion" not in left.text
    assert len((await notes_of(hall.bot.app.database, "drilled2")).disputes) == 1


async def test_a_dispute_needs_a_reason(hall: Hall, alice: Person) -> None:
    """Blanks are none."""
    await drilled(hall, alice, "drilled2")
    form = await alice.picks(await ask(alice, "dispute"), VERDICT, ["1.1"])

    said = await alice.fills(form, {"Why is it wrong?": "   "})

    assert "give a reason" in (await said.finished()).text
    assert not (await notes_of(hall.bot.app.database, "drilled2")).disputes


async def test_many_verdicts_have_pages(hall: Hall, alice: Person) -> None:
    """A menu takes 25; the rest is a press away, and can be disputed from there."""
    questions = tuple(one.id for one in hall.bot.app.services.library.questions[:6])
    answers = (ANSWER, MORE) * 9
    await drilled(hall, alice, "drilled2", questions=questions, answers=answers)
    menu = await ask(alice, "dispute")
    assert "Page 1 of 2" in menu.text

    second = await (await alice.presses(menu, "Next")).finished()
    form = await alice.picks(second, VERDICT, ["1.26"])
    said = await alice.fills(form, {"Why is it wrong?": "I said so."})

    assert "Page 2 of 2" in second.text
    assert "stands beside" in (await said.finished()).text


async def test_a_stranger_cannot_send_in_another_s_form(hall: Hall, alice: Person) -> None:
    """Neither a correction nor a dispute is taken from anybody but the candidate."""
    mallory = hall.stub.add_user("mallory", installed=True)
    await drilled(hall, alice, "drilled2")
    await drilled(hall, mallory, "mallorys")
    mine = await ask(mallory, "correct")
    form = await mallory.picks(mine, TURN, ["1.1.1"])
    assert form.interaction.modal is not None
    for action, field in (("correct:drilled2:1.1.1", "text"), ("dispute:drilled2:1.1", "reason")):
        form.interaction.modal["custom_id"] = f"hs:{action}"
        form.interaction.modal["components"][0]["component"]["custom_id"] = field

        said = await mallory.fills(form, {field: FIXED})

        assert "not an interview of yours" in (await said.finished()).text
    database = hall.bot.app.database
    assert (await load_scorecard(database, "drilled2")).revision == 1
    assert not (await notes_of(database, "drilled2")).disputes


async def test_what_a_menu_never_offered_is_refused(hall: Hall, alice: Person) -> None:
    """Values are looked up: the interviewer's turn, a part or a verdict that there is not."""
    await drilled(hall, alice, "drilled2")
    menu = await ask(alice, "correct")

    for custom_id, values in (
        ("pickhs:correct:drilled2", ("1.0.1", "1.1.2", "1.99.1", "x", "1.1", "1.1.1.1")),
        ("pickhs:dispute:drilled2", ("1.0", "1.99", "x", "1")),
    ):
        for value in values:
            forged = await forge(alice, menu, custom_id, (value,))
            assert forged.modal is None
            assert "not on this card" in (await forged.finished()).text
