"""Where an interview takes place, in words."""

from __future__ import annotations

from storage.places import Place, PlaceKind


def where(place: Place) -> str:
    """As the end of a sentence, with the blank before it; empty for the one message of a form."""
    match place.kind:
        case PlaceKind.DM:
            return " in our direct messages"
        case PlaceKind.THREAD:
            return f" in <#{place.channel}>"
        case PlaceKind.INTERACTION:
            return ""
