"""An engine whose follow-ups a language model chooses and words, one streamed call a turn.

It stands on the embedded interviewer: that one assesses in milliseconds what was said, so that the
policy never waits, words all that is not a follow-up, and takes over inside the turn whenever the
model fails. What the model notes about a turn corrects the beliefs from the next turn on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from interviewer.checker import SentenceChecker
from interviewer.engines.noted import noted_findings
from interviewer.engines.offline import OfflineEngine
from interviewer.engines.owning_up import was_told
from interviewer.engines.streamed_reply import Fallback, StreamedReply
from interviewer.engines.turn_prompt import TurnSettings, ask_for_turn, make_nonce, move_ids
from interviewer.offers import is_negotiable
from interviewer.ports import Assessment, Heard, Occasion, Reply
from interviewer.state import Move, MoveKind, is_used
from scenarios.rounds import RoundPlan
from scoring.conduct import Conduct, Known
from scoring.language_model import LanguageModel
from scoring.transcript import Speaker, Turn
from scoring.utterance import MAX_WORDS
from scoring.verdicts import Verdict
from whiteboard.board import Board


class ModelEngine:
    """The embedded interviewer, with a language model for the follow-ups.

    `secret` makes the codes in the prompts' tags; see `turn_prompt.make_nonce`.
    """

    def __init__(
        self, model: LanguageModel, settings: TurnSettings, offline: OfflineEngine, secret: bytes
    ) -> None:
        self.name = settings.model
        self._model = model
        self._settings = settings
        self._offline = offline
        self._secret = secret

    def prepare(self, plan: RoundPlan) -> None:
        """Build the round's finder and its checks, which takes a few tenths of a second."""
        self._offline.prepare(plan)
        Conduct.of(plan)

    def assess(self, heard: Heard) -> Assessment:
        """What the rules of the embedded interviewer find; the model's view comes a turn later."""
        return self._offline.assess(heard)

    async def reply(self, occasion: Occasion) -> Reply:
        """The model's answer where there is something to choose or to word, else the packs'."""
        if not is_negotiable(occasion.event, occasion.offers):
            return await self._offline.reply(occasion)
        nonce = make_nonce(self._secret, occasion.interview_id)
        reply = StreamedReply(
            self._model,
            ask_for_turn(occasion, self._settings, nonce),
            move_ids(occasion.offers),
            Fallback(
                lambda move: self._offline.word(move, occasion.scene_of(move)),
                partial(_bare_line, occasion),
                told=was_told(occasion.turns),
            ),
            partial(_checker, occasion, nonce),
            partial(noted_findings, occasion, self.name),
        )
        await reply.begin()
        return reply


def _bare_line(occasion: Occasion, move: Move, before: int) -> str:
    """The move's question, or one like it that fits behind so many words."""
    concept = dict(occasion.plan.concepts()).get(move.concept or "")
    others = concept.probes if concept is not None and move.kind is MoveKind.PROBE else ()
    fresh = (one for one in others if not is_used(one, occasion.state.lines))
    lines = dict.fromkeys((move.line or "", *fresh))
    fitting = (one for one in lines if before + len(one.split()) <= MAX_WORDS)
    return next(fitting, None) or min(lines, key=lambda one: len(one.split()))


def _checker(occasion: Occasion, nonce: str, move: Move) -> SentenceChecker:
    return SentenceChecker(_known(occasion, nonce, move))


def _known(occasion: Occasion, nonce: str, move: Move) -> Known:
    """What may be said with that move."""
    here = [turn for turn in occasion.turns if turn.round_index == occasion.state.round_index]
    given = occasion.state.given.get(occasion.state.round_index, ())
    return Known(
        plan=occasion.plan,
        move=move.kind.value,
        line=move.line or "",
        concept=move.concept,
        candidate=_texts(here, Speaker.CANDIDATE),
        board=() if occasion.board is None else _labels(occasion.board),
        given=tuple(one.text for one in given),
        asked=_texts(here, Speaker.INTERVIEWER),
        shown=frozenset(
            address
            for address, belief in occasion.state.beliefs.items()
            if belief.verdict is Verdict.HIT
        ),
        secrets=(nonce,),
    )


def _texts(turns: Sequence[Turn], speaker: Speaker) -> tuple[str, ...]:
    return tuple(turn.text for turn in turns if turn.speaker is speaker)


def _labels(board: Board) -> tuple[str, ...]:
    parts = (*board.components, *board.arrows, *board.zones)
    return tuple(label for label in (*(part.label for part in parts), *board.notes) if label)
