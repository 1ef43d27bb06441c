"""The help, page by page: short enough for a phone, and the commands as they really are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discord import app_commands, ui

from bot.discord.views.pages import Door, Frame, Section, lay_out, page_view

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group

_FRAME = Frame("-# Hotseat · mock interviews for AI-engineering roles", "-# `/help`")

_START = """\
I hold **mock interviews** with you, here on Discord: a timed round, follow-up questions about \
what *you* said, and a card that quotes your own words for everything it credits.

**New here?**
1. {drill} asks one question, takes two minutes, and is graded at once.
2. {start} begins a whole system-design round.
3. {packs} shows what else there is.

I ask one question at a time. I never praise and never grade aloud; the card comes at the end."""

_LOOP = """\
Employers differ: number, order, length and names of the rounds are never the same twice. A common \
loop for an AI-engineering role has

- a **screen**: short questions on concepts. Here: {drill}
- a **system-design round**, 35 to 60 minutes: design something with models in it, on a board, \
aloud. Here: {start}
- a **behavioural round**: one story from your work, asked about in depth. Here: {behavioural}
- sometimes a **coding** round or a take-home, which I do not hold.

{loop} takes several rounds in a row, by role and level. Ask the employer about theirs."""

_STAGES = """\
A system-design round goes through six stages, against one clock:

- **Scope**: ask who uses it, how much, what may go wrong; say what you assume.
- **Loop**: how a request flows; what the model decides, and what code decides.
- **Models**: which ones, their limits, what they cost.
- **Evals**: how you know that it works, before and after release.
- **Trust boundary**: what the model may read and do, and who may ask it to.
- **Operations**: release, watch, fail, come back.

Somewhere a requirement changes. **Hint** helps and shows on the card. **Let me think** keeps me \
quiet. **Pause** stops the clock. {board} is where you draw.

A story has five: situation, decision, action, outcome, learning."""

_CARD = """\
**It says** for every concept whether your words showed it, with the sentence, and whether that \
came unprompted, after a follow-up or after a hint; for every stage a rating from 1 to 4 and a \
range of levels; and what to practise next.

**It does not measure** length, style, accent, confidence or speed. "Not detected" is not "you did \
not know it": rules find what was said in foreseen words and miss what was said in unusual ones. \
The scores are **not calibrated** against human ratings. This is practice, never for hiring.

Something wrong? {correct} mends mistyped words, {dispute} objects to a verdict, {flag} to a \
question of mine."""

_GROUPS = """\
A study group belongs to a server. {create} makes one for a channel, {invite} invites.

{share} posts your card there with a thread; anonymous if you like, names redacted if you like. \
Others rate the same stages **before** they see my ratings, yours or each other's; then all stand \
side by side. There is no leaderboard. {unshare} takes it down everywhere."""

_PRIVACY = """\
Your answers and cards are kept on the computer that runs this bot, for {days} days at most, and \
nobody but you is shown them until you share a card.{sent} {show} tells all of it; there you also \
take your data along or delete it, at once and completely."""


COMMANDS = {
    "interviews": ("interview", "drill", "behavioural", "loop", "board", "packs"),
    "cards and progress": ("scorecard", "progress"),
    "study groups": ("group",),
    "this bot": ("help", "privacy"),
}
"""The commands by what they are for, as the names that stand first in them."""


@dataclass(frozen=True)
class Guide:
    """What the help depends on.

    `ids` are Discord's ids of top-level commands, as far as they are known; `answering` says how
    one answers in the place where help was asked for, `sent` who gets what candidates say, None
    where it stays with the bot.
    """

    commands: Sequence[AnyCommand]
    ids: Mapping[str, int]
    answering: str
    retention_days: int
    sent: str | None = None

    def name(self, command: str) -> str:
        """The command, clickable where its id is known."""
        known = self.ids.get(command.partition(" ")[0])
        return f"`/{command}`" if known is None else f"</{command}:{known}>"


def help_view(guide: Guide, page: int) -> ui.LayoutView:
    """The page of that number, counted from 1, with a menu of the others."""
    return page_view(lay_out(_sections(guide)), page, _FRAME, Door("help", "", 1))


def _sections(guide: Guide) -> Iterator[Section]:
    name = guide.name
    start = _START.format(drill=name("drill"), start=name("interview start"), packs=name("packs"))
    yield Section(
        "Start here", (start, f"**Answering here.** {guide.answering}"), "the first steps"
    )
    loop = _LOOP.format(
        drill=name("drill"),
        start=name("interview start"),
        behavioural=name("behavioural"),
        loop=name("loop"),
    )
    yield Section("What an interview loop is like", (loop,), "and that formats differ")
    yield Section("The six stages", (_STAGES.format(board=name("board")),), "of a design round")
    card = _CARD.format(
        correct=name("scorecard correct"),
        dispute=name("scorecard dispute"),
        flag=name("scorecard flag"),
    )
    yield Section("Your card", (card,), "what it measures, and what it does not")
    groups = _GROUPS.format(
        create=name("group create"),
        invite=name("group invite"),
        share=name("scorecard share"),
        unshare=name("scorecard unshare"),
    )
    yield Section("Study groups", (groups,), "sharing and blind review")
    for what, roots in COMMANDS.items():
        yield Section(f"Commands: {what}", tuple(_lists(guide, roots)), "each with what it does")
    privacy = _PRIVACY.format(
        days=guide.retention_days,
        show=name("privacy show"),
        sent=f" {guide.sent}" if guide.sent else "",
    )
    yield Section("Privacy", (privacy,), "what is kept, and for how long")


def _lists(guide: Guide, roots: Sequence[str]) -> Iterator[str]:
    """The commands of these roots with their descriptions, each root with several in a block."""
    blocks: dict[str, list[str]] = {}
    for command in guide.commands:
        if isinstance(command, app_commands.Group):
            continue
        root = command.qualified_name.partition(" ")[0]
        if root in roots:
            line = f"{guide.name(command.qualified_name)} {command.description}"
            blocks.setdefault(root if command.parent else "", []).append(line)
    yield from ("\n".join(lines) for lines in blocks.values())
