"""What the end of an answer tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.cues import Cue, asks_yes_or_no, has_content, is_backchannel, is_echo, read_cue, words

WHAT = "What would you store in the cache?"
STATEMENT = "What is a cache?"
OPEN = "Walk me through your design."
YES_NO = "Is consistency important here?"
FACT = "How many requests is that per second?"
LONG_FACT = "Which boxes take part, and what does each one pass on?"
REQUEST = "Can you walk me through the request path?"


@pytest.mark.parametrize(
    "text",
    [
        "I'm done",
        "okay so I am done.",
        "We shard by user id. That's it.",
        "and that's basically it for now",
        "does that make sense",
        "We use a cache. Does that make sense so far?",
        "i think that covers the main design",
        "what do you think",
        "go on",
        "is there anything else you want to know",
        "how many users do we expect per day",
        "okay so how many users do we expect per day?",
        "what is the read to write ratio",
        "Do we need strong consistency?",
        "should i go deeper here",
        "can I have a hint",
        "could you repeat the question",
        "please continue",
        "sorry go on",
        "hello",
        "next question please",
        "let's move on",
        "I'll leave it at that",
        "that is all i can think of",
    ],
)
def test_an_answer_handed_over_is_released(text: str) -> None:
    """Handing over in words, and questions to the interviewer, end the turn whatever was asked."""
    assert {read_cue(text, question) for question in ("", STATEMENT, OPEN)} == {Cue.RELEASE}


@pytest.mark.parametrize(
    "text",
    [
        "the cache um",
        "the cache ... um ... and then",
        "the cache",
        "we could use a cache and",
        "we could use a cache, because",
        "so the first thing would be the",
        "I would use redis,",
        "it depends on",
        "we could, uh...",
        "the bottleneck is",
        "i think we",
        "and then I'd",
        "what would happen if",
        "how many",
        "what is the",
        "can i ask how many",
        "there are three things",
        "there are three reasons. First, the cache is cheap. Second, it is fast.",
        "first, we put a cache in front of it",
        "on the one hand writes become slower",
        "if the cache is cold",
        "when the queue fills up",
        "we have a cache for example",
        "it's, you know",
        "I'm not done yet",
        "let me correct that",
        "I want to estimate the traffic first",
        "I would start by clarifying the requirements",
        "I will move on to the data model",
        "no but",
        "yes because",
        "okay",
        "right",
    ],
)
def test_an_unfinished_answer_is_held(text: str) -> None:
    """Fillers, conjunctions, half a list, half a question, an announcement: more is to come."""
    expected = Cue.NEUTRAL if text == "the cache" else Cue.HOLD

    assert {read_cue(text, question) for question in ("", STATEMENT, OPEN)} == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "let me think",
        "Let me think about that for a second.",
        "let me think about that for a second um",
        "hmm let me think so",
        "give me a minute",
        "Good question. Give me a moment, please.",
        "can i have a minute",
        "Could I take a second to think?",
        "one second",
        "just a moment",
        "hold on",
        "i'm still thinking",
        "I would use a cache. Hang on.",
        "let me draw the diagram",
        "just a second please",
        "I need a minute to think.",
        "let me note that down",
        "let me think about whether the cache helps here",
    ],
)
def test_a_request_for_time_is_heard(text: str) -> None:
    """Asking for time is heard through fillers behind it, whatever was asked."""
    asked = ("", STATEMENT, YES_NO, OPEN)
    assert {read_cue(text, question) for question in asked} == {Cue.THINKING}


@pytest.mark.parametrize(
    ("text", "question", "cue"),
    [
        ("yes", YES_NO, Cue.PERHAPS),
        ("Maybe.", YES_NO, Cue.PERHAPS),
        ("I would.", YES_NO, Cue.NEUTRAL),
        ("I would.", OPEN, Cue.HOLD),
        ("I'd rather not.", YES_NO, Cue.NEUTRAL),
        ("yes it is", YES_NO, Cue.RELEASE),
        ("No, not really.", YES_NO, Cue.RELEASE),
        ("yeah I do", YES_NO, Cue.RELEASE),
        ("yes", STATEMENT, Cue.HOLD),
        ("no", STATEMENT, Cue.NEUTRAL),
        ("ten thousand", FACT, Cue.NEUTRAL),
        ("we have about fifty", FACT, Cue.NEUTRAL),
        ("we need around 500", FACT, Cue.NEUTRAL),
        ("I would cut the context from six passages to three", STATEMENT, Cue.COMPLETE),
        ("the gateway", "Which box gets it first?", Cue.NEUTRAL),
        ("And second", FACT, Cue.HOLD),
        ("that is about one hundred requests per second", FACT, Cue.PERHAPS),
        ("the gateway gets it first", LONG_FACT, Cue.NEUTRAL),
        ("the users send their query to the gateway", "Let's talk about it.", Cue.NEUTRAL),
        ("The gateway checks the token. The token", STATEMENT, Cue.HOLD),
        ("I would put it in the.\nThe database", STATEMENT, Cue.NEUTRAL),
        ("One minute.", "How long is the window?", Cue.NEUTRAL),
        ("about", FACT, Cue.HOLD),
        ("we write the cache", "", Cue.NEUTRAL),
        ("we can shard the database by user id", STATEMENT, Cue.COMPLETE),
        ("we can shard the database by user id", OPEN, Cue.NEUTRAL),
        ("retries use exponential backoff with jitter", STATEMENT, Cue.COMPLETE),
        ("a bloom filter in front of the database", STATEMENT, Cue.NEUTRAL),
        ("how do we find the right shard", OPEN, Cue.NEUTRAL),
        ("so what happens if the leader dies?", OPEN, Cue.NEUTRAL),
        ("when the queue fills up we shed load", STATEMENT, Cue.COMPLETE),
        ("if the cache is cold, requests go to the database", STATEMENT, Cue.COMPLETE),
        ("failover takes about one minute in the worst case", STATEMENT, Cue.COMPLETE),
        ("there are two reasons. first it is cheap. second it is fast.", STATEMENT, Cue.COMPLETE),
        ("first we cache, then we shard, and finally we replicate it all", STATEMENT, Cue.COMPLETE),
        ("which region are we in", "", Cue.RELEASE),
        ("", STATEMENT, Cue.NEUTRAL),
    ],
)
def test_what_was_asked_decides_how_much_is_enough(text: str, question: str, cue: Cue) -> None:
    """The same words end an answer to one question and not to another."""
    assert read_cue(text, question) is cue


@pytest.mark.parametrize(
    "text",
    [
        "The API validates it and then I'll write the results to Postgres.",
        "A nightly job picks them up and I'll compute embeddings offline.",
        "The writes go to the leader and I'll read from the replica.",
        "Before each call I'd check. I'll count tokens per user.",
        "I'd start with a canary because I want to see how the model behaves.",
        "We log them, I want to consider what happens when the queue is full.",
        "For the window we need one minute of history.",
        "I'd give it one more second to answer.",
        "A failover takes just a second.",
        "I'd like to think that the index is small.",
        "I'm thinking of a token bucket for every tenant.",
        "I need a second one for the reads.",
        "Can I see the numbers for a week?",
    ],
)
def test_talk_about_the_design_asks_for_no_time(text: str) -> None:
    """The words of a request for time are no request where they have another object."""
    assert not {Cue.THINKING, Cue.OCCUPIED} & {read_cue(text, q) for q in ("", OPEN, YES_NO)}


@pytest.mark.parametrize(
    "text",
    [
        "I'll write that down.",
        "okay i'll draw it",
        "We use a cache, I want to consider that",
        "let's consider that",
        "where was i",
        "how do I put this",
        "what's the word",
    ],
)
def test_who_is_occupied_gets_some_time(text: str) -> None:
    """What takes a while, though no time was asked for, is waited for, and not for ever."""
    assert {read_cue(text, question) for question in ("", YES_NO, OPEN)} == {Cue.OCCUPIED}


@pytest.mark.parametrize("text", ["I don't know", "Well, I have no idea.", "I really don't know"])
def test_not_knowing_may_open_a_guess(text: str) -> None:
    """ "I don't know" may be all, or "how many users there are, but say a million" follows."""
    assert {read_cue(text, question) for question in ("", STATEMENT, OPEN)} == {Cue.PERHAPS}


@pytest.mark.parametrize("text", ["Sure", "Yeah.", "okay", "Yes, of course.", "Sure, I can do."])
@pytest.mark.parametrize("question", [REQUEST, "Do you have any questions?"])
def test_agreeing_is_only_the_opening(text: str, question: str) -> None:
    """A yes to a request for a talk, or to an offer of questions, is followed by it."""
    assert read_cue(text, question) is Cue.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "The worker takes the next one",
        "The gateway doesn't do anything else in the path",
        "The rest of the requests carry on",
        "So the question is would that work",
        "And does it work",
    ],
)
def test_words_of_handing_over_inside_the_design_hand_nothing_over(text: str) -> None:
    """ "Next one", "anything else" and "carry on" hand over only where they are all."""
    assert {read_cue(text, question) for question in (OPEN, STATEMENT)} & {Cue.RELEASE} == set()


@pytest.mark.parametrize(
    "text",
    [
        "We put a cache in front, a queue behind it, and so on.",
        "The ranker takes them, that's what the cross encoder is for.",
        "I'd keep the old index as well.",
        "We'd evict the entries as fast as we can.",
        "I'd only alert the services that it depends on.",
        "Then the users log in.",
        "That is ten thousand a day or so.",
        "That is about a thousand, I think, maybe.",
        "It depends on whether they're stale or not.",
        "I think we covered that, though.",
        "They shipped what we had.",
        "We agreed to roll it back, which we did.",
        "I told them what the risk was.",
        "Nobody knew how bad it was.",
        "I learned how important monitoring is.",
        "It was worse than what we expected it to be.",
        "There are three options. I'd take the first one because it is the cheapest to run.",
        "There are two reasons. The first one is cost and the other one is latency.",
        "On the one hand it is fast but it's quite expensive, so I'd go with batch.",
    ],
)
def test_a_finished_sentence_is_not_held_for_its_last_word(text: str) -> None:
    """Words that announce more elsewhere are good ends of a phrase or of a clause of their own."""
    cues = {read_cue(text, question) for question in (OPEN, STATEMENT, YES_NO)}
    assert cues <= {Cue.NEUTRAL, Cue.PERHAPS, Cue.COMPLETE}


@pytest.mark.parametrize(
    "text",
    [
        "So what we did was",
        "I think what happens is",
        "which is why we have",
        "the thing that is",
        "I think that it depends on",
        "it means that we are",
        "it is as fast as the",
        "it works even though",
        "the cache and the index as well as",
        "we asked which database we would",
        "so what we do",
        "There are three reasons. The first one is cost",
    ],
)
def test_an_open_clause_is_still_held(text: str) -> None:
    """Such a word is no end where the clause is only begun."""
    assert {read_cue(text, question) for question in (OPEN, STATEMENT)} == {Cue.HOLD}


def test_a_long_story_may_end_at_a_whole_sentence() -> None:
    """An open question is answered once several sentences have come and the last is whole."""
    story = (
        "We kept the embeddings in a vector index and rebuilt it every night from the source "
        "documents. Then the index went stale during the day, so we moved to updates by event."
    )

    assert read_cue(story, OPEN) is Cue.PERHAPS


def test_after_a_request_for_time_content_counts_again() -> None:
    """Who asked for time and then answered is not waited for any longer."""
    text = "let me think about that.\nI would use a token bucket for every tenant"

    assert read_cue(text, STATEMENT) is Cue.COMPLETE


@pytest.mark.parametrize(
    "text", ["mm-hm", "Okay.", "yeah right", "I see", "go on", "sorry, go on", "Got it.", "uh huh"]
)
def test_listeners_words_are_backchannels(text: str) -> None:
    """What a listener says takes no turn."""
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text",
    ["", "no", "wait", "stop", "okay but why", "sorry", "yes we use a cache", "hello"],
)
def test_a_will_to_speak_is_no_backchannel(text: str) -> None:
    """A word that wants the floor gets it, however short."""
    assert not is_backchannel(text)


@pytest.mark.parametrize(
    ("heard", "echoed"),
    [
        ("how would you invalidate", True),
        ("would you invalidate the cash after a write", True),
        ("the cache", False),
        ("no wait I would not do that", False),
        ("you would cache it how", False),
    ],
)
def test_our_own_words_are_known_again(heard: str, echoed: bool) -> None:
    """A loudspeaker beside the microphone is no candidate."""
    assert echoed == is_echo(heard, "How would you invalidate the cache after a write?")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is that fast enough?", True),
        ("You said Redis. Would it survive a restart?", True),
        ("So, does it scale?", True),
        ("Why is that?", False),
        ("Can you walk me through it?", False),
        ("Can you hear me?", True),
        ("Would you cache it, and why?", False),
        ("", False),
    ],
)
def test_questions_for_yes_or_no(question: str, expected: bool) -> None:
    """The last sentence of an utterance says what kind of answer it waits for."""
    assert expected == asks_yes_or_no(question)


def test_sounds_are_no_content() -> None:
    """Fillers and openers alone say nothing."""
    assert [has_content(text) for text in ("um so", "", "okay and then redis")] == [
        False,
        False,
        True,
    ]


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_has_a_cue(text: str, question: str) -> None:
    """No text, however strange, raises."""
    assert read_cue(text, question) in Cue
    assert isinstance(is_backchannel(text), bool)
    assert is_echo(text, text) == (len(words(text)) >= 3)
