"""What a spoken interview shows in the terminal."""

from console_samples import screen_of

from bot.calls.line import Spoken
from bot.console.screen import Screen
from bot.console.spoken_page import SpokenPage, doubted, end_of
from scoring.transcript import Word

KEY = "abc:1"
TEXT = "Okay. Walk me through what happens from a message to the reply."


class Reviews:
    """Counts reviews."""

    def __init__(self) -> None:
        self.held: list[str] = []

    async def hold(self, interview_id: str) -> None:
        """One more."""
        self.held.append(interview_id)


def page_of() -> tuple[SpokenPage, Screen, Reviews]:
    """A page on an empty screen."""
    shown = screen_of()
    reviews = Reviews()
    return SpokenPage(Screen(shown.console), reviews.hold), shown, reviews  # type: ignore[return-value]


async def test_an_utterance_is_shown_once_as_it_grows() -> None:
    """Its beginning with the first sound, the rest when it was said, nothing twice."""
    page, shown, _ = page_of()

    await page.begun(KEY, "Okay.")
    assert shown.text() == ""
    page.sound()
    page.sound()
    assert shown.text().split() == ["Interviewer", "Okay."]
    await page.ended(KEY, TEXT, len(TEXT))
    await page.ended(KEY, TEXT, len(TEXT))

    assert " ".join(shown.text().split()) == f"Interviewer {TEXT}"


async def test_what_was_written_only_is_shown_as_well() -> None:
    """An utterance that never began to be played can be read."""
    page, shown, _ = page_of()
    await page.ended(KEY, TEXT, len(TEXT))
    assert " ".join(shown.text().split()) == f"Interviewer {TEXT}"


async def test_where_the_candidate_went_on_is_told() -> None:
    """The words after it are not taken for said."""
    page, shown, _ = page_of()
    await page.begun(KEY, "Okay.")
    page.sound()
    await page.ended(KEY, TEXT, len("Okay. Walk me"))
    text = " ".join(shown.text().split())
    assert text == "Interviewer Okay. Walk me (You went on; of this only “Okay. Walk me” was said.)"


async def test_what_was_never_heard_is_not_shown() -> None:
    """The candidate went on before the first word."""
    page, shown, _ = page_of()
    await page.begun(KEY, "Okay.")
    await page.ended(KEY, TEXT, 0)
    page.sound()
    assert shown.text() == ""


def test_what_was_said_of_a_long_utterance_is_told_by_its_end() -> None:
    """The beginning is on the screen."""
    told = end_of("One two three four five six seven eight nine ten eleven ")
    assert told == "… five six seven eight nine ten eleven"
    assert end_of(" Okay. ") == "Okay."


async def test_an_answer_is_shown_with_its_doubts() -> None:
    """Under the candidate's name."""
    page, shown, _ = page_of()
    words = (Word("a", 0, 1), Word("taken", 1, 2, uncertain=True), Word("counts", 2, 3))
    page.hear(Spoken("a taken counts", words, "voice:1"))
    assert shown.text().split() == ["You", "a", "taken(?)", "counts"]
    assert doubted("a taken counts", ()) == "a taken counts"


async def test_the_review_comes_before_grading() -> None:
    """The page passes it on."""
    page, _, reviews = page_of()
    await page.review("abc")
    assert reviews.held == ["abc"]
