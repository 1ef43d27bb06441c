"""`/scorecard`: one's own cards: look, compare, take along, correct, dispute, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.groups.sharing import share, unshare, unshare_now
from bot.discord.groups.study_groups import complete_group
from bot.discord.installs import everywhere
from bot.discord.people import owner_of
from bot.discord.replies import promise, redraw, reply
from bot.discord.scorecards import objections
from bot.discord.scorecards.deletion import Sweeper, ask_deletion, delete_own, keep_own
from bot.discord.scorecards.exports import send_export
from bot.discord.scorecards.flags import choose_turn
from bot.discord.scorecards.lists import list_page
from bot.discord.scorecards.own import (
    Interaction,
    complete_graded,
    complete_own,
    own_open_card,
)
from bot.discord.scorecards.pages import (
    compare_own,
    show_card,
    show_own,
    turn_card,
    turn_comparison,
)
from bot.discord.views.card_actions import CORRECT, DISPUTE, EXPORT
from bot.discord.views.card_end import DELETE, FORMS, KEEP, export_view
from bot.discord.views.card_list import LIST, OPEN_LISTED
from bot.discord.views.comparison import COMPARE
from bot.discord.views.corrections import TURNS
from bot.discord.views.dispute import VERDICTS
from bot.discord.views.pages import page_of
from bot.discord.views.scorecard import OPEN_CARD
from bot.discord.views.sharing import UNSHARE_SURE

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

FORM_CHOICES = [Choice(name=words, value=form) for form, words in FORMS.items()]


@everywhere
class ScorecardCog(
    commands.GroupCog, group_name="scorecard", group_description="Your scorecards and what to do"
):
    """Everything that a person does with cards of their own."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        self._sweeper = Sweeper(bot)
        presses = {
            OPEN_CARD: self._turn,
            "show_card": self._open_first,
            LIST: self._turn_list,
            COMPARE: self._turn_comparison,
            CORRECT: self._ask_turn,
            TURNS: self._turn_turns,
            DISPUTE: self._ask_verdict,
            VERDICTS: self._turn_verdicts,
            EXPORT: self._export,
            DELETE: self._delete,
            KEEP: self._keep,
            UNSHARE_SURE: unshare_now,
        }
        for action, handler in presses.items():
            bot.controls.on_press(action, handler)
        bot.controls.on_pick(OPEN_CARD, self._pick_page)
        bot.controls.on_pick(COMPARE, self._pick_comparison)
        bot.controls.on_pick(OPEN_LISTED, self._pick_listed)
        bot.controls.on_pick(CORRECT, self._pick_turn)
        bot.controls.on_pick(DISPUTE, self._pick_verdict)
        bot.controls.on_submit(CORRECT, objections.take_correction)
        bot.controls.on_submit(DISPUTE, objections.take_dispute)

    async def cog_unload(self) -> None:
        """Stop what works in the background."""
        await self._sweeper.close()

    @app_commands.command()
    async def latest(self, interaction: Interaction) -> None:
        """Show your latest card."""
        await show_own(interaction, None)

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """List your interviews, also unfinished ones."""
        await promise(interaction)
        view = await list_page(self.bot.app, owner_of(interaction.user), 1)
        await reply(interaction, view=view)

    @app_commands.command()
    @app_commands.describe(
        interview="Which one; the latest if left out",
        revision="An earlier version of a card that was graded again",
    )
    @app_commands.autocomplete(interview=complete_graded)
    async def show(
        self,
        interaction: Interaction,
        interview: str | None = None,
        revision: app_commands.Range[int, 1, 999] | None = None,
    ) -> None:
        """Show a card of yours."""
        await show_own(interaction, interview, revision)

    @app_commands.command()
    @app_commands.describe(
        first="One of your interviews", second="Another one; the latest if left out"
    )
    @app_commands.autocomplete(first=complete_graded, second=complete_graded)
    async def compare(
        self, interaction: Interaction, first: str, second: str | None = None
    ) -> None:
        """Lay two of your cards side by side."""
        await compare_own(interaction, first, second)

    @app_commands.command()
    @app_commands.describe(
        form="Text, web page, or data", interview="Which one; the latest if left out"
    )
    @app_commands.choices(form=FORM_CHOICES)
    @app_commands.autocomplete(interview=complete_own)
    async def export(
        self, interaction: Interaction, form: str, interview: str | None = None
    ) -> None:
        """Get a card, or everything stored about an interview, as a file."""
        await send_export(interaction, interview, form)

    @app_commands.command()
    @app_commands.describe(interview="Which one; the latest if left out")
    @app_commands.autocomplete(interview=complete_graded)
    async def correct(self, interaction: Interaction, interview: str | None = None) -> None:
        """Correct mistyped or misheard words of an answer; the interview is graded again."""
        await objections.choose_turn(interaction, interview)

    @app_commands.command()
    @app_commands.describe(interview="Which one; the latest if left out")
    @app_commands.autocomplete(interview=complete_graded)
    async def dispute(self, interaction: Interaction, interview: str | None = None) -> None:
        """Say why a verdict is wrong; your reason stands beside it."""
        await objections.choose_verdict(interaction, interview)

    @app_commands.command()
    @app_commands.describe(interview="Which one; the latest if left out")
    @app_commands.autocomplete(interview=complete_own)
    async def flag(self, interaction: Interaction, interview: str | None = None) -> None:
        """Object to something that I said in an interview; nobody else sees it."""
        await choose_turn(interaction, interview)

    @app_commands.command()
    @app_commands.describe(interview="Which one; you are asked before it is deleted")
    @app_commands.autocomplete(interview=complete_own)
    async def delete(self, interaction: Interaction, interview: str) -> None:
        """Delete an interview with everything that is stored about it."""
        await ask_deletion(interaction, interview)

    @app_commands.command(name="share")
    @app_commands.describe(
        interview="Which one; the latest if left out",
        group="With which study group, if you are in several",
        anonymous="Without your name",
        redact="Names to leave out, with commas between them: employers, clients, products",
    )
    @app_commands.autocomplete(interview=complete_graded, group=complete_group)
    async def share_(
        self,
        interaction: Interaction,
        interview: str | None = None,
        group: str | None = None,
        anonymous: bool = False,
        redact: str | None = None,
    ) -> None:
        """Share a card with your study group; shows first what is left out."""
        await share(interaction, interview, group, anonymous, redact)

    @app_commands.command(name="unshare")
    @app_commands.describe(interview="Which one; the latest if left out")
    @app_commands.autocomplete(interview=complete_graded)
    async def unshare_(self, interaction: Interaction, interview: str | None = None) -> None:
        """Take a shared card down everywhere; you are asked first."""
        await unshare(interaction, interview)

    async def _turn(self, interaction: Interaction, control: Control) -> None:
        await turn_card(interaction, control.target, control.argument)

    async def _pick_page(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await turn_card(interaction, control.target, values[0])

    async def _open_first(self, interaction: Interaction, control: Control) -> None:
        await show_card(interaction, control.target)

    async def _turn_list(self, interaction: Interaction, control: Control) -> None:
        page = page_of(control.argument)
        await redraw(interaction, await list_page(self.bot.app, owner_of(interaction.user), page))

    async def _pick_listed(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await show_own(interaction, values[0])

    async def _turn_comparison(self, interaction: Interaction, control: Control) -> None:
        await turn_comparison(interaction, control.target, control.argument)

    async def _pick_comparison(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await turn_comparison(interaction, control.target, values[0])

    async def _ask_turn(self, interaction: Interaction, control: Control) -> None:
        await objections.choose_turn(interaction, control.target)

    async def _turn_turns(self, interaction: Interaction, control: Control) -> None:
        page = page_of(control.argument)
        await objections.choose_turn(interaction, control.target, page, again=True)

    async def _pick_turn(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await objections.open_correction(interaction, control, values[0])

    async def _ask_verdict(self, interaction: Interaction, control: Control) -> None:
        await objections.choose_verdict(interaction, control.target)

    async def _turn_verdicts(self, interaction: Interaction, control: Control) -> None:
        page = page_of(control.argument)
        await objections.choose_verdict(interaction, control.target, page, again=True)

    async def _pick_verdict(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await objections.open_dispute(interaction, control, values[0])

    async def _export(self, interaction: Interaction, control: Control) -> None:
        if control.argument:
            await send_export(interaction, control.target, control.argument)
            return
        found = await own_open_card(interaction, control.target)
        await reply(interaction, view=export_view(found))

    async def _delete(self, interaction: Interaction, control: Control) -> None:
        await delete_own(interaction, control.target, control.argument, self._sweeper)

    async def _keep(self, interaction: Interaction, control: Control) -> None:
        await keep_own(interaction)
