"""Corrections of mistyped words: what passes, what is refused, and how the card is graded again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_samples import FALLBACK, START, bot, interview, you

from scoring.corrections import (
    Correction,
    CorrectionRefusedError,
    accept_correction,
    apply_corrections,
    check_correction,
    check_hearing,
    corrected_words,
    hearing_notices,
    regrade,
    vocabulary_of,
)
from scoring.evidence import EvidenceFinder
from scoring.record import InterviewRecord
from scoring.scorecard import grade, scorecard_from_json, scorecard_to_json
from scoring.slips import LONGEST_PASSAGE, distance, find_changes, is_slip, vocabulary
from scoring.transcript import Source, Word
from scoring.verdicts import Verdict

TYPED = "When the provdier is down the service falls back to a second provider."

ACCEPTED = [
    ("two letters swapped", "The agnet calls tools.", "The agent calls tools."),
    ("a letter too many", "It runs untill the end.", "It runs until the end."),
    ("a letter lost", "I watch the latncy.", "I watch the latency."),
    ("a wrong letter", "It goes in the databaze.", "It goes in the database."),
    ("a swapped article", "Cut teh budget.", "Cut the budget."),
    ("two slips in a long word", "The retreivl is slow.", "The retrieval is slow."),
    ("words run together", "I measure the errorrate.", "I measure the error rate."),
    ("a word cut in two", "Add guard rails here.", "Add guardrails here."),
    ("cut in two and mistyped", "Add gaurd rails here.", "Add guardrails here."),
    ("a forgotten article", "I cut budget.", "I cut the budget."),
    ("a doubled article", "I cut the the budget.", "I cut the budget."),
    ("a preposition put right", "It depends of the load.", "It depends on the load."),
    ("case, accents, commas", "the cafe closes i stop", "The café closes, I stop."),
    ("an apostrophe", "I dont retry.", "I don't retry."),
    ("an ending", "It cache the prefixs.", "It caches the prefixes."),
    ("a British spelling", "I optimize it.", "I optimise it."),
    ("beside a figure", "It takes 200 secnds.", "It takes 200 seconds."),
    ("three in a short answer", "agnet modle promtp", "agent model prompt"),
]
REFUSED = [
    ("another term", "I use a hash here.", "I use a cache here.", "hash"),
    ("a near term", "I use cash here.", "I use cache here.", "word of its own"),
    ("a term one letter away", "It was taken.", "It was token.", "word of its own"),
    ("a nearly equal term", "The evolution matters.", "The evaluation matters.", "evolution"),
    ("a negation taken out", "I would not retry.", "I would retry.", "negations"),
    ("a negation put in", "I would retry.", "I would not retry.", "negations"),
    ("a negation by a slip", "It is now safe.", "It is not safe.", "negations"),
    ("n't put in", "I do retry.", "I don't retry.", "negations"),
    ("never becomes ever", "It never stops.", "It ever stops.", "negations"),
    ("a digit", "It takes 200 ms.", "It takes 300 ms.", "numbers"),
    ("a decimal point", "It costs 3.5 cents.", "It costs 35 cents.", "numbers"),
    ("a number word", "It takes three million.", "It takes three billion.", "numbers"),
    ("a slip into a number", "The tow models.", "The two models.", "numbers"),
    ("a unit", "It takes 5 gb.", "It takes 5 mb.", "gb"),
    ("a unit extended", "It takes 5 s.", "It takes 5 ms.", "became"),
    ("a sign", "cost = 3 * 4", "cost = 3 + 4", "signs"),
    ("a statement made a question", "There is a peak.", "There is a peak?", "question marks"),
    ("a word put in", "I cut the budget.", "I cut the token budget.", "put in"),
    ("a word taken out", "I hardly cut the budget.", "I cut the budget.", "negations"),
    ("a content word taken out", "I rather cut costs.", "I cut costs.", "taken out"),
    ("an opposite by its first letter", "An internal call.", "An external call.", "internal"),
    ("another opposite", "I decode it.", "I encode it.", "decode"),
    ("a prefix put in", "A synchronous call.", "An asynchronous call.", "turn it round"),
    ("a prefix cut off", "It is un safe.", "It is safe.", "taken out"),
    ("a hyphened prefix", "It is non-deterministic.", "It is deterministic.", "taken out"),
    ("min and max", "I minimise cost.", "I maximise cost.", "minimise"),
    ("micro and macro", "The microaverage.", "The macroaverage.", "microaverage"),
    ("a new sentence", "I stop.", "I stop. Then a canary goes out.", "put in"),
    ("everything", "one two", " ".join(["word"] * 30), "rewritten"),
    ("words that change places", "First rank then retrieve.", "First retrieve then rank.", "rank"),
    ("more than a few", "agnet modle promtp chian", "agent model prompt chain", "at most 3"),
    ("padding", "I stop.", "I stop." + "!" * 300, "longer"),
    ("invisible characters", "I stop.", "I\u202e stop.", "invisible"),
]


@pytest.mark.parametrize(("name", "typed", "meant"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_slips_of_the_keyboard_may_be_put_right(name: str, typed: str, meant: str) -> None:
    """Nothing is refused that only puts typing right."""
    check_correction(typed, meant)


@pytest.mark.parametrize(
    ("name", "typed", "meant", "why"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_an_answer_cannot_be_rewritten(name: str, typed: str, meant: str, why: str) -> None:
    """Every reason names what is wrong."""
    with pytest.raises(CorrectionRefusedError, match=why):
        check_correction(typed, meant)


def test_a_word_of_the_round_was_meant() -> None:
    """What the content or the interviewer calls by that word is no slip of another."""
    typed, meant = "I see a plonk here.", "I see a plank here."
    check_correction(typed, meant)

    with pytest.raises(CorrectionRefusedError, match="word of its own"):
        check_correction(typed, meant, vocabulary(["Plonks, all of them."]))


def test_the_vocabulary_is_that_of_content_and_interviewer() -> None:
    """The candidate's own words are not in it, since a misspelling comes again and again."""
    known = vocabulary_of(interview(bot("What of the zephyr?"), you("The provdier, the provdier.")))
    assert known.holds("zephyr")
    assert known.holds("provider")
    assert known.holds("conversations")
    assert not known.holds("provdier")


def test_at_most_a_share_of_the_words_changes() -> None:
    """15 in 100 words may, 16 may not."""
    text = ["agent"] * 100
    for wrong, passes in ((15, True), (16, False)):
        typed = list(text)
        for at in range(wrong):
            typed[at * 6] = "agnet"
        reasons = find_changes(" ".join(typed), " ".join(text), vocabulary([])).reasons
        assert (not reasons) is passes


def test_a_row_of_changes_is_a_rewritten_passage() -> None:
    """Up to the longest passage words are looked at one by one, beyond it nothing is."""
    context = " and so the agent keeps on running until it reaches its budget" * 10
    for length, rewritten in ((LONGEST_PASSAGE, False), (LONGEST_PASSAGE + 1, True)):
        typed = " ".join(["modle"] * length) + context
        meant = " ".join(["model"] * length) + context
        reasons = find_changes(typed, meant).reasons
        assert ("a whole passage was rewritten" in reasons) is rewritten
        assert bool(reasons) is rewritten


def test_reasons_repeat_little_of_the_answer() -> None:
    """A refused word is cut in the message, which may end in a log."""
    secret = "s" * 60 + "ecret"
    with pytest.raises(CorrectionRefusedError) as refused:
        check_correction(f"My {secret} plan.", "My x plan.")
    assert secret not in str(refused.value)
    assert "sss" in str(refused.value)


@given(st.text(alphabet="abcdef .", max_size=60))
def test_any_text_equals_itself(text: str) -> None:
    """No change, no objection."""
    assert find_changes(text, text) == ((), ())


@given(st.text(alphabet="abc", max_size=8), st.text(alphabet="abc", max_size=8))
def test_the_distance_is_symmetric_and_zero_for_equals_only(one: str, other: str) -> None:
    """As a distance is."""
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) is (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


def test_the_nearest_reading_of_a_passage_is_taken() -> None:
    """A joined word is one change, not one taken out and one that became another."""
    changes, reasons = find_changes("I add gaurd rails and logs.", "I add guardrails and logs.")
    assert [(one.before, one.after) for one in changes] == [(("gaurd", "rails"), ("guardrails",))]
    assert reasons == ()


@pytest.mark.parametrize("pair", [("modle", "model"), ("hte", "the"), ("latnecy", "latency")])
def test_slips_go_both_ways(pair: tuple[str, str]) -> None:
    """The rule on letters does not know which of the two is right."""
    assert is_slip(*pair)
    assert is_slip(*reversed(pair))


def record(text: str = TYPED) -> InterviewRecord:
    return interview(bot("And when it is down?", "operations"), you(text, "operations"))


def correct(held: InterviewRecord, text: str, *earlier: Correction) -> Correction:
    return accept_correction(held, "c0001", text, START + timedelta(hours=1), earlier)


def test_the_corrected_turn_keeps_what_was_typed_first() -> None:
    """Both versions, and everything else as it was."""
    held = record()
    turn = apply_corrections(held, [correct(held, FALLBACK)]).transcript[1]
    assert (turn.text, turn.original) == (FALLBACK, TYPED)
    assert held.transcript[1].original is None
    assert apply_corrections(held, []) == held


def test_small_steps_lead_nowhere() -> None:
    """A second correction is held against what was typed first, and replaces the first one."""
    held = record("The modle is big.")
    first = correct(held, "The model is big.")
    second = correct(held, "The model is big!", first)
    with pytest.raises(CorrectionRefusedError, match="put in"):
        correct(held, "The model is very big.", first, second)
    turn = apply_corrections(held, [first, second]).transcript[1]
    assert (turn.text, turn.original) == ("The model is big!", "The modle is big.")


def test_a_correction_can_be_taken_back() -> None:
    """The text as it was typed is what is graded then, without a notice."""
    held = record()
    first = correct(held, FALLBACK)
    back = correct(held, TYPED, first)
    card = regrade(held, 3, [first, back])
    assert card == grade(held).model_copy(update={"revision": 3})
    with pytest.raises(CorrectionRefusedError, match="nothing was changed"):
        correct(held, TYPED, first, back)


def test_only_own_answers_are_corrected() -> None:
    """Neither the interviewer's words, nor a script that was played, nor what is no turn."""
    held = record()
    for turn_id in ("i0000", "c0009"):
        with pytest.raises(CorrectionRefusedError, match="answer of the candidate"):
            accept_correction(held, turn_id, FALLBACK, START)
    with pytest.raises(CorrectionRefusedError, match="only typed and spoken"):
        correct(sourced(held, Source.RECORDED), FALLBACK)


FINDER = EvidenceFinder.of(record().rounds[0].plan)
HEARD = "When the provider is down the service falls bag to a second prove eider."
"""What became of `FALLBACK` on its way through a recogniser."""


def sourced(held: InterviewRecord, source: Source) -> InterviewRecord:
    """The interview with answers of that kind."""
    turns = (replace(turn, source=source) for turn in held.transcript)
    return replace(held, transcript=tuple(turns))


def spoken(text: str = HEARD, *unsure: str, meant: str | None = None) -> InterviewRecord:
    """An interview with a spoken answer, put right before grading where something was `meant`."""
    held = sourced(record(text), Source.SPOKEN)
    words = tuple(
        Word(word, float(at), at + 0.5, word in unsure) for at, word in enumerate(text.split())
    )
    question, answer = held.transcript
    answer = replace(answer, words=words)
    if meant is not None:
        answer = replace(answer, text=meant, original=text)
    return replace(held, transcript=(question, answer))


def test_a_misheard_answer_is_corrected_by_its_sound() -> None:
    """What no slip of the keyboard would explain; what was typed is held against keyboards."""
    card = regrade(spoken(), 2, [correct(spoken(), FALLBACK)])
    turn = card.transcript[1]
    assert (turn.text, turn.original) == (FALLBACK, HEARD)
    assert turn.words == spoken().transcript[1].words
    assert card.rounds[0].stages[1].verdicts[0].verdict is Verdict.HIT
    assert card.notices[0].startswith("Two words of your answers were corrected after the")
    with pytest.raises(CorrectionRefusedError):
        correct(record(HEARD), FALLBACK)


def test_a_slip_of_the_keyboard_is_no_mishearing() -> None:
    """A voice has no keys: words that only look alike were not mistaken for each other."""
    heard = "It is a database of providers."
    with pytest.raises(CorrectionRefusedError, match="sounds different"):
        correct(spoken(heard), "It is a database of previews.")


def test_an_uncertain_word_gives_more_leave() -> None:
    """And only that one does."""
    heard, meant = "The colonel kills it.", "The kernel kills it."
    assert correct(spoken(heard, "colonel"), meant).corrected == meant
    with pytest.raises(CorrectionRefusedError, match="colonel"):
        correct(spoken(heard, "kills"), meant)


def test_what_was_put_right_before_grading_is_no_correction_after_it() -> None:
    """The card says when which was done, and keeps what was heard first through both."""
    first, meant = "We cash it in red is.", "We cache it in red is."
    held = spoken(first, meant=meant)
    assert hearing_notices(held.transcript) == (
        "One word of your answers was put right before grading, because the bot had misheard; "
        "what it heard stands beside it.",
    )
    then = correct(held, "We cache it in Redis.")
    card = regrade(held, 2, [then])
    assert (then.original, card.transcript[1].original) == (first, first)
    assert card.notices[0].startswith("One word of your answers was corrected after")


def test_small_steps_lead_nowhere_in_speech_either() -> None:
    """Before or after grading, a text is held against what was heard first."""
    held = spoken("We cash it.", meant="We cache it.")
    check_hearing(spoken("We cache it.").transcript[1], "We cached it.", FINDER)
    with pytest.raises(CorrectionRefusedError, match="“cash” became “cached”"):
        check_hearing(held.transcript[1], "We cached it.", FINDER)
    with pytest.raises(CorrectionRefusedError, match="“cash” became “cached”"):
        correct(held, "We cached it.")
    with pytest.raises(CorrectionRefusedError, match="nothing was changed"):
        correct(held, "We cache it.")
    back = correct(held, "We cash it.")
    turn = apply_corrections(held, [back]).transcript[1]
    assert (turn.text, turn.original) == ("We cash it.", None)


def test_nothing_is_said_where_nothing_was_misheard() -> None:
    """Commas and capitals are no words, and what was typed was not heard."""
    assert hearing_notices(spoken().transcript) == ()
    assert hearing_notices(spoken("so we stop", meant="So, we stop.").transcript) == ()
    with pytest.raises(CorrectionRefusedError, match="only what was spoken"):
        check_hearing(record().transcript[1], FALLBACK, FINDER)


def test_a_correction_of_another_text_is_refused() -> None:
    """One that was stored for another interview cannot slip in."""
    strange = Correction("c0001", "Something else.", FALLBACK, START)
    with pytest.raises(CorrectionRefusedError, match="not the answer"):
        apply_corrections(record(), [strange])


def test_the_corrected_interview_is_graded_again_and_says_so() -> None:
    """The new revision quotes the corrected words and names the verdicts that changed."""
    held = record("When the provdier is down the service falls back to a second provdier.")
    card = regrade(held, 2, [correct(held, FALLBACK)])
    assert card.revision == 2
    verdict = card.rounds[0].stages[1].verdicts[0]
    assert verdict.verdict is Verdict.HIT
    assert verdict.evidence[0].quote in FALLBACK
    assert card.notices[0] == (
        "Two words of your answers were corrected after the interview and graded again; "
        "revision 1 keeps the first version."
    )
    assert "It was “not detected”, it is “hit”." in card.notices[1]
    assert grade(held).rounds[0].stages[1].verdicts[0].verdict is Verdict.NOT_DETECTED


def test_one_corrected_word_is_one_word() -> None:
    """The notice counts words, not turns."""
    held = record()
    card = regrade(held, 2, [correct(held, FALLBACK)])
    assert card.notices[0].startswith("One word of your answers was corrected")
    assert len(corrected_words(card.transcript[1])) == 1
    assert corrected_words(card.transcript[0]) == ()


def test_cards_written_before_there_were_corrections_still_load() -> None:
    """A turn without the field is one that was never corrected."""
    card = grade(record())
    old = scorecard_to_json(card).replace(',\n      "original": null', "")
    assert '"original"' not in old
    assert scorecard_from_json(old) == card
