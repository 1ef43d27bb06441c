"""One's own cards on the screen: opened, turned, and two of them side by side."""

from __future__ import annotations

from bot.discord.replies import in_time, promise, redraw, reply
from bot.discord.scorecards.cards import card_page, card_view, is_closed
from bot.discord.scorecards.own import Interaction, own_graded, own_open_card
from bot.discord.views.comparison import BETWEEN_IDS, comparison_view
from bot.discord.views.pages import Place
from bot.discord.views.self_rating import rate_first_view
from bot.doors import UsageError
from bot.wiring import App
from scoring.comparison import Comparison, compare
from scoring.scorecard import Scorecard
from storage.scorecards import load_scorecard
from storage.self_ratings import mark_card_opened

_NO_PAGE = "That is no page of a card: `/scorecard show` opens it anew."


async def show_own(
    interaction: Interaction, interview_id: str | None, revision: int | None = None
) -> None:
    """Show the card, or first ask for the person's own ratings where they wanted that."""
    app = interaction.client.app
    await promise(interaction)
    found = await own_graded(interaction, interview_id)
    if await is_closed(app, found):
        await reply(interaction, view=rate_first_view(found))
        return
    last = (await load_scorecard(app.database, found)).revision
    if revision is not None and revision > last:
        had = "one revision" if last == 1 else f"{last} revisions"
        raise UsageError(f"That card has {had}: leave the revision out to see the last one.")
    await reply(interaction, view=await card_view(app, found, revision))


async def show_card(interaction: Interaction, interview_id: str) -> None:
    """Open the card in place of the question for own ratings."""
    found = await own_graded(interaction, interview_id)
    view = await in_time(interaction, card_view(interaction.client.app, found))
    await redraw(interaction, view)


async def turn_card(interaction: Interaction, interview_id: str, argument: str) -> None:
    """Show that page of that revision in place of the message that it was asked from."""
    found = await own_open_card(interaction, interview_id)
    place = Place.parse(argument)
    if place is None:
        raise UsageError(_NO_PAGE)
    shown = await in_time(interaction, card_page(interaction.client.app, found, *place))
    await redraw(interaction, shown.view, shown.files)


async def compare_own(interaction: Interaction, first: str, second: str | None) -> None:
    """Lay two of the person's cards side by side; the older one is "then"."""
    await promise(interaction)
    compared = await _compare(interaction, first, second)
    await reply(interaction, view=comparison_view(compared))


async def turn_comparison(interaction: Interaction, target: str, argument: str) -> None:
    """Show that page of the comparison whose interviews the control names."""
    place = Place.parse(argument)
    if place is None:
        raise UsageError(_NO_PAGE)
    first, _, second = target.partition(BETWEEN_IDS)
    compared = await in_time(interaction, _compare(interaction, first, second))
    await redraw(interaction, comparison_view(compared, place.page))


async def _compare(interaction: Interaction, first: str, second: str | None) -> Comparison:
    app = interaction.client.app
    ids = [await own_open_card(interaction, one) for one in (first, second)]
    cards = [await load_scorecard(app.database, one) for one in ids]
    if ids[0] == ids[1]:
        cards[0] = await _first_revision(app, cards[1])
    for one in ids:
        await mark_card_opened(app.database, one, app.services.clock.now())
    return compare(*sorted(cards, key=lambda card: (card.started_at, card.revision)))


async def _first_revision(app: App, card: Scorecard) -> Scorecard:
    """The card before anything was corrected; raises `UsageError` where nothing was."""
    if card.revision == 1:
        raise UsageError(
            "That is one interview, and it was graded once: choose another one to compare it with. "
            "`/scorecard list` shows them all."
        )
    return await load_scorecard(app.database, card.interview_id, 1)
