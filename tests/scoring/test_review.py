"""Blind review: nobody sees a rating before they have given theirs, and nobody gives it twice."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from review_samples import (
    ANA,
    BEN,
    CANDIDATE,
    LATER,
    OPERATIONS,
    SCOPE,
    STRANGER,
    card,
    mark,
    rated,
    review,
)
from scorecard_samples import ASK, FALLBACK, REPLY

from scoring.columns import BOT, columns
from scoring.disputes import CardNotes, Dispute, Override, ReviewerRole
from scoring.groups import NotAMemberError, Role
from scoring.review import (
    AlreadyRatedError,
    BadMarkError,
    BadQuoteError,
    IncompleteReviewError,
    NoSuchStageError,
    NotOpenYetError,
    Opening,
    Viewer,
    answerable,
    find_quote,
    material,
    missing,
    open_to,
    opening,
    put_mark,
    quoted_words,
    shared_card,
    submit,
)
from scoring.sheets import GENERAL_ANCHORS, BlindReview, Quote, StageKey, stages_of
from scoring.transcript import Speaker
from scoring.verdicts import Verdict

NAMES = {"ana": "Ana", "ben": "Ben", "cand": "Candy Date"}


def test_stages_carry_the_packs_anchors_or_the_general_ones() -> None:
    """A stage with anchors of its own is rated on them, another on the general scale."""
    scope, operations = review().stages

    assert scope.anchors == (
        "Draws at once.",
        "Asks one thing.",
        "Asks for traffic and latency.",
        "Turns the answers into numbers.",
    )
    assert operations.anchors == GENERAL_ANCHORS
    assert all(one.anchors == GENERAL_ANCHORS for one in stages_of(card(), {}))


@pytest.mark.parametrize("viewer", [CANDIDATE, ANA, Viewer("own", Role.OWNER)])
def test_before_rating_only_the_material_is_there(viewer: Viewer) -> None:
    """Member, owner and candidate alike get neither the card nor the columns."""
    held = rated(review(), BEN, 3, 2)

    assert opening(held, viewer) is Opening.MATERIAL
    with pytest.raises(NotOpenYetError):
        shared_card(held, viewer)
    with pytest.raises(NotOpenYetError):
        columns(held, viewer, NAMES)


def test_the_material_says_nothing_of_what_the_bot_made_of_it() -> None:
    """Briefs and words are there; verdicts, ratings and what the bot aimed at are not."""
    held = rated(review(), BEN, 3, 2)

    shown = material(held, ANA)

    assert [turn.text for turn in shown.transcript][1] == ASK
    text = str(asdict(shown))
    assert "ben on scope" not in text
    assert "scope/latency" not in text
    assert "probe" not in text
    assert held.card.rounds[0].stages[0].rating_reason not in text


def test_a_draft_opens_nothing() -> None:
    """All stages marked and not submitted is not enough."""
    held = rated(review(), BEN, 3, 2)
    for key in (SCOPE, OPERATIONS):
        held = put_mark(held, ANA, mark(key, 3))

    with pytest.raises(NotOpenYetError):
        columns(held, ANA, NAMES)


def test_a_draft_is_not_shown_to_others() -> None:
    """Who has submitted sees submitted sheets only."""
    held = put_mark(rated(review(), BEN, 3, 2), ANA, mark(SCOPE, 1, "secret so far"))

    shown = columns(held, BEN, NAMES)

    assert [cell.label for cell in shown[0].peers] == ["Ben"]
    assert "secret so far" not in str(shown)


def test_a_stranger_sees_and_does_nothing() -> None:
    """Neither material nor card nor columns nor a mark."""
    held = rated(review(), BEN, 3, 2)

    assert opening(held, STRANGER) is Opening.NOTHING
    for refused in (
        lambda: material(held, STRANGER),
        lambda: shared_card(held, STRANGER),
        lambda: columns(held, STRANGER, NAMES),
        lambda: put_mark(held, STRANGER, mark(SCOPE, 3)),
        lambda: submit(held, STRANGER, LATER),
    ):
        with pytest.raises(NotAMemberError):
            refused()


def test_who_left_the_group_sees_no_more() -> None:
    """A submitted sheet opens nothing to somebody who is no member any more."""
    held = rated(review(), ANA, 3, 2)

    assert opening(held, Viewer("ana", None)) is Opening.NOTHING


def test_the_candidate_stays_the_candidate_outside_the_group() -> None:
    """One's own review is there without a role, under the same rule."""
    outside = Viewer("cand", None)

    assert opening(review(), outside) is Opening.MATERIAL
    assert opening(rated(review(), outside, 3, 3), outside) is Opening.EVERYTHING


def test_nobody_rates_twice() -> None:
    """After submission neither a mark changes nor is the sheet submitted again."""
    held = rated(review(), ANA, 3, 2)

    with pytest.raises(AlreadyRatedError):
        put_mark(held, ANA, mark(SCOPE, 1))
    with pytest.raises(AlreadyRatedError):
        submit(held, ANA, LATER + timedelta(days=1))
    assert len(held.sheets) == 1


def test_a_mark_may_change_until_it_is_submitted() -> None:
    """A second mark for a stage takes the place of the first."""
    held = put_mark(review(), ANA, mark(SCOPE, 1))
    held = put_mark(held, ANA, mark(SCOPE, 4))

    sheet = held.sheet("ana")
    assert sheet is not None
    assert [one.rating for one in sheet.marks] == [4]


def test_every_stage_that_was_reached_is_to_be_rated() -> None:
    """An open stage is named; "not reached" is an answer to it."""
    held = put_mark(review(), ANA, mark(SCOPE, 3))
    with pytest.raises(IncompleteReviewError, match="Operations"):
        submit(held, ANA, LATER)

    held = put_mark(held, ANA, mark(OPERATIONS, None))
    assert missing(held, "ana") == ()
    assert opening(submit(held, ANA, LATER), ANA) is Opening.EVERYTHING


def test_a_stage_that_was_not_reached_is_neither_due_nor_ratable() -> None:
    """It stays out of the sheet, and a mark for it or for no stage at all is refused."""
    held = review(card(reached=("scope",)))

    assert [one.stage for one in missing(held, "ana")] == ["scope"]
    for key in (OPERATIONS, StageKey(0, "nowhere"), StageKey(7, "scope")):
        with pytest.raises(NoSuchStageError):
            put_mark(held, ANA, mark(key, 3))


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_a_rating_is_on_the_scale(rating: int) -> None:
    """1 to 4 and nothing else."""
    with pytest.raises(BadMarkError):
        put_mark(review(), ANA, mark(SCOPE, rating))


def test_a_comment_has_an_end() -> None:
    """A novel is refused."""
    with pytest.raises(BadMarkError):
        put_mark(review(), ANA, mark(SCOPE, 3, "x" * 1_001))


@pytest.mark.parametrize(
    "quote",
    [
        Quote("i0000", 0, 5),
        Quote("c0004", 0, 5),
        Quote("c0001", 5, 5),
        Quote("c0001", -3, 5),
        Quote("c0001", 0, len(ASK) + 1),
        Quote("c0001", 1, 2),
        Quote("c9999", 0, 5),
    ],
    ids=["interviewer", "other stage", "empty", "before", "behind", "blank", "no such turn"],
)
def test_a_quote_is_a_part_of_an_answer_of_that_stage(quote: Quote) -> None:
    """Anything else is refused, so that nobody is quoted with what they did not say there."""
    with pytest.raises(BadQuoteError):
        put_mark(review(), ANA, mark(SCOPE, 3, "", quote))


def test_copied_words_are_found_where_they_were_said() -> None:
    """Other spaces and upper case do no harm, and what was not said is not found."""
    quote = find_quote(card(), SCOPE, "two  SECONDS\nuntil")

    assert quoted_words(card(), SCOPE, quote) == "two seconds until"
    assert quote.turn_id == "c0003"
    for words in ("falls back", "three seconds", "", "Where do you start"):
        with pytest.raises(BadQuoteError):
            find_quote(card(), SCOPE, words)


def test_a_self_rating_before_the_card_is_blind() -> None:
    """It stands in its column and counts in differences."""
    held = rated(rated(review(), CANDIDATE, 1, 3), ANA, 3, 3)

    scope = columns(held, ANA, NAMES)[0]

    assert scope.own is not None
    assert (scope.own.label, scope.own.rating, scope.own.after_card) == ("Candy Date", 1, False)
    assert scope.difference is not None
    assert (scope.difference.low, scope.difference.by) == (("Candy Date",), 2)


def test_a_self_rating_after_the_card_stands_apart() -> None:
    """It says so, and makes no difference however far off it is."""
    opened = review(card_opened_at=LATER - timedelta(minutes=1))
    rating = opened.card.rounds[0].stages[0].rating
    assert rating is not None
    far = 4 if rating <= 2 else 1

    held = rated(rated(opened, CANDIDATE, far, 3), ANA, rating, 3)

    scope = columns(held, ANA, NAMES)[0]
    assert scope.own is not None
    assert scope.own.after_card
    assert scope.difference is None


def test_a_peers_sheet_is_blind_whenever_the_candidate_looked() -> None:
    """The candidate's card says nothing about the sheets of others."""
    held = rated(review(card_opened_at=LATER - timedelta(minutes=1)), ANA, 3, 3)

    assert not held.peers[0].after_card


def test_a_peer_who_had_seen_the_ratings_stands_apart() -> None:
    """On another share or before: it says so, makes no difference and is in no median."""
    opened = review(seen_by=frozenset({"ana"}))
    rating = opened.card.rounds[0].stages[0].rating
    assert rating is not None
    far = 4 if rating <= 2 else 1

    scope = columns(rated(rated(opened, ANA, far, 3), BEN, rating, 3), ANA, NAMES)[0]

    assert {(one.label, one.after_card) for one in scope.peers} == {("Ana", True), ("Ben", False)}
    assert scope.middle == rating
    assert scope.difference is None


def test_peers_and_bot_stand_in_columns_of_their_own() -> None:
    """Each peer, their median, and the bot's range, with nothing added up."""
    held = rated(rated(review(), ANA, 2, None), BEN, 3, 4)

    scope, operations = columns(held, ANA, NAMES)

    assert {(cell.label, cell.rating) for cell in scope.peers} == {("Ana", 2), ("Ben", 3)}
    assert scope.middle == 2.5
    assert operations.middle == 4
    assert {cell.rating for cell in operations.peers} == {None, 4}
    graded = held.card.rounds[0].stages[0]
    assert (scope.bot.low, scope.bot.high) == (graded.rating, graded.rating_high)
    assert scope.own is None


def with_bot(held: BlindReview, rating: int) -> BlindReview:
    """The review as if the bot had given every stage `rating`."""
    first = held.card.rounds[0]
    stages = tuple(one.model_copy(update={"rating": rating}) for one in first.stages)
    rounds = (first.model_copy(update={"stages": stages}),)
    return replace(held, card=held.card.model_copy(update={"rounds": rounds}))


def test_a_difference_links_to_the_turns_that_were_quoted() -> None:
    """Two apart is flagged with who is low, who is high, and where they point."""
    held = with_bot(review(), 3)
    quote = Quote("c0003", 0, len(REPLY))
    held = put_mark(held, ANA, mark(SCOPE, 1, "thin", quote))
    held = put_mark(held, ANA, mark(OPERATIONS, 3))
    held = rated(submit(held, ANA, LATER), BEN, 3, 3)

    scope, operations = columns(held, BEN, NAMES)

    assert scope.difference is not None
    assert scope.difference.by == 2
    assert scope.difference.low == ("Ana",)
    assert set(scope.difference.high) == {"Ben", BOT}
    assert scope.difference.turns == ("c0003",)
    assert operations.difference is None


def test_without_a_quote_a_difference_links_to_the_bots_evidence() -> None:
    """The turn of the bot's first evidence of the stage, or the first answer where it has none."""
    held = rated(with_bot(review(), 1), ANA, 3, 3)

    scope, operations = columns(held, ANA, NAMES)

    assert scope.difference is not None
    assert operations.difference is not None
    assert scope.difference.turns == ("c0001",)
    assert operations.difference.turns == ("c0004",)
    assert held.card.transcript[4].text == FALLBACK


def test_without_evidence_a_difference_links_to_the_first_answer() -> None:
    """Where the bot found nothing, the reader still gets a place to look."""
    held = with_bot(review(), 1)
    first = held.card.rounds[0]
    bare = tuple(one.model_copy(update={"verdicts": ()}) for one in first.stages)
    rounds = (first.model_copy(update={"stages": bare}),)
    held = replace(held, card=held.card.model_copy(update={"rounds": rounds}))

    scope = columns(rated(held, ANA, 4, 3), ANA, NAMES)[0]

    assert scope.difference is not None
    assert scope.difference.turns == ("c0001",)


def test_one_step_apart_is_no_difference() -> None:
    """Raters may differ by one without a flag."""
    held = rated(rated(with_bot(review(), 2), ANA, 3, 2), BEN, 3, 2)

    assert [one.difference for one in columns(held, ANA, NAMES)] == [None, None]


def test_an_anonymous_share_never_names_the_candidate() -> None:
    """Neither name nor id of the candidate is in any output, also for the candidate."""
    held = rated(rated(review(anonymous=True), CANDIDATE, 3, 3), ANA, 2, 2)

    for viewer in (ANA, CANDIDATE):
        shown = str(columns(held, viewer, NAMES)) + str(asdict(material(held, viewer)))
        shown += shared_card(held, viewer).model_dump_json()
        assert "Candy" not in shown
        assert "'cand'" not in shown
        assert columns(held, viewer, NAMES)[0].own is not None


def test_numbered_reviewers_are_not_named() -> None:
    """Neither names nor ids; the order follows what was written, not who came first."""

    def shown(first: Viewer, second: Viewer) -> list[tuple[str, int | None]]:
        ratings = {"ana": 2, "ben": 3}
        held = review()
        for viewer in (first, second):
            held = put_mark(held, viewer, mark(SCOPE, ratings[viewer.person]))
            held = submit(put_mark(held, viewer, mark(OPERATIONS, 3)), viewer, LATER)
        laid_out = columns(held, ANA, NAMES, numbered=True)
        assert "Ana" not in str(laid_out)
        assert "'ben'" not in str(laid_out)
        return [(cell.label, cell.rating) for cell in laid_out[0].peers]

    assert shown(ANA, BEN) == shown(BEN, ANA) == [("Reviewer 1", 2), ("Reviewer 2", 3)]


def test_the_interviewer_is_never_quoted() -> None:
    """Only the candidate's turns are searched for copied words."""
    spoken = [turn for turn in card().transcript if turn.speaker is Speaker.INTERVIEWER]

    for turn in spoken:
        with pytest.raises(BadQuoteError):
            find_quote(card(), SCOPE, turn.text)


def test_only_reviewers_who_have_rated_answer_disputes() -> None:
    """Not a member, not the candidate whatever their role, and nobody before their own ratings."""
    disputes = (
        Dispute("d1", 1, 0, "scope/latency", "I said it.", LATER),
        Dispute("d2", 2, 0, "scope/latency", "Of another revision.", LATER),
    )
    answered = Override("d1", Verdict.HIT, "So it is.", ReviewerRole.REVIEWER, LATER)
    held = rated(rated(rated(review(), ANA, 2, 2), BEN, 3, 3), CANDIDATE, 3, 3)
    owner = Viewer("cand", Role.OWNER)

    def found(viewer: Viewer, *overrides: Override) -> list[str]:
        return [one.id for one in answerable(held, viewer, CardNotes(disputes, overrides))]

    assert found(BEN) == ["d1"]
    assert found(BEN, answered) == []
    assert found(ANA) == found(owner) == []
    with pytest.raises(NotOpenYetError):
        answerable(review(), BEN, CardNotes(disputes))
    with pytest.raises(NotAMemberError):
        answerable(held, STRANGER, CardNotes(disputes))


def test_reviews_are_open_to_whoever_handed_in() -> None:
    """Figures are made of those alone; a draft opens nothing, a stranger has none."""
    rated_by_ana = rated(review(), ANA, 2, 2)
    draft = put_mark(review(), ANA, mark(SCOPE, 2))
    reviews = [rated_by_ana, draft, rated(review(), BEN, 2, 2)]

    assert open_to(reviews, ANA) == (rated_by_ana,)
    assert open_to(reviews, CANDIDATE) == ()
    assert open_to(reviews, ANA._replace(role=None)) == ()
