"""Pictures in pages."""

from django import template

from newsroom.pictures import PictureRecord, address, fallback, sources

register = template.Library()


@register.inclusion_tag("newsroom/_picture.html")
def picture(record: PictureRecord, sizes: str = "100vw", eager: bool = False) -> dict:
    """`{% picture record sizes="(min-width: 40rem) 38rem, 100vw" %}` for a picture that a version froze.

    `sizes` is how wide the page shows it; `eager` is for the one picture that a reader sees first.
    """
    img = fallback(record)
    return {
        "sources": sources(record),
        "sizes": sizes,
        "src": address(record["digest"], img),
        "width": img["width"],
        "height": img["height"],
        "alt": record["alt"],
        "eager": eager,
    }


@register.simple_tag
def picture_address(record: PictureRecord) -> str:
    """The path of the one file that every program can show: for social cards and feeds."""
    return address(record["digest"], fallback(record))


@register.filter
def picture_format(record: PictureRecord) -> str:
    """What `picture_address` leads to: "jpeg" or "png"."""
    return fallback(record)["format"]
