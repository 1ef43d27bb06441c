"""What became of the rounds, from both sides: the channels as Discord has them, and the database.

The files are read without any of our code, after the bot has stopped.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from bot.discord.text import safe
from tests.bot.discord.chaos_bot import CALLBACK, Dark
from tests.bot.discord.chaos_player import CARD_MARK, Player, of_bot
from tests.discord_stub import DiscordStub
from tests.discord_stub.channels import Channel
from tests.discord_stub.interactions import Interaction
from tests.discord_stub.messages import Message

CARD = "<card>"
ASIDES = ("There is no interview going on here", "We go on here. The clock stood still meanwhile.")
"""What the bot says beside the interview; after a kill it may come more than once."""

PICTURE = "-# Your board at the end of"
"""A picture may be missing where Discord would not have it; it comes once at most for a stage."""

LATE = "acknowledged after 3 s"

_STEERING = re.compile(r"hs:(?:hint|think|pause|resume|next|end|board|answer):")
_FAULT = re.compile(r"fault \w+ in .+: \w+\n(?: .*\n)*")


@dataclass(frozen=True)
class Outcome:
    """What the disturbances did; all but the first six should be zero.

    `lost` are messages of candidates that are in no event, `taken_twice` those in several,
    `unsaid` utterances that no channel shows, `said_twice` posts that nothing stands behind,
    `disordered` channels that show the right posts in another order, `cards_off` interviews that
    have no card or several, `buttons_left` messages whose steering buttons outlived the round,
    `late` presses without an answer while nothing was in the way, `broken_rules` violations of
    Discord's rules, `faults` errors that the bot did not expect, `words_logged` candidates'
    messages that its log holds. `findings` says which they were.
    """

    rounds: int = 0
    messages: int = 0
    kills: int = 0
    faults_of_requests: int = 0
    faults_of_gateway: int = 0
    unanswered: int = 0
    lost: int = 0
    taken_twice: int = 0
    unsaid: int = 0
    said_twice: int = 0
    disordered: int = 0
    cards_off: int = 0
    buttons_left: int = 0
    late: int = 0
    broken_rules: int = 0
    faults: int = 0
    words_logged: int = 0
    findings: tuple[str, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )

    @property
    def is_clean(self) -> bool:
        """Whether the candidates lost nothing and saw nothing twice."""
        return not any(getattr(self, one.name) for one in fields(self)[6:])


class Ledger:
    """What the bot's database says."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as tables:
            self.interviews: list[tuple[str, str]] = tables.execute(
                "SELECT interview_id, channel FROM places JOIN interviews ON id = interview_id "
                "ORDER BY started_at"
            ).fetchall()
            self._inbox = tables.execute(
                "SELECT interview_id, seq, kind, event FROM inbox ORDER BY seq"
            ).fetchall()
            self._outbox = tables.execute(
                "SELECT interview_id, text FROM outbox WHERE text != '' ORDER BY seq"
            ).fetchall()
            self.cards = Counter(
                row[0] for row in tables.execute("SELECT interview_id FROM scorecards")
            )
            self._boards = tables.execute(
                "SELECT DISTINCT interview_id, round_index, stage FROM board_revisions"
            ).fetchall()
            self.open = [
                row[0] for row in tables.execute("SELECT interview_id FROM places WHERE NOT closed")
            ]

    def interviews_in(self, place: Channel) -> list[str]:
        """Those of a channel, oldest first."""
        return [one for one, channel in self.interviews if channel == str(place.id)]

    def said(self) -> list[str]:
        """The text of every answer that was taken."""
        return [json.loads(event)["text"] for _, _, kind, event in self._inbox if kind == "said"]

    def utterances(self, interview: str) -> list[str]:
        """What the interviewer said, as Discord should show it."""
        return [safe(text).strip() for owner, text in self._outbox if owner == interview]

    def stages_drawn(self, interviews: Collection[str]) -> int:
        """In how many of their stages something was drawn."""
        return sum(owner in interviews for owner, _, _ in self._boards)

    def ended_by(self, interview: str) -> int:
        """The newest message or press behind the last event; 0 where it was the clock."""
        last = [json.loads(event) for owner, _, _, event in self._inbox if owner == interview][-1]
        return max((int(one.strip("i")) for one in last["origins"] if _is_id(one)), default=0)


def _is_id(origin: str) -> bool:
    return origin.removeprefix("i").isdecimal()


def judge_round(player: Player, ledger: Ledger, dark: Dark, struck: Collection[int]) -> Outcome:
    """What became of one player's interviews."""
    outcome = Outcome(rounds=player.rounds, messages=len(player.written))
    for place in player.places:
        outcome += _judge_place(place, ledger)
    taken = Counter(mark for text in ledger.said() for mark in re.findall(r"zq\d+x\d+", text))
    missing = [m for m, mark in player.written if not taken[mark] and not _too_late(m, ledger)]
    late = [
        one
        for one in player.unanswered
        if one.interaction not in struck and not dark.overlaps(one.sent - 1, one.given_up)
    ]
    twice = [mark for _, mark in player.written if taken[mark] > 1]
    return outcome + Outcome(
        unanswered=len(player.unanswered),
        lost=len(missing),
        taken_twice=len(twice),
        late=len(late),
        findings=(
            *(f"lost: {m.content[-24:]}" for m in missing),
            *(f"twice: {mark}" for mark in twice),
            *(f"late: {one}" for one in late),
        ),
    )


def _too_late(message: Message, ledger: Ledger) -> bool:
    """Whether it was written after what ended the interview that was going on."""
    ends = [ledger.ended_by(one) for one in ledger.interviews_in(message.channel)]
    following = [m for m in of_bot(message.channel) if m.id > message.id and CARD_MARK in m.text]
    return message.id > max(ends) or any(
        end < message.id and following and following[0].id > message.id for end in ends if end
    )


def _judge_place(place: Channel, ledger: Ledger) -> Outcome:
    expected: list[str] = []
    interviews = ledger.interviews_in(place)
    for interview in interviews:
        expected += [*ledger.utterances(interview), CARD]
    pictures = sum(m.text.startswith(PICTURE) for m in of_bot(place))
    again = max(0, pictures - ledger.stages_drawn(interviews))
    shown = [_shown(m) for m in of_bot(place) if not m.text.startswith((*ASIDES, PICTURE))]
    unsaid, extra = Counter(expected) - Counter(shown), Counter(shown) - Counter(expected)
    cards = unsaid.pop(CARD, 0) + extra.pop(CARD, 0)
    disordered = not unsaid and not extra and not cards and shown != expected
    cards += sum(ledger.cards[one] != 1 or one in ledger.open for one in interviews)
    left = [m for m in of_bot(place) if _STEERING.search(json.dumps(m.components))]
    return Outcome(
        unsaid=unsaid.total(),
        said_twice=extra.total() + again,
        disordered=int(disordered),
        cards_off=cards,
        buttons_left=len(left),
        findings=(
            *(f"{interviews} unsaid: {text[:80]}" for text in unsaid.elements()),
            *(f"{interviews} without a reason: {text[:80]}" for text in extra.elements()),
            *([f"{interviews} pictures shown again: {again}"] * bool(again)),
            *([f"{interviews} in another order"] * disordered),
            *([f"{interviews} cards off by {cards}"] * bool(cards)),
            *(f"{interviews} buttons left: {m.text[:60]}" for m in left),
        ),
    )


def _shown(message: Message) -> str:
    """The utterance in a message, or that it is a card."""
    if CARD_MARK in message.text:
        return CARD
    if message.content:
        return message.content.strip()
    first = next((one for one in message.components if one["type"] == 10), None)
    return first["content"].strip() if first else message.text


def judge_log(log: Path, players: Sequence[Player]) -> Outcome:
    """Errors that nobody expected, and words that do not belong there."""
    text = log.read_text("utf-8")
    faults = [found[0] for found in _FAULT.finditer(text)]
    marks = [mark for player in players for _, mark in player.written]
    names = [player.person.user.display_name for player in players]
    return Outcome(
        faults=len(faults) + text.count("Task exception was never retrieved"),
        words_logged=sum(one in text for one in [*marks, *names]),
        findings=tuple(faults),
    )


def judge_rules(stub: DiscordStub, dark: Dark, struck: Collection[int]) -> Outcome:
    """What the bot did against Discord's rules.

    Excused are answers whose first attempt was hit, and late ones to what was long on its way.
    """
    broken = [
        one
        for one in stub.take_violations()
        if (about := _interaction_of(one)) not in struck
        and not (LATE in one and _was_dark(stub.world.interactions[about], dark))
    ]
    return Outcome(broken_rules=len(broken), findings=tuple(broken))


def _was_dark(interaction: Interaction, dark: Dark) -> bool:
    return dark.overlaps(interaction.sent_at - 0.5, interaction.sent_at + 3.5)


def _interaction_of(violation: str) -> int:
    found = CALLBACK.search(violation)
    return int(found[1]) if found else 0
