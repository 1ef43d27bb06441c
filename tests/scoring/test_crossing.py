"""Evidence across sentence ends and stages: what counts, what is a trace, what is nothing."""

from dataclasses import replace

import pytest

from scenarios.model import Concept, Cue, Level, RoundKind
from scenarios.rounds import RoundPlan, StagePlan
from scoring.crossing import is_one_thought
from scoring.evidence import EvidenceFinder
from scoring.text import read

KILL = Concept(
    id="kill-switch",
    statement="A switch turns all refunds off at once while answers go on.",
    weight=2,
    level=Level.SENIOR,
    cues=(
        Cue(all=("stop* | block* | switch* | off", "refund*")),
        Cue(all=("flag | switch", "off | disable")),
    ),
    phrasings=(
        "One flag disables every refund within seconds.",
        "Refunds can be turned off at once by the engineer on call.",
        "A kill switch for money, while answers go on.",
    ),
    near_misses=("We stop the server.", "A flag is raised."),
    probes=("What do you pull at night?", "And then?"),
    hint="Think of the night.",
    source="test",
)
VOLUME = Concept(
    id="volume",
    statement="Asks how many conversations arrive in a day.",
    weight=3,
    level=Level.JUNIOR,
    shown_by="asking",
    cues=(Cue(all=("how many | number of", "conversations | chats")),),
    phrasings=("How many chats a day?", "What is the traffic?", "I assume ten thousand chats."),
    near_misses=("Who writes?", "It must scale."),
    probes=("What do you need to know?", "Which sizes?"),
    hint="Think of load.",
    source="test",
)
PLAN = RoundPlan(
    kind=RoundKind.DESIGN,
    item="shop",
    title="Shop",
    brief="Design it.",
    level=Level.SENIOR,
    minutes=10,
    stages=(
        StagePlan("scope", "Scope", "What do you ask?", 0.5, (VOLUME,)),
        StagePlan("operations", "Operations", "How do you run it?", 0.5, (KILL,)),
    ),
)


def found(text: str, stage: str | None, plan: RoundPlan = PLAN) -> dict[str, str]:
    """The verdicts by concept id."""
    findings = EvidenceFinder.of(plan).find(text, (), stage)
    return {one.key.partition("/")[2]: one.verdict.value for one in findings}


STRAY = "A wrong amount makes the backend stop and report the refund to whoever owns that order."
FULL = "One flag is the switch that turns all refunds off at once while the answers go on."


@pytest.mark.parametrize(
    ("text", "stage", "verdict"),
    [
        (STRAY, "operations", "hit"),
        (STRAY, None, "hit"),
        (STRAY, "scope", None),
        (FULL, "scope", "hit"),
        ("The refund service answers. We stop there.", "scope", None),
    ],
)
def test_another_stages_concept_needs_more_than_one_stray_cue(
    text: str, stage: str | None, verdict: str | None
) -> None:
    """In its own stage a cue is enough; in another one the sentence has to be about the concept."""
    assert found(text, stage).get("kill-switch") == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("I want to know the number of chats on a dashboard.", None),
        ("How many chats arrive in a day?", "hit"),
        ("I assume that the number of chats is ten thousand.", "hit"),
    ],
)
def test_later_stages_show_a_question_only_by_asking_or_assuming(
    text: str, verdict: str | None
) -> None:
    """A dashboard that counts chats is no question about the traffic."""
    assert found(text, "operations").get("volume") == verdict


@pytest.mark.parametrize(
    ("kind", "shown"), [(RoundKind.DRILL, False), (RoundKind.BEHAVIOURAL, True)]
)
def test_drill_questions_share_nothing_and_stories_are_one_whole(
    kind: RoundKind, shown: bool
) -> None:
    """The kind of round says what one stage may show of another."""
    said = FULL if kind is RoundKind.DRILL else STRAY
    assert ("kill-switch" in found(said, "scope", replace(PLAN, kind=kind))) is shown


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("We stop at the gateway before anything else is done or said or written by it. "
         "Prices fell last year in every region that the large vendors serve from Europe, "
         "even for refunds.", False),
        ("We stop at the gateway before anything else is done or said or written by it. "
         "That is where the long and winding road of every single one ends, "
         "even for refunds.", True),
        ("We stop. Refunds wait.", True),
        ("We stop whatever is under way at this very moment in the gateway; everything waits, "
         "even for refunds.", True),
    ],
)  # fmt: skip
def test_a_second_sentence_has_to_continue_the_first(text: str, together: bool) -> None:
    """Pointing back, a semicolon or neighbouring words join two sentences; chance does not."""
    reading = read(text)
    words = [token.stem for token in reading.tokens]
    assert is_one_thought(reading, (words.index("stop"), words.index("refund"))) is together
