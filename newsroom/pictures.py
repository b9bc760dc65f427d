"""Pictures: what a journalist sends in becomes the renditions that readers get.

Bytes in, renditions out: no models, no files, no requests. Every rendition is drawn anew from the pixels, so nothing
else of what was sent in reaches readers: no place, camera, comment, thumbnail, or second file hidden behind the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import NotRequired, TypedDict

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms

# Pillow's own guard must not be narrower than ours; it lets files of up to twice this size be opened (not decoded).
Image.MAX_IMAGE_PIXELS = settings.PICTURE_MAX_PIXELS

WIDTHS = (480, 960, 1600)
# Beyond this a strip of screenshots is made narrower: WebP ends at 16,383 pixels, and a reader's phone before that.
TALLEST = 6000
# MPO is a JPEG with further pictures behind the first, as many phones make them. TIFF is left out: its many kinds of
# content are seldom what a newsroom means to show, and its decoders have the longest history of holes.
FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WebP", "AVIF": "AVIF", "GIF": "GIF"}
SAVING = {
    "avif": {"quality": 60, "speed": 8},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 80, "optimize": True, "progressive": True},
    "png": {"compress_level": 7},
}
# In the order in which a browser should prefer them.
MODERN = ("avif", "webp")

_SRGB = ImageCms.createProfile("sRGB")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureRefused(ValueError):
    """What was sent in cannot be shown; the message says why to the person who sent it."""


@dataclass(frozen=True)
class SentPicture:
    """A picture that can be shown. `width` and `height` are the pixels of the original, the right way up."""

    width: int
    height: int
    format: str
    animated: bool
    # Upright, in sRGB, without metadata, at most WIDTHS[-1] wide; of an animation the first frame.
    image: Image.Image


@dataclass(frozen=True)
class Rendition:
    """One file for readers. `format` ("avif", "webp", "jpeg", "png") is also its extension and its image/ type."""

    width: int
    height: int
    format: str
    data: bytes

    @property
    def extension(self) -> str:
        return self.format


class RenditionPlan(TypedDict):
    width: int
    height: int
    format: str


class PictureRecord(TypedDict):
    """A picture as a version freezes it."""

    digest: str
    renditions: list[RenditionPlan]
    alt: str
    credit: NotRequired[str]
    caption: NotRequired[str]


def digest(data: bytes) -> str:
    """The name of a picture: SHA-256 of the file as it was sent in, in hexadecimal."""
    return sha256(data).hexdigest()


def read(data: bytes) -> SentPicture:
    """Decode a picture as far as readers will need it; `PictureRefused` if it is none, is damaged, or is too large."""
    if len(data) > settings.PICTURE_MAX_BYTES:
        raise PictureRefused(
            _("The file is %(size)s MB; at most %(most)s MB can be sent in.")
            % {"size": -(-len(data) // 1_000_000), "most": settings.PICTURE_MAX_BYTES // 1_000_000}
        )
    image = _opened(data)
    try:
        animated = bool(getattr(image, "is_animated", False))
        width, height, prepared = _prepared(image)
    except Exception as error:  # decoders raise whatever a damaged file leads them into
        raise PictureRefused(
            _("The picture is damaged or incomplete. Export or copy it again, and send in the new file.")
        ) from error
    return SentPicture(width, height, FORMATS[image.format], animated, prepared)


def renditions(data: bytes) -> list[Rendition]:
    """The files that readers get: AVIF and WebP in up to three widths, and for other browsers one JPEG, or PNG where
    something is transparent, in the largest width. Never wider than the original. Raises `PictureRefused`."""
    image = read(data).image
    fallback = "png" if image.mode == "RGBA" else "jpeg"
    made = []
    for width in _widths(image.width):
        size = (width, max(1, round(image.height * width / image.width)))
        sized = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        formats = MODERN if width < image.width else (*MODERN, fallback)
        made += [Rendition(*size, format, _saved(sized, format)) for format in formats]
    return made


def plan(made: Iterable[Rendition]) -> list[RenditionPlan]:
    """What a version freezes of the renditions: all but their bytes."""
    return [{"width": one.width, "height": one.height, "format": one.format} for one in made]


def address(digest: str, rendition: RenditionPlan) -> str:
    """The path at which readers find a rendition."""
    return reverse("picture", args=[digest, f"{rendition['width']}.{rendition['format']}"])


def fallback(record: PictureRecord) -> RenditionPlan:
    """The rendition for whoever reads neither AVIF nor WebP: old browsers, feeds, social cards."""
    return max((one for one in record["renditions"] if one["format"] not in MODERN), key=lambda one: one["width"])


def sources(record: PictureRecord) -> list[dict[str, str]]:
    """`type` and `srcset` for each `<source>` of a `<picture>`, the format to prefer first."""
    found = []
    for format in MODERN:
        ones = sorted((one for one in record["renditions"] if one["format"] == format), key=lambda one: one["width"])
        srcset = ", ".join(f"{address(record['digest'], one)} {one['width']}w" for one in ones)
        if srcset:
            found.append({"type": f"image/{format}", "srcset": srcset})
    return found


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded yet."""
    try:
        image = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP", "AVIF", "GIF"))
        pixels = image.width * image.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(_too_large()) from error
    except Exception as error:  # as above
        raise PictureRefused(_not_a_picture(data)) from error
    if pixels > settings.PICTURE_MAX_PIXELS:
        raise PictureRefused(_too_large())
    return image


def _too_large() -> str:
    return _(
        "The picture has more than %(most)s million pixels, which is more than can be handled. Make it smaller, and "
        "send it in again."
    ) % {"most": settings.PICTURE_MAX_PIXELS // 1_000_000}


def _not_a_picture(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp" and data[8:11] in {b"hei", b"hev", b"mif", b"msf"}:
        kind = "HEIC"
    elif data[:4] in {b"II*\0", b"MM\0*"}:
        kind = "TIFF"
    elif start.startswith(b"<") and b"<svg" in start:
        kind = "SVG"
    elif start.startswith(b"%pdf"):
        kind = "PDF"
    elif start.startswith(b"8bps"):
        kind = "Photoshop"
    else:
        return _("The file is not a picture, or it is damaged. JPEG, PNG, WebP, AVIF and GIF can be sent in.")
    return _("%(kind)s files cannot be sent in. Save the picture as JPEG, PNG, WebP or AVIF first.") % {"kind": kind}


def _prepared(image: Image.Image) -> tuple[int, int, Image.Image]:
    """Width and height of the original, the right way up, and what `SentPicture.image` describes."""
    width, height = image.size
    # A JPEG decodes to a half, a quarter or an eighth in a fraction of the time; both sides stay above the widest.
    image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
    image.load()
    turn = _UPRIGHT.get(_orientation(image))
    if turn in {_UPRIGHT[5], _UPRIGHT[6], _UPRIGHT[7], _UPRIGHT[8]}:
        width, height = height, width
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    image = image if turn is None else image.transpose(turn)
    scale = min(1, WIDTHS[-1] / width, TALLEST / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    image = _in_srgb(image, profile)
    image.info.clear()
    return width, height, image


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged metadata is no reason to refuse a picture that can be seen
        return 1


def _plain_mode(image: Image.Image) -> Image.Image:
    """The picture in 8 bits a channel as L, RGB, CMYK, or RGBA where something is transparent."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return image if image.getextrema()[3][0] < 255 else image.convert("RGB")
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image if image.mode in {"RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as L, RGB or RGBA in sRGB, which is what a browser takes it for when no profile says otherwise."""
    target = "RGB" if image.mode == "CMYK" else image.mode
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image.convert("RGB") if image.mode == "RGBA" else image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                _SRGB,
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a damaged profile, or one of another colour space: better the colours as they are than no picture
        else:
            if image.mode == "RGBA":
                converted.putalpha(image.getchannel("A"))
            return converted.convert(target)
    return image.convert(target)


def _widths(widest: int) -> list[int]:
    """The widths to make for a picture; one that hardly differs from the picture's own is not worth a file."""
    return [width for width in WIDTHS if width < 0.9 * widest] + [widest]


def _saved(image: Image.Image, format: str) -> bytes:
    file = BytesIO()
    image.save(file, format, **SAVING[format])
    return file.getvalue()


def rendition_name(digest: str, width: int, extension: str) -> str:
    """Where a rendition lies in the storage."""
    return f"renditions/{digest[:2]}/{digest}-{width}.{extension}"
