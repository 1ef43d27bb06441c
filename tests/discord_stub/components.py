"""Components of messages and forms: their rules, their numbering, the files that they show.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.discord_stub.errors import Problems
from tests.discord_stub.limits import LIMITS

if TYPE_CHECKING:
    from tests.discord_stub.messages import Attachment

Component = dict[str, Any]
Path = tuple[str | int, ...]

ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23

SELECTS = (SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK_STYLE, PREMIUM_STYLE = 5, 6

IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
TOP_V2 = (*IN_CONTAINER, CONTAINER)
IN_LABEL = (*SELECTS, INPUT, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)
IN_MODAL = (ROW, TEXT, LABEL)


def children(component: Component) -> Iterator[tuple[Path, Component]]:
    """What lies directly inside a component, with its place."""
    for index, child in enumerate(component.get("components", ())):
        yield ("components", index), child
    for key in ("accessory", "component"):
        if key in component:
            yield (key,), component[key]


def walk(
    components: list[Component], path: Path = ("components",)
) -> Iterator[tuple[Path, Component]]:
    """Every component with its place, parents first."""
    for index, component in enumerate(components):
        yield from _walk_one((*path, index), component)


def _walk_one(path: Path, component: Component) -> Iterator[tuple[Path, Component]]:
    yield path, component
    for inner, child in children(component):
        yield from _walk_one((*path, *inner), child)


def length_of(problems: Problems, path: Path, value: Any, name: str) -> None:
    """Note a text or list that is longer or shorter than LIMITS[name]."""
    limit = LIMITS[name]
    size = len(value) if value is not None else 0
    if size > limit.most:
        problems.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit.most} or fewer in length.")
    elif size < limit.least:
        problems.add(path, "BASE_TYPE_MIN_LENGTH", f"Must be {limit.least} or more in length.")


def check_message_components(problems: Problems, components: list[Component], *, v2: bool) -> None:
    """Note everything in a message's components that Discord refuses."""
    allowed = TOP_V2 if v2 else (ROW,)
    for index, component in enumerate(components):
        _check_type(problems, ("components", index), component, allowed)
    found = list(walk(components))
    if v2:
        _check_v2_totals(problems, found)
    else:
        length_of(problems, ("components",), components, "components.rows")
    _check_each(problems, found)


def check_modal(problems: Problems, modal: dict[str, Any]) -> None:
    """Note everything in a form that Discord refuses."""
    length_of(problems, ("data", "title"), modal.get("title"), "modal.title")
    length_of(problems, ("data", "custom_id"), modal.get("custom_id"), "custom_id")
    components = modal.get("components", [])
    length_of(problems, ("data", "components"), components, "modal.components")
    for index, component in enumerate(components):
        _check_type(problems, ("data", "components", index), component, IN_MODAL)
    _check_each(problems, list(walk(components, ("data", "components"))), in_modal=True)


def _check_type(problems: Problems, path: Path, component: Component, allowed: Any) -> None:
    if component.get("type") not in allowed:
        names = ", ".join(map(str, allowed))
        problems.add((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")


def _check_v2_totals(problems: Problems, found: list[tuple[Path, Component]]) -> None:
    most = LIMITS["components.v2.total"].most
    if len(found) > most:
        text = f"The total number of components is {len(found)}; at most {most} are allowed."
        problems.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS", text)
    written = sum(len(c.get("content", "")) for _, c in found if c["type"] == TEXT)
    most = LIMITS["components.v2.characters"].most
    if written > most:
        text = f"The text of all components is {written} characters; at most {most} are allowed."
        problems.add(("components",), "COMPONENT_MAX_TOTAL_TEXT", text)


def _check_each(
    problems: Problems, found: list[tuple[Path, Component]], *, in_modal: bool = False
) -> None:
    seen: set[str] = set()
    for path, component in found:
        check = _CHECKS.get(component.get("type", 0))
        if check is not None:
            check(problems, path, component)
        if component.get("type") in (BUTTON, *IN_LABEL):
            _check_custom_id(problems, path, component, seen)
        if component.get("type") == INPUT and not in_modal:
            problems.add(path, "COMPONENT_TYPE_INVALID", "Text inputs stand in modals only.")


def _check_custom_id(problems: Problems, path: Path, component: Component, seen: set[str]) -> None:
    if component.get("style") in (LINK_STYLE, PREMIUM_STYLE) and component["type"] == BUTTON:
        return
    custom_id = component.get("custom_id")
    length_of(problems, (*path, "custom_id"), custom_id, "custom_id")
    if custom_id in seen:
        text = "Component custom id cannot be duplicated"
        problems.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text)
    seen.add(str(custom_id))


def _check_row(problems: Problems, path: Path, row: Component) -> None:
    inside = row.get("components", [])
    place = (*path, "components")
    length_of(problems, place, inside, "row.buttons")
    if len(inside) > 1 and any(child.get("type") != BUTTON for child in inside):
        problems.add(place, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select fills its row alone.")
    for index, child in enumerate(inside):
        _check_type(problems, (*place, index), child, (BUTTON, INPUT, *SELECTS))


def _check_button(problems: Problems, path: Path, button: Component) -> None:
    length_of(problems, (*path, "label"), button.get("label"), "button.label")
    style = button.get("style")
    if style == LINK_STYLE:
        length_of(problems, (*path, "url"), button.get("url"), "button.url")
        if not str(button.get("url", "")).startswith(("http://", "https://", "discord://")):
            problems.add((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be http or https.")
    elif style not in (1, 2, 3, 4, PREMIUM_STYLE):
        problems.add((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1..6}.")
    if style != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        text = "A button needs a label or an emoji."
        problems.add((*path, "label"), "BUTTON_COMPONENT_INVALID", text)


def _check_select(problems: Problems, path: Path, select: Component) -> None:
    length_of(problems, (*path, "placeholder"), select.get("placeholder"), "select.placeholder")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= LIMITS["select.values"].most or most < max(least, 1):
        problems.add(
            (*path, "min_values"), "NUMBER_TYPE_MIN", "min_values and max_values disagree."
        )
    if select["type"] == SELECT:
        _check_options(problems, path, select, "select.options")
        if most > max(len(select.get("options", [])), 1):
            text = "max_values is more than there are options."
            problems.add((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", text)


def _check_options(problems: Problems, path: Path, component: Component, limit: str) -> None:
    options = component.get("options", [])
    length_of(problems, (*path, "options"), options, limit)
    for index, option in enumerate(options):
        place = (*path, "options", index)
        for key in ("label", "value", "description"):
            length_of(problems, (*place, key), option.get(key), f"option.{key}")
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        text = "The specified option value is already used"
        problems.add((*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)


def _check_section(problems: Problems, path: Path, section: Component) -> None:
    length_of(problems, (*path, "components"), section.get("components"), "section.components")
    for inner, child in children(section):
        allowed = (BUTTON, THUMBNAIL) if inner == ("accessory",) else (TEXT,)
        _check_type(problems, (*path, *inner), child, allowed)
    if "accessory" not in section:
        problems.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")


def _check_text(problems: Problems, path: Path, text: Component) -> None:
    if not text.get("content"):
        problems.add((*path, "content"), "BASE_TYPE_REQUIRED", "This field is required")


def _check_gallery(problems: Problems, path: Path, gallery: Component) -> None:
    items = gallery.get("items", [])
    length_of(problems, (*path, "items"), items, "gallery.items")
    for index, item in enumerate(items):
        place = (*path, "items", index, "description")
        length_of(problems, place, item.get("description"), "media.description")


def _check_container(problems: Problems, path: Path, container: Component) -> None:
    if not container.get("components"):
        problems.add((*path, "components"), "BASE_TYPE_REQUIRED", "This field is required")
    for inner, child in children(container):
        _check_type(problems, (*path, *inner), child, IN_CONTAINER)


def _check_label(problems: Problems, path: Path, label: Component) -> None:
    length_of(problems, (*path, "label"), label.get("label"), "label.label")
    length_of(problems, (*path, "description"), label.get("description"), "label.description")
    _check_type(problems, (*path, "component"), label.get("component", {}), IN_LABEL)


def _check_input(problems: Problems, path: Path, field: Component) -> None:
    if field.get("label") is not None:
        length_of(problems, (*path, "label"), field["label"], "label.label")
    length_of(problems, (*path, "placeholder"), field.get("placeholder"), "input.placeholder")
    length_of(problems, (*path, "value"), field.get("value"), "input.length")
    most = LIMITS["input.length"].most
    if not 1 <= field.get("max_length", most) <= most:
        problems.add((*path, "max_length"), "NUMBER_TYPE_MAX", f"Must be between 1 and {most}.")
    if not 0 <= field.get("min_length", 0) <= field.get("max_length", most):
        problems.add((*path, "min_length"), "NUMBER_TYPE_MIN", "min_length exceeds max_length.")


def _check_radio(problems: Problems, path: Path, radio: Component) -> None:
    _check_options(problems, path, radio, "radio.options")


def _check_checkboxes(problems: Problems, path: Path, boxes: Component) -> None:
    _check_options(problems, path, boxes, "checkbox.options")


_CHECKS = {
    ROW: _check_row,
    BUTTON: _check_button,
    **dict.fromkeys(SELECTS, _check_select),
    SECTION: _check_section,
    TEXT: _check_text,
    GALLERY: _check_gallery,
    CONTAINER: _check_container,
    LABEL: _check_label,
    INPUT: _check_input,
    RADIO: _check_radio,
    CHECKBOXES: _check_checkboxes,
}


def number(components: list[Component]) -> None:
    """Give every component without one the next free `id`, as Discord does."""
    found = [component for _, component in walk(components)]
    taken = {component["id"] for component in found if component.get("id")}
    free = 1
    for component in found:
        if not component.get("id"):
            while free in taken:
                free += 1
            component["id"] = free
            taken.add(free)


def show_files(problems: Problems, components: list[Component], files: list[Attachment]) -> None:
    """Point `attachment://name` at the uploaded file of that name."""
    by_name = {file.name: file for file in files}
    for path, component in walk(components):
        for media in _media(component):
            url = media.get("url", "")
            if not url.startswith("attachment://"):
                continue
            file = by_name.get(url.removeprefix("attachment://"))
            if file is None:
                problems.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", url)
                continue
            media.update(url=file.url, proxy_url=file.url, attachment_id=str(file.id))
            media.update(width=file.width, height=file.height, loading_state=2, placeholder="")
            if component["type"] == FILE:
                component.update(name=file.name, size=file.size)


def _media(component: Component) -> Iterator[dict[str, Any]]:
    if component["type"] == GALLERY:
        yield from (item["media"] for item in component.get("items", ()))
    elif component["type"] == THUMBNAIL:
        yield component["media"]
    elif component["type"] == FILE:
        yield component["file"]
