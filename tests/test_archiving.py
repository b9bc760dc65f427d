"""Copies of sources are asked for one by one; what comes back, and what does not, stands at the source."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom import hosts
from newsroom.archiving import Busy, NotArchived, archive
from newsroom.desk.archiving import LONG_PAUSE, archive_next, go_on, keep
from newsroom.models import Source
from newsroom.publishing.contents import never_archived
from tests.makers import (
    make_edition,
    make_event,
    make_quote,
    make_source,
    make_story,
    make_user,
    publish_story,
    writer,
)

QUEUED = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
Answer = tuple[int, dict[str, str]]

pytestmark = pytest.mark.usefixtures("english", "no_lookups")


@pytest.fixture
def no_lookups(monkeypatch):
    """Names are not looked up: one of them is a machine of the newsroom's own, the others are the world's."""
    monkeypatch.setattr(hosts, "resolve", lambda name: ["10.0.0.7"] if name == "intranet.example.org" else [])


@contextmanager
def an_archive(answer: Callable[[str], Answer]) -> Iterator[tuple[str, list[str]]]:
    """A web archive on this machine: where it saves, and a list of what it was asked. `answer` takes the path."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, headers = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/save/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def saved(path: str) -> Answer:
    return 200, {"Content-Location": "/web/20220406120000/" + path.removeprefix("/save/")}


class ArchiveTests(SimpleTestCase):
    def test_the_copy_is_where_the_answer_says(self):
        with an_archive(saved) as (save_at, asked):
            copy = archive("https://example.org/a?b=c&d=é#deel", save_at)
        self.assertEqual(asked, ["/save/https://example.org/a?b=c&d=%C3%A9"])
        self.assertEqual(copy, save_at.replace("/save/", "/web/20220406120000/") + "https://example.org/a?b=c&d=%C3%A9")

    def test_an_answer_may_lead_to_the_copy_which_is_not_fetched(self):
        with an_archive(lambda path: (302, {"Location": "https://archive.example/abc"})) as (save_at, asked):
            self.assertEqual(archive("http://example.org/", save_at), "https://archive.example/abc")
        self.assertEqual(len(asked), 1)

    def test_an_archive_that_saves_elsewhere_on_its_host_is_followed_and_not_for_ever(self):
        def moved(path: str) -> Answer:
            return saved(path) if "?again" in path else (307, {"Location": path + "?again"})

        with an_archive(moved) as (save_at, asked):
            self.assertIn("/web/", archive("http://example.org/", save_at))
        self.assertEqual(len(asked), 2)
        with an_archive(lambda path: (302, {"Location": path})) as (save_at, asked):
            with self.assertRaisesMessage(NotArchived, "named no copy"):
                archive("http://example.org/", save_at)
        self.assertLess(len(asked), 6)

    def test_whatever_goes_wrong_has_a_reason(self):
        for answer, reason in (
            ((200, {}), "The archive answered (200), but named no copy."),
            ((403, {}), "The archive refused: it answered 403."),
            ((523, {}), "The archive refused: it answered 523."),
            ((302, {"Location": "javascript:alert(1)"}), "What the archive named is not the address of a copy."),
            ((302, {"Location": "file:///etc/passwd"}), "What the archive named is not the address of a copy."),
            (
                (302, {"Location": "https://x.org/" + "a" * 1000}),
                "What the archive named is not the address of a copy.",
            ),
            ((302, {"Location": "http://example.org/"}), "What the archive named is not the address of a copy."),
        ):
            with self.subTest(answer), an_archive(lambda path, answer=answer: answer) as (save_at, _asked):
                with self.assertRaises(NotArchived) as refused:
                    archive("http://example.org/", save_at)
                self.assertEqual(str(refused.exception), reason)

    def test_an_archive_that_asks_for_patience_is_busy(self):
        with an_archive(lambda path: (429, {})) as (save_at, _asked), self.assertRaises(Busy):
            archive("http://example.org/", save_at)

    def test_an_archive_that_does_not_answer_is_not_waited_for_longer_than_said(self):
        with an_archive(saved) as (save_at, _asked):
            pass
        with self.assertRaisesMessage(NotArchived, "did not answer"):
            archive("http://example.org/", save_at, timeout=1)

    def test_only_addresses_of_the_web_are_asked_for(self):
        with an_archive(saved) as (save_at, asked):
            for url in ("javascript:alert(1)", "ftp://example.org/a", "file:///etc/passwd", "https://", "gewoon"):
                with self.assertRaisesMessage(NotArchived, "not one of the web"):
                    archive(url, save_at)
        self.assertEqual(asked, [])

    def test_no_address_within_a_network_leaves_it(self):
        within = (
            "http://localhost/a", "http://127.0.0.1:8000/", "http://10.0.0.4/nota", "http://[::1]/", "http://wiki/nota",
            "http://[::ffff:192.168.1.1]/", "http://2130706433/", "http://0x7f.1/", "https://cms.internal/x?token=1",
            "http://printer.local/", "https://intranet.example.org/nota", "http://169.254.169.254/latest/meta-data/",
        )  # fmt: skip
        with an_archive(saved) as (save_at, asked):
            for url in within:
                with self.subTest(url), self.assertRaisesMessage(NotArchived, "within a network of our own"):
                    archive(url, save_at)
        self.assertEqual(asked, [])

    def test_no_password_leaves_the_newsroom(self):
        with an_archive(saved) as (save_at, asked):
            for url in ("https://vera:geheim@example.org/", "https://vera@example.org/", "http://:x@example.org"):
                with self.subTest(url), self.assertRaisesMessage(NotArchived, "a name or password"):
                    archive(url, save_at)
        self.assertEqual(asked, [])

    def test_an_address_that_nobody_can_read_is_none_of_the_web(self):
        with an_archive(saved) as (save_at, asked):
            for url in ("http://[::1", "http://[kyiv]/"):
                with self.assertRaisesMessage(NotArchived, "not one of the web"):
                    archive(url, save_at)
        self.assertEqual(asked, [])


class DeskTests(TestCase):
    """The action on the list of sources, the filter, and the quiet word before publishing."""

    @classmethod
    def setUpTestData(cls):
        cls.sources = {
            "new": make_source("Nieuw", url="https://example.org/nieuw"),
            "gone": make_source("Weg", url="https://example.org/weg"),
            "kept": make_source("Bewaard", url="https://example.org/oud", archived_url="https://archive.example/1"),
            "none": make_source("Mondeling"),
        }
        cls.reporter = make_user(groups=["reporter"])
        cls.list = reverse("admin:newsroom_source_changelist")

    def setUp(self):
        self.client.force_login(self.reporter)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def ask(self, *names: str, **options):
        chosen = [self.sources[name].pk for name in names or self.sources]
        return self.client.post(self.list, {"action": "ask_for_copies", "_selected_action": chosen}, **options)

    def source(self, name: str) -> Source:
        return Source.objects.get(pk=self.sources[name].pk)

    def test_copies_are_asked_for_in_bulk_and_what_failed_stands_at_the_source(self):
        def answer(path: str) -> Answer:
            return (404, {}) if "weg" in path else saved(path)

        with an_archive(answer) as (save_at, asked), self.settings(ARCHIVE_URL=save_at):
            response = self.ask(follow=True)
        self.assertContains(response, "Copies of 2 sources are asked for")
        self.assertEqual(len(asked), 2)
        self.assertTrue(self.source("new").archived_url.endswith("/web/20220406120000/https://example.org/nieuw"))
        self.assertEqual(self.source("gone").archived_url, "")
        self.assertContains(self.client.get(self.list), "The archive refused: it answered 404.")
        self.assertEqual(self.source("kept").archived_url, "https://archive.example/1")
        self.assertIsNone(self.source("none").archive_asked_at)

    def test_the_list_says_why_an_internal_address_was_not_sent(self):
        Source.objects.filter(pk=self.sources["new"].pk).update(url="http://10.0.0.4/nota")
        with an_archive(saved) as (save_at, asked), self.settings(ARCHIVE_URL=save_at):
            self.ask("new")
        self.assertEqual(asked, [])
        self.assertContains(self.client.get(self.list), "Its address lies within a network of our own")

    def test_what_failed_can_be_asked_for_again(self):
        with an_archive(lambda path: (500, {})) as (save_at, _asked), self.settings(ARCHIVE_URL=save_at):
            self.ask("new")
        self.assertTrue(self.source("new").archive_trouble)
        with an_archive(saved) as (save_at, _asked), self.settings(ARCHIVE_URL=save_at):
            self.ask("new")
        self.assertEqual(self.source("new").archive_trouble, "")
        self.assertTrue(self.source("new").archived_url)

    def test_where_each_has_a_copy_nobody_is_asked(self):
        with an_archive(saved) as (save_at, asked), self.settings(ARCHIVE_URL=save_at):
            self.assertContains(
                self.ask("kept", "none", follow=True), "Each of these has a copy already, or no address."
            )
        self.assertEqual(asked, [])

    def test_one_is_asked_for_after_the_other_with_a_pause(self):
        with self.settings(TASKS=QUEUED, ARCHIVE_PAUSE=7):
            self.ask()
            self.assertEqual(DBTaskResult.objects.count(), 1)
            with an_archive(saved) as (save_at, asked), self.settings(ARCHIVE_URL=save_at):
                archive_next.func()
            self.assertEqual(len(asked), 1)
            later = DBTaskResult.objects.latest("enqueued_at").run_after
            self.assertAlmostEqual(later, timezone.now() + timedelta(seconds=7), delta=timedelta(seconds=5))
            with an_archive(saved) as (save_at, _asked), self.settings(ARCHIVE_URL=save_at):
                archive_next.func()
            self.assertEqual(DBTaskResult.objects.count(), 2)

    def test_a_busy_archive_is_left_alone_for_longer(self):
        with self.settings(TASKS=QUEUED):
            self.ask()
            with an_archive(lambda path: (429, {})) as (save_at, _asked), self.settings(ARCHIVE_URL=save_at):
                archive_next.func()
            later = DBTaskResult.objects.latest("enqueued_at").run_after
        self.assertAlmostEqual(later, timezone.now() + LONG_PAUSE, delta=timedelta(seconds=5))

    def test_what_a_stopped_worker_left_is_asked_for_the_next_day(self):
        with self.settings(TASKS=QUEUED):
            self.ask()
            DBTaskResult.objects.all().delete()
            go_on()
            self.assertFalse(DBTaskResult.objects.exists())
            Source.objects.update(archive_asked_at=timezone.now() - timedelta(days=2))
            go_on()
            self.assertEqual(DBTaskResult.objects.get().task_path, "newsroom.desk.archiving.archive_next")

    def test_nothing_is_asked_where_it_is_switched_off(self):
        with self.settings(ARCHIVE_URL=""):
            self.assertNotContains(self.client.get(self.list), "Ask an archive for copies")
            self.ask("new")
            Source.objects.update(archive_asked_at=timezone.now())
            archive_next.func()
        self.assertEqual(self.source("new").archived_url, "")

    def test_who_may_not_change_sources_may_not_ask(self):
        self.client.force_login(make_user(is_staff=True))
        self.assertEqual(self.ask("new").status_code, 403)

    def test_a_copy_that_comes_late_does_not_replace_what_somebody_wrote(self):
        before = self.source("new")
        Source.objects.filter(pk=before.pk).update(archived_url="https://archive.example/2")
        keep(before, "https://archive.example/3", "")
        self.assertEqual(self.source("new").archived_url, "https://archive.example/2")
        other = self.source("gone")
        Source.objects.filter(pk=other.pk).update(url="https://example.org/anders")
        keep(other, "https://archive.example/4", "")
        self.assertEqual(self.source("gone").archived_url, "")

    def test_a_published_story_that_shows_the_source_has_something_new_to_publish(self):
        story = make_story(blocks=[make_quote(source=self.sources["new"])])
        publish_story(story)
        keep(self.source("new"), "https://archive.example/3", "")
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        # Nobody wrote anything: it is whose it was, and anybody publishes it.
        self.assertEqual((story.written_by, story.contributors), (writer(), []))

    def test_the_list_can_be_narrowed_to_what_was_never_archived(self):
        Source.objects.filter(publisher="Weg").update(archive_trouble="Nee.", archive_asked_at=timezone.now())
        for value, names in (
            ("never", {"Nieuw", "Weg"}),
            ("yes", {"Bewaard"}),
            ("failed", {"Weg"}),
            ("waiting", set()),
            ("onzin", {"Nieuw", "Weg", "Bewaard", "Mondeling"}),
        ):
            shown = self.client.get(f"{self.list}?archived={value}").context["cl"].queryset
            self.assertEqual({source.publisher for source in shown}, names, value)
        self.assertContains(
            self.client.get(reverse("admin:newsroom_source_change", args=[self.sources["new"].pk])), "never archived"
        )

    def test_the_publish_page_says_what_has_no_copy_and_does_not_stand_in_the_way(self):
        self.client.force_login(make_user(groups=["editor"]))
        story = make_story(blocks=[make_quote(source=self.sources["new"])])
        event, edition = make_event(source=self.sources["new"]), make_edition(source=self.sources["new"])
        for subject in (story, event, edition):
            with self.subTest(subject):
                self.assertEqual(never_archived(subject.complete_content()), ["Nieuw"])
                page = reverse(f"admin:{subject._meta.label_lower.replace('.', '_')}_publish", args=[subject.pk])
                response = self.client.get(page)
                self.assertContains(response, "No archived copy is known of what it rests on: Nieuw.")
                self.assertNotContains(response, "It cannot be published yet")
        archived = make_event(source=self.sources["kept"])
        self.assertEqual(never_archived(archived.complete_content()), [])
