"""Pictures that journalists send in, made here: what is refused, and what readers get."""

import json
import struct
import zlib
from io import BytesIO

from django.template.loader import render_to_string
from django.test import SimpleTestCase, override_settings
from django.urls import path
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin

from newsroom import pictures
from newsroom.pictures import PictureRefused, read, renditions
from newsroom.templatetags.pictures import picture
from tests.properties import examples

urlpatterns = [path("pictures/<str:digest>/<str:name>", lambda request: None, name="picture")]

SECRET = b"52.3702 SECRETPLACE"


def saved(image: Image.Image, format: str = "JPEG", **options) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def quarters(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red left above, green right above, blue left below, white right below."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill="red")
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill="lime")
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill="blue")
    return image.convert(mode)


def shown(rendition: pictures.Rendition) -> Image.Image:
    return Image.open(BytesIO(rendition.data))


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    made[ExifTags.Base.Make] = SECRET.decode()
    made[ExifTags.Base.ImageDescription] = SECRET.decode()
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (52.0, 22.0, 12.7)
    gps[ExifTags.GPS.GPSProcessingMethod] = SECRET
    return made


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


class WhatReadersGet(SimpleTestCase):
    def assertColour(self, image: Image.Image, x: float, y: float, colour: tuple, delta: int = 12) -> None:
        found = image.convert("RGBA").getpixel((int(image.width * x), int(image.height * y)))
        self.assertTrue(all(abs(a - b) <= delta for a, b in zip(found, colour, strict=False)), f"{found}, not {colour}")

    def assertQuarters(self, image: Image.Image, *colours: tuple) -> None:
        for (x, y), colour in zip(((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)), colours, strict=True):
            self.assertColour(image, x, y, colour)

    def test_a_photo_comes_in_three_widths_and_one_fallback(self):
        made = renditions(saved(quarters(4000, 3000)))
        self.assertEqual(
            [(one.width, one.height, one.format) for one in made],
            [
                (480, 360, "avif"),
                (480, 360, "webp"),
                (960, 720, "avif"),
                (960, 720, "webp"),
                (1600, 1200, "avif"),
                (1600, 1200, "webp"),
                (1600, 1200, "jpeg"),
            ],
        )
        for one in made:
            self.assertEqual((shown(one).size, shown(one).format.lower()), ((one.width, one.height), one.format))

    def test_a_small_picture_is_not_made_wider(self):
        self.assertEqual({one.width for one in renditions(saved(quarters(300, 200)))}, {300})
        self.assertEqual({one.width for one in renditions(saved(quarters(1200, 200)))}, {480, 960, 1200})
        self.assertEqual({one.width for one in renditions(saved(quarters(1000, 200)))}, {480, 1000})

    def test_a_picture_of_one_pixel_stays_one_pixel(self):
        made = renditions(saved(Image.new("RGB", (1, 1), "red"), "PNG"))
        self.assertEqual([(one.width, one.height, one.format) for one in made][-1], (1, 1, "jpeg"))
        self.assertEqual(len(made), 3)

    def test_a_very_tall_or_very_wide_picture_keeps_to_what_a_page_can_show(self):
        tall = renditions(saved(Image.new("L", (500, 30_000)), "PNG"))
        self.assertEqual({(one.width, one.height) for one in tall}, {(100, 6000)})
        wide = renditions(saved(Image.new("L", (30_000, 3)), "PNG"))
        self.assertEqual({(one.width, one.height) for one in wide}, {(480, 1), (960, 1), (1600, 1)})

    def test_nothing_of_where_and_with_what_it_was_taken_is_left(self):
        photo = quarters(1700, 900)
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x13" + SECRET
        hidden = {"exif": exif(), "xmp": b"<x>" + SECRET + b"</x>", "icc_profile": profile.tobytes() + SECRET}
        app13 = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
        jpeg = saved(photo, comment=SECRET, **hidden)
        files = {
            "jpeg": jpeg[:2] + app13 + jpeg[2:] + SECRET + saved(quarters(), exif=exif()),
            "png": saved(photo, "PNG", pnginfo=notes, exif=exif()) + SECRET,
            "webp": saved(photo, "WEBP", **hidden),
            "avif": saved(photo, "AVIF", **hidden),
            "gif": saved(photo, "GIF", comment=SECRET) + SECRET,
            "transparent": saved(quarters(1700, 900, "RGBA").rotate(20), "PNG", pnginfo=notes, exif=exif()),
        }
        for name, data in files.items():
            with self.subTest(name):
                self.assertIn(b"SECRETPLACE", data)
                for one in renditions(data):
                    self.assertNotIn(b"SECRETPLACE", one.data)
                    for mark in (b"Exif\0", b"GPS", b"xmp", b"8BIM", b"ICC", b"iCCP", b"tEXt", b"eXIf", b"prof"):
                        self.assertNotIn(mark, one.data, one.format)
                    image = shown(one)
                    image.load()
                    self.assertEqual(dict(image.getexif()), {})
                    self.assertFalse({"icc_profile", "exif", "xmp", "comment"} & image.info.keys())

    def test_a_picture_stands_the_right_way_up(self):
        red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
        upright = {
            1: (red, green, blue, white),
            2: (green, red, white, blue),
            3: (white, blue, green, red),
            4: (blue, white, red, green),
            5: (red, blue, green, white),
            6: (blue, red, white, green),
            7: (white, green, blue, red),
            8: (green, white, red, blue),
        }
        for orientation, colours in upright.items():
            for format in ("JPEG", "PNG", "WEBP", "AVIF"):
                with self.subTest(orientation=orientation, format=format):
                    data = saved(quarters(), format, exif=exif(orientation))
                    picture = read(data)
                    self.assertEqual((picture.width, picture.height), (640, 480) if orientation < 5 else (480, 640))
                    last = renditions(data)[-1]
                    self.assertEqual((last.width, last.height), (picture.width, picture.height))
                    self.assertQuarters(shown(last), *colours)

    def test_colours_are_brought_into_srgb(self):
        linear = renditions(saved(Image.new("RGB", (50, 50), (55, 55, 55)), "PNG", icc_profile=linear_profile()))
        for one in linear:
            self.assertColour(shown(one), 0.5, 0.5, (128, 128, 128), delta=4)

    def test_a_damaged_colour_profile_is_left_out(self):
        for one in renditions(saved(quarters(), "PNG", icc_profile=b"not a profile")):
            self.assertColour(shown(one), 0.25, 0.25, (255, 0, 0))

    def test_print_colours_become_screen_colours(self):
        for one in renditions(saved(quarters(mode="CMYK"), "JPEG")):
            self.assertIn(shown(one).mode, {"RGB"})
            self.assertQuarters(shown(one), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))

    def test_sixteen_bits_become_eight_without_burning_out(self):
        for one in renditions(saved(Image.new("I;16", (60, 60), 32896), "PNG")):
            self.assertColour(shown(one), 0.5, 0.5, (128, 128, 128), delta=2)

    def test_transparency_is_kept_and_falls_back_on_png(self):
        image = quarters()
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        indexed = Image.new("P", (640, 480), 0)
        indexed.putpalette([255, 0, 0, 0, 0, 255])
        indexed.paste(1, (0, 240, 640, 480))
        for data in (saved(image, "PNG"), saved(image, "WEBP"), saved(indexed, "PNG", transparency=0)):
            made = renditions(data)
            self.assertEqual(made[-1].format, "png")
            for one in made:
                self.assertLess(shown(one).convert("RGBA").getpixel((20, 4))[3], 20)
                self.assertGreater(shown(one).convert("RGBA").getpixel((20, one.height - 4))[3], 235)

    def test_an_alpha_channel_that_hides_nothing_is_left_out(self):
        self.assertEqual(renditions(saved(quarters(mode="RGBA"), "PNG"))[-1].format, "jpeg")

    def test_grey_black_and_white_and_indexed_pictures_are_shown(self):
        for mode in ("L", "LA", "1", "P"):
            for one in renditions(saved(quarters(mode=mode), "PNG")):
                self.assertColour(shown(one), 0.75, 0.75, (255, 255, 255))

    def test_of_an_animation_the_first_frame_is_shown(self):
        frames = [Image.new("RGB", (64, 64), (250 - n, n, 0)) for n in range(0, 200, 10)]
        for format in ("GIF", "WEBP", "PNG", "AVIF"):
            with self.subTest(format):
                data = saved(frames[0], format, save_all=True, append_images=frames[1:])
                self.assertTrue(read(data).animated)
                for one in renditions(data):
                    self.assertColour(shown(one), 0.5, 0.5, (250, 0, 0))
                    self.assertEqual(getattr(shown(one), "n_frames", 1), 1)

    def test_a_phones_jpeg_with_a_second_picture_behind_it_is_a_jpeg(self):
        data = saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))])
        self.assertEqual(read(data).format, "JPEG")
        self.assertQuarters(shown(renditions(data)[-1]), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))

    def test_a_page_hidden_in_a_picture_does_not_reach_readers(self):
        script = b"<script>alert(1)</script>"
        for data in (saved(quarters(), comment=script), saved(quarters(), "PNG") + script):
            for one in renditions(data):
                self.assertNotIn(b"<script", one.data)


def linear_profile() -> bytes:
    """An RGB profile with sRGB's colours and a straight curve, as an ICC version 2 profile."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for n in range(struct.unpack(">I", profile[128:132])[0]):
        tag, at, size = struct.unpack(">4sII", profile[132 + 12 * n : 144 + 12 * n])
        if tag in {b"rTRC", b"gTRC", b"bTRC"}:
            # A parametric curve of type 0, Y = X ** 1, in place of sRGB's.
            profile[at : at + 16] = struct.pack(">4sIHHi", b"para", 0, 0, 0, 65536)
    return bytes(profile)


class WhatIsRefused(SimpleTestCase):
    def assertRefused(self, data: bytes, *words: str) -> None:
        with translation.override("en"), self.assertRaises(PictureRefused) as caught:
            renditions(data)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_what_is_not_a_picture(self):
        self.assertRefused(b"", "not a picture")
        self.assertRefused(b"The minutes of Tuesday's meeting", "not a picture")
        self.assertRefused(b"GIF89a", "not a picture")
        self.assertRefused(b"PK\x03\x04" + bytes(100), "not a picture")

    def test_drawings_with_script(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        self.assertRefused(svg, "SVG")
        self.assertRefused(b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --> ' + svg, "SVG")

    def test_formats_that_browsers_do_not_show(self):
        self.assertRefused(saved(quarters(), "TIFF"), "TIFF", "JPEG")
        self.assertRefused(saved(quarters(), "BMP"), "not a picture")
        self.assertRefused(b"\0\0\0\x18ftypheic" + bytes(40), "HEIC", "JPEG")
        self.assertRefused(b"%PDF-1.7 ...", "PDF")

    def test_pictures_that_end_too_soon(self):
        for format in ("JPEG", "PNG", "WEBP", "AVIF", "GIF"):
            whole = saved(Image.effect_noise((300, 200), 60), format)
            for share in (0.05, 0.5, 0.9):
                with self.subTest(format=format, share=share):
                    self.assertRefused(whole[: int(len(whole) * share)], "damaged")

    def test_bombs_are_refused_from_their_header(self):
        bomb = png(60_000, 60_000, png_chunk(b"IDAT", zlib.compress(bytes(1000))))
        self.assertLess(len(bomb), 200)
        self.assertRefused(bomb, "million pixels")
        self.assertRefused(png(8_000, 8_000, png_chunk(b"IDAT", zlib.compress(bytes(1000)))), "million pixels")
        gif = bytearray(saved(Image.new("P", (4, 4)), "GIF"))
        gif[6:10] = b"\xff\xff\xff\xff"
        self.assertRefused(bytes(gif), "million pixels")

    def test_bombs_in_the_text_of_a_png(self):
        text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))
        self.assertRefused(png(4, 4, text, png_chunk(b"IDAT", zlib.compress(bytes(52)))), "damaged")

    @override_settings(PICTURE_MAX_PIXELS=1_000_000)
    def test_more_pixels_than_the_newsroom_allows(self):
        self.assertRefused(saved(Image.new("L", (1001, 1000)), "PNG"), "more than 1 million pixels")
        renditions(saved(Image.new("L", (1000, 1000)), "PNG"))

    @override_settings(PICTURE_MAX_BYTES=2_000_000)
    def test_more_bytes_than_the_newsroom_allows(self):
        self.assertRefused(bytes(2_000_001), "3 MB", "2 MB")


SAMPLES = [saved(quarters(24, 16), f, exif=exif(6)) for f in ("JPEG", "PNG", "WEBP", "AVIF")]
SAMPLES += [saved(quarters(24, 16), "GIF"), saved(quarters(24, 16), "TIFF"), saved(quarters(24, 16, "CMYK"))]


@st.composite
def damaged(draw) -> bytes:
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 8))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    start = draw(st.integers(0, len(data)))
    return bytes(data[:start] + draw(st.binary(max_size=20)) + data[start + draw(st.integers(0, 20)) :])


class AnyBytes(SimpleTestCase):
    @examples(300)
    @given(st.one_of(st.binary(max_size=300), damaged()))
    def test_whatever_is_sent_in_is_shown_or_refused_in_a_sentence(self, data):
        try:
            made = renditions(data)
        except PictureRefused as refused:
            self.assertTrue(str(refused).endswith("."))
        else:
            self.assertTrue(made)


@override_settings(ROOT_URLCONF=__name__)
class InAPage(SimpleTestCase):
    def setUp(self):
        data = saved(quarters(1000, 500))
        self.name = pictures.digest(data)
        self.record = {
            "digest": self.name,
            "renditions": pictures.plan(renditions(data)),
            "alt": 'Een "leeg" plein',
            "credit": "Jan Jansen",
            "caption": "",
        }

    def html(self, **options) -> str:
        return render_to_string("newsroom/_picture.html", picture(self.record, **options))

    def test_the_record_is_json(self):
        self.assertEqual(json.loads(json.dumps(self.record)), self.record)
        self.assertRegex(self.name, r"\A[0-9a-f]{64}\Z")

    def test_a_browser_may_choose_among_formats_and_widths(self):
        expected = f"""
          <picture>
            <source type="image/avif" sizes="50vw"
             srcset="/pictures/{self.name}/480.avif 480w, /pictures/{self.name}/1000.avif 1000w">
            <source type="image/webp" sizes="50vw"
             srcset="/pictures/{self.name}/480.webp 480w, /pictures/{self.name}/1000.webp 1000w">
            <img src="/pictures/{self.name}/1000.jpeg" alt="Een &quot;leeg&quot; plein" width="1000" height="500"
             decoding="async" loading="lazy">
          </picture>"""
        self.assertHTMLEqual(self.html(sizes="50vw"), expected)

    def test_the_first_picture_of_a_page_is_not_put_off(self):
        html = self.html(eager=True)
        self.assertIn('fetchpriority="high"', html)
        self.assertNotIn("lazy", html)

    def test_numbers_are_written_without_separators(self):
        with self.settings(USE_THOUSAND_SEPARATOR=True), translation.override("nl"):
            self.assertIn('width="1000"', self.html())
