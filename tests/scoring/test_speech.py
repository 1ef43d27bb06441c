"""How it was said, from constructed word times."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scorecard_samples import ASK, interview, you

from scoring.fillers import tell_apart
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.render.wording import NOT_SCORED
from scoring.scorecard import Scorecard, grade, scorecard_from_json, scorecard_to_json
from scoring.speech import FEWEST_SECONDS, USUAL, Delivery, delivery
from scoring.transcript import Source, Speaker, Turn, Word

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORD_S = 0.4
PAUSES = {"_": 0.5, "__": 2.5}


def spoken(said: str, *, start: float = 0.0, gap: float = 0.1, scale: float = 1.0) -> Turn:
    """Words of .4 s with a gap between them; `_` adds a pause of .5 s, `__` one of 2.5 s."""
    words: list[Word] = []
    at = start
    for part in said.split():
        if part in PAUSES:
            at += PAUSES[part]
            continue
        words.append(Word(part, at * scale, (at + WORD_S) * scale))
        at += WORD_S + gap
    text = " ".join(word.text for word in words)
    return turn(Speaker.CANDIDATE, text, tuple(words))


def turn(speaker: Speaker, text: str, words: tuple[Word, ...] = ()) -> Turn:
    source = Source.SPOKEN if words else Source.TYPED
    return Turn("t", 0, speaker, text, 0, "scope", WHEN, source=source, words=words)


def asked(text: str = "And then?") -> Turn:
    return turn(Speaker.INTERVIEWER, text)


def measured(*turns: Turn) -> Delivery:
    found = delivery(turns)
    assert found is not None
    return found


def words(count: int) -> str:
    return " ".join(["word"] * count)


def test_pace_counts_words_and_not_fillers() -> None:
    """100 words and 20 sounds in 59.9 s: 100 a minute, 20 fillers a minute and in 100 words."""
    found = measured(spoken(" ".join(["word word word um word word"] * 20)))

    assert found.speaking_s == 59.9
    assert found.words_per_minute == pytest.approx(100.2, abs=0.1)
    assert found.fillers_per_minute == pytest.approx(20.0, abs=0.1)
    assert found.fillers_per_100_words == 20.0


def test_articulation_leaves_pauses_out() -> None:
    """Pauses slow the pace and not the articulation."""
    plain = measured(spoken(words(120)))
    halting = measured(spoken(" _ ".join([words(10)] * 12)))

    assert plain.articulation_per_minute == plain.words_per_minute
    assert halting.words_per_minute < plain.words_per_minute
    assert halting.articulation_per_minute is not None
    assert halting.articulation_per_minute > halting.words_per_minute


def test_pauses_have_a_middle_and_long_ones_are_counted() -> None:
    """Nine of .6 s and one of 2.6 s in 68.9 s; gaps of .1 s are none."""
    found = measured(spoken(" _ ".join([words(12)] * 10) + " __ word"))

    assert found.speaking_s == pytest.approx(67.4)
    assert found.median_pause_s == 0.6
    assert found.long_pauses_per_minute == pytest.approx(60 / 67.4, abs=0.05)
    assert found.long_pause_share == pytest.approx(2.6 / 67.4, abs=0.005)


def test_time_between_turns_is_no_speaking_time() -> None:
    """Two turns add up; a late first word is a wait and no pause."""
    one = measured(spoken(words(120)))
    two = measured(spoken(words(60), start=9), asked(), spoken(words(60), start=20))

    assert two.speaking_s == pytest.approx(one.speaking_s - 0.1)
    assert two.long_pauses_per_minute == 0
    assert two.median_pause_s is None


def test_share_of_the_talk() -> None:
    """100 of 125 words."""
    found = measured(asked(words(25)), spoken(words(100)))

    assert found.talk_share == 0.8


def test_the_wait_before_an_answer() -> None:
    """The middle of the first words' times after the interviewer, from three answers on."""
    waits = (1.0, 2.0, 6.0)
    turns = [part for wait in waits for part in (asked(), spoken(words(40), start=wait))]

    assert measured(*turns).answer_latency_s == 2.0
    assert measured(*turns[:4]).answer_latency_s is None


def test_times_from_the_first_word_say_nothing_of_the_wait() -> None:
    """Where every turn begins at nought, the wait was not measured."""
    turns = [part for _ in range(4) for part in (asked(), spoken(words(40)))]

    assert measured(*turns).answer_latency_s is None


def test_what_was_typed_between_leaves_the_share_out() -> None:
    """A share of the talk needs all of it to be talk."""
    found = measured(spoken(words(100)), turn(Speaker.CANDIDATE, "typed"), asked())

    assert found.talk_share is None
    assert found.words_per_minute > 0


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (asked(words(500)),),
        (turn(Speaker.CANDIDATE, words(500)),),
        (spoken(words(59)),),
        (turn(Speaker.INTERVIEWER, "x", spoken(words(500)).words),),
    ],
)
def test_too_little_is_not_measured(turns: tuple[Turn, ...]) -> None:
    """Nothing typed, nothing of the interviewer's, nothing under half a minute."""
    assert delivery(turns) is None


def test_half_a_minute_is_enough() -> None:
    """The limit itself: 60 words of .5 s less the last gap, and one word more."""
    assert delivery([spoken(words(61))]) is not None
    assert FEWEST_SECONDS == 30


@pytest.mark.parametrize(
    "broken",
    [
        Word("late", 5.0, 4.0),
        Word("back", 1.0, 1.2),
        Word("nan", float("nan"), 90.0),
        Word("endless", 90.0, float("inf")),
    ],
)
def test_a_turn_with_impossible_times_is_left_out(broken: Word) -> None:
    """What a transcriber got wrong is no figure."""
    sound = spoken(words(100))
    bad = turn(Speaker.CANDIDATE, "x", (*spoken(words(60)).words, broken))

    found = measured(sound, bad)

    assert found.speaking_s == measured(sound).speaking_s
    assert found.talk_share is None


@pytest.mark.parametrize(
    ("said", "fillers", "content"),
    [
        ("Um, we, uh, retry. Erm.", 3, 2),
        ("You know, it is slow.", 1, 3),
        ("It is, you know. Slow.", 1, 3),
        ("Do you know, it is slow?", 0, 6),
        ("You know the agent is slow.", 0, 6),
        ("It is sort of slow and kind of dear.", 2, 5),
        ("It’s sort of slow.", 1, 2),
        ("This sort of cache is a kind of store.", 0, 9),
        ("What kind of cache?", 0, 4),
        ("It was, like, slow.", 1, 3),
        ("Like, it was slow.", 1, 3),
        ("Stores like Redis, like that one, are fast.", 0, 8),
        ("It works like, say, a queue.", 0, 6),
        ("(um) “uh,” …", 2, 0),
        ("", 0, 0),
    ],
)
def test_only_what_carries_no_meaning_is_a_filler(said: str, fillers: int, content: int) -> None:
    """Sounds always, phrases where nothing else can be meant; two words are one filler."""
    found = tell_apart(said.split())

    assert (found.fillers, found.content) == (fillers, content)


@pytest.mark.parametrize(
    ("said", "hedges"),
    [
        ("Maybe I would, I think, cache. Probably.", 3),
        ("I'm not sure, perhaps I guess.", 3),
        ("We think about it and guess the load.", 0),
    ],
)
def test_hedges(said: str, hedges: int) -> None:
    """What softens a statement, as the speaker's own view."""
    assert tell_apart(said.split()).hedges == hedges


tokens = st.sampled_from(["word", "um", "like,", "you", "know,", "kind", "of", "is", "maybe", ""])


@given(st.lists(tokens, max_size=40))
def test_every_word_is_counted_once(said: list[str]) -> None:
    """Content and fillers never exceed the words, and one more sound is one more filler."""
    found, more = tell_apart(said), tell_apart([*said, "um"])

    assert 0 <= found.content <= sum(1 for word in said if word)
    assert found.content + found.fillers <= sum(1 for word in said if word)
    assert (more.fillers, more.content) == (found.fillers + 1, found.content)


gaps = st.lists(st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0, 2.5]), min_size=80, max_size=100)


def with_gaps(between: list[float], scale: float = 1.0) -> Turn:
    starts = accumulate(between, lambda at, gap: at + 0.5 + gap, initial=1.0)
    timed = tuple(Word("word", at * scale, (at + 0.5) * scale) for at in starts)
    return turn(Speaker.CANDIDATE, words(len(timed)), timed)


@given(gaps)
def test_figures_are_bounded(between: list[float]) -> None:
    """Shares are shares, articulation is never slower than the pace, pauses are pauses."""
    found = measured(asked(), with_gaps(between))

    assert 0 <= found.long_pause_share <= 1
    assert found.talk_share is not None
    assert 0 < found.talk_share < 1
    assert found.articulation_per_minute is not None
    assert found.articulation_per_minute >= found.words_per_minute
    assert found.median_pause_s is None or found.median_pause_s >= 0.25
    assert found.long_pauses_per_minute <= 60 * sum(gap > 2 for gap in between)


@given(gaps)
def test_twice_as_slow_is_half_the_pace(between: list[float]) -> None:
    """Stretching all times by two halves the pace, to the rounding."""
    plain, slow = measured(with_gaps(between)), measured(with_gaps(between, scale=2))

    assert slow.words_per_minute == pytest.approx(plain.words_per_minute / 2, abs=0.1)
    assert slow.speaking_s == pytest.approx(plain.speaking_s * 2, abs=0.2)


@given(gaps, st.integers(1, 40))
def test_figures_are_rates(between: list[float], times: int) -> None:
    """Saying the same again changes no rate and no share of pauses."""
    one = measured(with_gaps(between))
    many = measured(*[with_gaps(between)] * times)

    assert many.words_per_minute == pytest.approx(one.words_per_minute, abs=0.2)
    assert one.median_pause_s in {None, many.median_pause_s}
    assert many.long_pause_share == pytest.approx(one.long_pause_share, abs=0.01)


def test_an_uncertain_word_is_a_word() -> None:
    """Somebody said something there: which word it was changes no figure."""
    certain = spoken(" _ ".join([words(10)] * 12))
    doubtful = replace(
        certain, words=tuple(replace(word, uncertain=True) for word in certain.words)
    )

    assert measured(asked(), doubtful) == measured(asked(), certain)


def test_turns_in_a_row_are_one_answer() -> None:
    """Whoever goes on before they are answered has not waited a second time."""
    answers = [asked(), spoken(words(60), start=1.5), spoken(words(60), start=30.0)] * 3
    found = measured(*answers)

    assert found.answer_latency_s == 1.5
    assert found.speaking_s == pytest.approx(6 * 29.9, abs=0.1)


def test_what_was_typed_in_between_does_not_count() -> None:
    """Neither its words nor its time; the share of the talk is then unknown."""
    aloud = [asked(), spoken(words(80), start=2.0)] * 3
    typed = [asked(), turn(Speaker.CANDIDATE, words(500))]
    mixed, plain = measured(*aloud, *typed), measured(*aloud)

    assert mixed == replace(plain, talk_share=None)


def test_what_was_put_right_was_said_as_it_was_heard() -> None:
    """A filler that is taken out of the text was spoken all the same."""
    heard = spoken(" ".join(["um word word word word word word"] * 12))
    tidied = replace(heard, text=words(72), original=heard.text)

    assert measured(tidied).fillers_per_minute == measured(heard).fillers_per_minute


def test_context_names_its_source() -> None:
    """No range without one, and only for figures that there are."""
    assert USUAL.keys() <= set(Delivery.__dataclass_fields__)
    assert all(usual.source and usual.words for usual in USUAL.values())


def card(*, aloud: bool) -> Scorecard:
    """The same words, with or without the times of a voice."""
    long = spoken(words(150))
    record = interview(you(ASK), you(long.text))
    first, second = record.transcript
    timed = replace(second, words=long.words) if aloud else second
    return grade(replace(record, transcript=(first, timed)))


def forms(shown: Scorecard) -> list[str]:
    out = StringIO()
    render_terminal(shown, Console(file=out, width=200, color_system=None))
    return [out.getvalue(), render_markdown(shown), render_html(shown)]


def test_every_form_says_that_delivery_is_not_scored() -> None:
    """The figures stand under that line, with their context, where something was spoken."""
    for form in forms(card(aloud=True)):
        assert NOT_SCORED in form
        assert "120 words a minute" in form
        assert "usual in US English: 110 to 170" in form
        assert "lower bound" in form
        assert "2 s is our convention, no norm" in form


def test_a_typed_round_shows_nothing() -> None:
    """No heading, no dash, no word about delivery."""
    shown = card(aloud=False)

    assert shown.delivery is None
    assert [form for form in forms(shown) if "Delivery" in form] == []


def test_delivery_changes_no_rating() -> None:
    """The same words with and without times get the same card but for the figures."""
    loud, silent = card(aloud=True), card(aloud=False)

    assert loud.delivery is not None
    assert loud.rounds == silent.rounds
    assert loud.practise_next == silent.practise_next


def test_it_survives_storage_and_older_cards_are_read() -> None:
    """JSON both ways, and a card from before there was a delivery."""
    shown = card(aloud=True)
    older = scorecard_to_json(shown.model_copy(update={"delivery": None}))

    assert scorecard_from_json(scorecard_to_json(shown)) == shown
    assert scorecard_from_json(older.replace('  "delivery": null,\n', "")).delivery is None
