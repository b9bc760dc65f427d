"""A page as a tree, for tests of what it says; a page that is not well-formed is refused."""

from collections.abc import Iterator

from django.test.html import Element, parse_html


def page(response) -> Element:
    """The tree of a response; the doctype is no element, and the parser knows none."""
    html = response.content.decode()
    start = html.index("<html")
    return parse_html(html[start:])


def every(root: Element, name: str = "", /, **attributes: str | bool) -> Iterator[Element]:
    """Elements by name and attributes, in order: True for any value; `data_event` stands for data-event."""
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    for child in root.children:
        if isinstance(child, str):
            continue
        own = dict(child.attributes)
        fits = all(key in own if value is True else own.get(key) == value for key, value in wanted.items())
        if fits and name in {"", child.name}:
            yield child
        yield from every(child, name, **attributes)


def one(root: Element, name: str = "", /, **attributes: str | bool) -> Element:
    found = list(every(root, name, **attributes))
    assert len(found) == 1, f"{len(found)} elements {name} {attributes}"
    return found[0]


def attribute(element: Element, name: str) -> str | None:
    return dict(element.attributes).get(name)


def text(element: Element) -> str:
    """All that it says, with single spaces."""
    parts = (child if isinstance(child, str) else text(child) for child in element.children)
    return " ".join(" ".join(parts).split())
