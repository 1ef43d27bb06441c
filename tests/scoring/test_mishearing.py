"""What was misheard may be put right; nothing that was not said gets in that way."""

from difflib import SequenceMatcher
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Concept
from scoring.everyday import EVERYDAY_WORDS
from scoring.mishearing import LONGEST_PASSAGE, find_mishearings
from scoring.said_aloud import said_in_words, ways_to_say
from scoring.slips import SMALL_WORDS, fold, words_of
from scoring.transcript import Word

UNSURE = "(?)"


def heard(text: str) -> tuple[str, tuple[Word, ...]]:
    """The text and its words; `cash(?)` is a word of which the recogniser was not sure."""
    words = tuple(
        Word(part.removesuffix(UNSURE), float(at), at + 0.5, part.endswith(UNSURE))
        for at, part in enumerate(text.split())
    )
    return " ".join(word.text for word in words), words


def reasons(text: str, meant: str) -> tuple[str, ...]:
    """Why that is no mishearing put right."""
    plain, words = heard(text)
    return find_mishearings(plain, meant, words).reasons


ACCEPTED = [
    ("a word that sounds the same", "We cash the answers.", "We cache the answers."),
    ("a vowel", "The evils run nightly.", "The evals run nightly."),
    ("a name in two words", "It is in post grass and red is.", "It is in Postgres and Redis."),
    ("a word in two", "The laten see matters.", "The latency matters."),
    ("three words in two", "We token eyes it.", "We tokenise it."),
    ("one word that was two", "It needs guardrails.", "It needs guard rails."),
    ("a name of the trade", "Then cube control apply.", "Then kubectl apply."),
    ("another", "Behind engine x.", "Behind nginx."),
    ("an acronym said as a word", "We ask in sequel.", "We ask in SQL."),
    ("an acronym spelled", "Over a p i calls on h n s w.", "Over API calls on HNSW."),
    ("an acronym by the letters' names", "On the gee pee you.", "On the GPU."),
    ("a figure in a name", "The p ninety nine counts.", "The p99 counts."),
    ("a figure", "Two hundred and five users.", "205 users."),
    ("an uncertain word, less alike", "The colonel(?) kills it.", "The kernel kills it."),
    ("an uncertain number", "With fifteen(?) replicas.", "With fifty replicas."),
    ("fillers dropped", "So um we, you know, like, cache it.", "So we cache it."),
    ("a stutter dropped", "We we cache in the in the gateway.", "We cache in the gateway."),
    ("an article", "We cache answer of model.", "We cache the answer of the model."),
    ("an ending", "It cache the prefix.", "It caches the prefixes."),
    ("case, commas and stops", "it stops then we retry", "It stops. Then we retry."),
]
REFUSED = [
    ("another word", "We use hash.", "We use sharding.", "sounds different"),
    ("a certain word, not quite alike", "The colonel kills it.", "The kernel kills it.", "sounds"),
    ("an uncertain word made another", "We cash(?) it.", "We encrypt it.", "sounds different"),
    ("a word put in", "We cache it.", "We cache it encrypted.", "nothing was heard there"),
    ("a word put beside an uncertain one", "We cash(?) it.", "We cache vectors it.", "vectors"),
    ("a certain word taken out", "We rarely cache it.", "We cache it.", "rarely"),
    ("an uncertain word taken out", "Checks bring little(?)", "Checks bring.", "taken out"),
    ("one for a small one", "We leave(?) it so.", "We by it so.", "leave"),
    ("another", "It is a gut(?) call.", "It is as call.", "gut"),
    ("a negation cut off", "A non(?) blocking call.", "A blocking call.", "taken out"),
    ("another cut off", "The un(?) trusted text.", "The trusted text.", "taken out"),
    ("a negation made of a word", "Calls on(?) trusted text.", "Calls untrusted text.", "round"),
    ("able and not", "We enable(?) it.", "We unable it.", "turn it round"),
    ("sure and not", "Unsure(?) it works.", "Ensure it works.", "turn it round"),
    ("hindered and shown", "We prevent it.", "We present it.", "turn it round"),
    ("a certain word's consonants", "Not possible here.", "Not parseable here.", "different"),
    ("a content word taken out", "We cache secrets.", "We cache.", "taken out"),
    ("a negation taken out", "We do not(?) cache it.", "We do cache it.", "negations"),
    ("a negation put in", "We can(?) trust it.", "We can't trust it.", "negations"),
    ("a certain number", "With fifteen replicas.", "With fifty replicas.", "numbers"),
    ("another number", "With fifteen(?) replicas.", "With sixty replicas.", "numbers"),
    ("a number put in", "For(?) replicas.", "Four replicas.", "numbers"),
    ("a number taken out", "The two(?) keeper.", "The zookeeper.", "numbers"),
    ("an opposite", "Then increase(?) it.", "Then decrease it.", "turn it round"),
    ("an opposite by its start", "An internal(?) call.", "An external call.", "turn it round"),
    ("an opposite by its end", "It is stateless(?)", "It is stateful.", "turn it round"),
    ("another by its end", "It is pointless(?)", "It is points.", "turn it round"),
    ("a prefix put in", "An even(?) load.", "An uneven load.", "turn it round"),
    ("a prefix joined", "A synchronous call.", "Asynchronous call.", "turn it round"),
    ("a question made a statement", "Do we cache it?", "Do we cache it.", "question marks"),
    ("a statement made a question", "We cache it.", "We cache it?", "question marks"),
    ("many words", "cash cash cash cash", "cache cache cache cache", "at most 3"),
    ("a passage", "one(?)", " ".join(["cache"] * 20), "rewritten"),
    ("padding", "I stop.", "I stop." + "!" * 300, "longer"),
    ("invisible characters", "I stop.", "I\u202e stop.", "invisible"),
]


@pytest.mark.parametrize(("name", "text", "meant"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_what_sounds_alike_may_be_put_right(name: str, text: str, meant: str) -> None:
    """Nothing is refused that a recogniser may have got wrong in that way."""
    assert reasons(text, meant) == ()


@pytest.mark.parametrize(("name", "text", "meant", "why"), REFUSED, ids=[row[0] for row in REFUSED])
def test_an_answer_cannot_be_rewritten(name: str, text: str, meant: str, why: str) -> None:
    """Every reason names what is wrong."""
    assert why in "; ".join(reasons(text, meant))


def test_the_changes_are_named() -> None:
    """With the words as they were heard and as they are meant, in their order."""
    plain, words = heard("um the p ninety nine of red is")
    changes = find_mishearings(plain, "The p99 of Redis.", words).words
    assert [(" ".join(one.before), " ".join(one.after)) for one in changes] == [
        ("um", ""),
        ("p ninety nine", "p99"),
        ("red is", "Redis"),
    ]


def test_at_most_a_quarter_changes() -> None:
    """A quarter of the words may, one more may not; what is dropped as a filler does not count."""
    text = ["cache" if at % 3 == 0 else word for at, word in enumerate(sorted(EVERYDAY_WORDS)[:40])]
    for wrong, passes in ((10, True), (11, False)):
        misheard = list(text)
        for at in range(wrong):
            misheard[at * 3] = "cash"
        assert (not reasons(" ".join(misheard), " ".join(text))) is passes
        assert (not reasons("um " + " ".join(misheard), " ".join(text))) is passes


def test_a_row_of_changes_is_a_rewritten_passage() -> None:
    """Up to the longest passage words are looked at one by one, beyond it nothing is."""
    rest = " and so the agent keeps on running until it reaches its budget" * 10
    for length, rewritten in ((LONGEST_PASSAGE, False), (LONGEST_PASSAGE + 1, True)):
        misheard, meant = (" ".join([word] * length) + rest for word in ("cash", "cache"))
        assert ("a whole passage was rewritten" in reasons(misheard, meant)) is rewritten


def test_reasons_repeat_little_of_the_answer() -> None:
    """A refused word is cut in the message, which may end in a log."""
    secret = "s" * 60 + "ecret"
    (why,) = reasons(f"My {secret} plan.", "My x plan.")
    assert secret not in why


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("p99", ["p", "ninety", "nine"]),
        ("0", ["zero"]),
        ("15", ["fifteen"]),
        ("200", ["two", "hundred"]),
        ("12345", ["twelve", "thousand", "three", "hundred", "forty", "five"]),
        ("007", ["zero", "zero", "seven"]),
        ("1234567", ["one", "two", "three", "four", "five", "six", "seven"]),
    ],
)
def test_figures_are_said_in_words(word: str, said: list[str]) -> None:
    """As people say them; long ones digit by digit."""
    assert list(said_in_words(word)) == said


def test_an_acronym_is_said_in_two_ways() -> None:
    """As a word and by the names of its letters; only capitals make one."""
    assert ways_to_say(("RAG",)) == ("rag", "areaygee")
    assert ways_to_say(("rag",)) == ("rag",)


@given(st.text(alphabet="abcdef .", max_size=60))
def test_any_text_equals_itself(text: str) -> None:
    """No change, no objection."""
    assert find_mishearings(text, text, ()) == ((), ())


@cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the shipped packs."""
    library = load_library(builtin_packs_folder())
    ids = [one.id for one in (*library.scenarios, *library.questions)]
    rounds = (library.round_for(id_) for id_ in ids)
    return tuple(concept for plan in rounds for _, concept in plan.concepts())


def wrong_answers(concept: Concept) -> tuple[str, ...]:
    """What sounds like it and is wrong, by the pack's own authors."""
    return (*concept.near_misses, *(one.example for one in concept.contradictions))


def all_unsure(text: str) -> tuple[Word, ...]:
    """Words of which none was heard for certain: as much leave as there can be."""
    return tuple(
        Word(word, float(at), at + 0.5, uncertain=True) for at, word in enumerate(text.split())
    )


def test_a_wrong_answer_never_becomes_a_right_one() -> None:
    """Of no concept, however unsure the recogniser was of every word."""
    pairs = [
        (wrong, right)
        for concept in concepts()
        for wrong in wrong_answers(concept)[:2]
        for right in concept.phrasings[:2]
    ]
    assert len(pairs) > 1000
    assert [
        pair for pair in pairs if not find_mishearings(*pair, all_unsure(pair[0])).reasons
    ] == []


def test_an_uncertain_word_is_no_door_for_a_sentence() -> None:
    """Put in its place, before or behind it, a concept's own words are refused."""
    plain, words = heard("So first of all we cash(?) the answers of the model somewhere")
    before, _, after = plain.partition("cash")
    for concept in concepts():
        for said in (concept.statement, concept.phrasings[0], " ".join(concept.cues[0].all)):
            for put in (said, f"cache {said}", f"{said} cache"):
                found = find_mishearings(plain, f"{before}{put}{after}", words)
                assert found.reasons, (put, found)


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_word_of_a_concept_gets_in_by_another_sound(chance: Random) -> None:
    """A word that is accepted in place of another shares much of its letters with it."""
    concept = chance.choice(concepts())
    wrong = chance.choice(wrong_answers(concept))
    slots = (slot for cue in concept.cues for slot in cue.all)
    terms = [word for text in (*concept.phrasings, *slots) for word in words_of(text)]
    for old in words_of(wrong):
        new = chance.choice(terms)
        found = find_mishearings(wrong, wrong.replace(old, new, 1), all_unsure(wrong))
        if found.reasons:
            continue
        for change in found.words:
            one, other = ("".join(map(fold, words)) for words in change)
            alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
            assert {one, other} <= {*SMALL_WORDS, ""} or not other or alike >= 0.4, (one, other)
