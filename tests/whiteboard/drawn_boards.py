"""Boards of any kind, for property tests."""

from hypothesis import strategies as st

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone

LABELS = ("", "q", "top 5 passages", "a label that is so long that it needs more than one line")


@st.composite
def boards(draw: st.DrawFn, most: int = 12) -> Board:
    """Any graph with any nest of zones; loops, cycles, lines and parallel arrows among them."""
    zone_ids = [f"zone {at}" for at in range(draw(st.integers(0, 4)))]
    zones = [
        Zone(key, key + " with a title" * draw(st.integers(0, 3)), draw(outer(zone_ids[:at])))
        for at, key in enumerate(zone_ids)
    ]
    parts = [
        Component(
            f"part {at:02}",
            f"part {at:02}",
            draw(st.sampled_from(ComponentKind)),
            draw(outer(zone_ids)),
        )
        for at in range(draw(st.integers(0, most)))
    ]
    arrows: set[Arrow] = set()
    if parts:
        ends = st.sampled_from([part.id for part in parts])
        arrow = st.builds(Arrow, ends, ends, st.sampled_from(LABELS), st.booleans())
        arrows = draw(st.sets(arrow, max_size=2 * most))
    return Board(tuple(parts), tuple(sorted(arrows)), tuple(zones))


def outer(zones: list[str]) -> st.SearchStrategy[str | None]:
    """One of these zones, or none."""
    return st.sampled_from([None, *zones])
