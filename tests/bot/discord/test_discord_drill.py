"""Quick questions: asked, answered, graded at once, and again."""

import pytest
from conftest import Hall

from bot.discord.interviews.choices import TOPIC_CHOICES, Wish, wanted_of
from bot.doors import UsageError
from scenarios.load import Library
from scenarios.model import Level
from tests.discord_stub.forms import find_button
from tests.discord_stub.person import Person

ANSWER = (
    "Retrieval augmented generation first looks up passages that fit the question and puts them "
    "into the prompt, so the model answers from them and can cite them."
)


async def answer_until_graded(alice: Person, call) -> None:
    """Answer through the form until the card is there."""
    for _ in range(6):
        if "Drill:" in call.message.text:
            return
        form = await alice.presses(call.message, "Answer")
        answered = await alice.fills(form, {"Your answer": ANSWER})
        await answered.finished()
    raise AssertionError(call.message.text)


async def test_a_drill_on_a_server_is_one_message(hall: Hall, alice: Person) -> None:
    """No thread for one question: form, follow-up and card are drawn into the same message."""
    guild = hall.stub.add_guild("Study", members=[alice])
    call = await alice.runs(guild.text_channel("general"), "/drill", topic="RAG")
    await call.finished()
    assert call.ephemeral
    await answer_until_graded(alice, call)

    assert "Try again" in call.message.text
    again = await alice.presses(call.message, "Try again")
    assert "[Answer]" in (await again.finished()).text


async def test_a_drill_in_direct_messages_takes_plain_messages(hall: Hall, alice: Person) -> None:
    """The question stands there, the answer is written, and the card follows."""
    dm = alice.dm()
    call = await alice.runs(dm, "/drill", topic="Agents")
    await call.finished()
    for _ in range(6):
        said = await alice.says(dm, ANSWER)
        await alice.sees(dm, ".", after=said)
        await hall.settled()
        if "Drill:" in alice.screen(dm):
            break
    card = await alice.sees(dm, "Drill:")
    another = await alice.presses(card, "Next question")
    await another.finished()
    await alice.sees(dm, "Listening", after=card)


async def test_the_next_question_is_another_of_the_topic(hall: Hall, alice: Person) -> None:
    """Two questions a topic: the other one comes."""
    dm = alice.dm()
    library = hall.bot.app.services.library
    first, second = [one for one in library.questions if one.topic == "evals"][:2]
    await (await alice.runs(dm, "/drill", question=first.id)).finished()
    await alice.sees(dm, first.ask)
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    card = await alice.sees(dm, "Drill:")
    await (await alice.presses(card, "Next question")).finished()

    await alice.sees(dm, second.ask)


async def test_a_stranger_cannot_go_on_from_a_card(hall: Hall, alice: Person) -> None:
    """The buttons look the drill up among one's own."""
    mallory = hall.stub.add_user("mallory")
    hall.stub.add_guild("Study", members=[alice, mallory])
    dm = alice.dm()
    await (await alice.runs(dm, "/drill", topic="cost")).finished()
    await alice.sees(dm, "Listening")
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    card = await alice.sees(dm, "Drill:")
    button = find_button(card, "Try again")
    assert button is not None
    data = {"custom_id": button["custom_id"], "component_type": button["type"]}
    # No client lets a stranger press what only another one sees; the bot must not rely on that.
    forged = await mallory._uses(card, button, data)

    assert "not your drill" in (await forged.finished()).text


def drilled(library: Library, wish: Wish) -> str:
    """The question that the wish is about."""
    (spec,) = wanted_of(library, wish).rounds
    (item,) = spec.items
    return item


def test_topic_and_level_are_both_kept(hall: Hall) -> None:
    """A level goes with a topic wherever the packs hold such questions."""
    library = hall.bot.app.services.library
    for question in library.questions:
        topic, level = question.topic, question.level
        wish = Wish("drill", None, level.value, topic=topic.value)
        for _ in range(5):
            found = library.question(drilled(library, wish))
            assert (found.topic, found.level) == (topic, level)
            assert wanted_of(library, wish).level is level


def test_a_topic_without_questions_of_that_level_still_has_its_own(hall: Hall) -> None:
    """Rather a question of the topic than one of the level."""
    library = hall.bot.app.services.library
    for topic in {one.topic for one in library.questions}:
        for level in Level:
            wish = Wish("drill", None, level.value, topic=topic.value)
            assert library.question(drilled(library, wish)).topic is topic


def test_a_question_of_another_topic_is_refused(hall: Hall) -> None:
    """What does not go together is said, with both topics by name."""
    library = hall.bot.app.services.library
    question = next(one for one in library.questions if one.topic == "agents")
    with pytest.raises(UsageError, match="about Agents, not RAG"):
        wanted_of(library, Wish("drill", question.id, topic="rag"))
    assert drilled(library, Wish("drill", question.id, topic="agents")) == question.id


def test_topics_are_spelt_as_in_headings() -> None:
    """The choices have the names that cards and shelves have."""
    names = [choice.name for choice in TOPIC_CHOICES]
    assert {"RAG", "MLOps", "Agents"} <= set(names)
