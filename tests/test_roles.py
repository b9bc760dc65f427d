"""Every page and step of the desk, tried as every role. A page that is in no table fails: somebody must think of it."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import TestCase, override_settings
from django.urls import URLPattern, reverse

from articles.models import Quote, Story
from mapdata.models import Edition, Event, ImportPreset, SituationMap
from newsroom import roles
from newsroom.models import Image
from newsroom.publishing import Kind, Stage
from tests.makers import (
    make_author,
    make_edition,
    make_event,
    make_image,
    make_import,
    make_map,
    make_party,
    make_person,
    make_place,
    make_quote,
    make_region,
    make_section,
    make_source,
    make_story,
    make_user,
    make_view,
    publish,
    writer,
)

ROLES = {"R": "reporter", "M": "map editor", "E": "editor", "A": "administrator"}
DESK, NOBODY = "RMEA", ""

# Who may open a page of somebody else's unpublished work, or save it. `save`: POST to the change form; `-` in a name
# stands for what Django calls it. Steps that take no page of their own are tried with POST.
REFERENCES = {"changelist": DESK, "history": DESK, "change": DESK}
IMPORTS = dict.fromkeys(["changelist", "history", "change", "save", "delete"], "MEA")
PAGES = {
    "articles.author": REFERENCES | {"add": "EA", "save": "EA", "delete": "A"},
    "articles.person": REFERENCES | {"add": "REA", "save": "EA", "delete": "EA"},
    "articles.quote": REFERENCES | {"add": "REA", "save": "REA", "delete": "EA"},
    "articles.section": REFERENCES | {"add": "A", "save": "A", "delete": "A"},
    "articles.story": REFERENCES
    | {
        "add": "REA",
        "save": "EA",
        "delete": "EA",
        "submit": "EA",
        "send_back": "EA",
        "publish": "EA",
        "take_back": "EA",
        "withdraw": "EA",
        "versions": DESK,
        "preview": DESK,
    },
    "auth.group": dict.fromkeys(["changelist", "history", "change", "add", "save", "delete"], "A"),
    "auth.user": dict.fromkeys(["changelist", "history", "change", "add", "save", "delete", "password_change"], "A"),
    "mapdata.edition": REFERENCES
    | {
        "base": DESK,
        "areas": DESK,
        "sheet": DESK,
        "correct": "MEA",
        "carry": "MEA",
        "places": DESK,
        "outline": DESK,
        "events": DESK,
        # Whoever may not change the draft is told so there, or comes to the page that only shows it.
        "draw": DESK,
        "state": DESK,
        "operate": "MEA",
        "add": "MEA",
        "save": "MEA",
        "delete": "MEA",
        "submit": "MEA",
        "send_back": "EA",
        "publish": "EA",
        "take_back": "EA",
        "withdraw": "EA",
        "versions": DESK,
    },
    "mapdata.event": REFERENCES
    | {
        "add": "MEA",
        "save": "MEA",
        "delete": "MEA",
        "submit": "MEA",
        "send_back": "EA",
        "publish": "EA",
        "take_back": "EA",
        "withdraw": "EA",
        "versions": DESK,
    },
    # Somebody else's: map editors and editors are led away from its pages, and see nothing of it.
    "mapdata.import": dict.fromkeys(["changelist", "history", "change", "add", "save", "delete"], "MEA")
    | {"shapes": "A"},
    "mapdata.importpreset": dict.fromkeys(["changelist", "history", "change", "save", "delete"], "MEA")
    | {"add": NOBODY},
    "mapdata.party": REFERENCES | {"add": "A", "save": "A", "delete": "A"},
    "mapdata.place": REFERENCES | {"add": "MEA", "save": "MEA", "delete": "A"},
    # Regions come from an import: their boundaries cannot be typed.
    "mapdata.region": REFERENCES | {"add": NOBODY, "save": "A", "delete": "A"},
    "mapdata.situationmap": REFERENCES | {"add": "A", "save": "A", "delete": "A"},
    "mapdata.view": REFERENCES | {"add": "MEA", "save": "MEA", "delete": "EA"},
    "newsroom.image": REFERENCES | {"add": "RMEA", "save": "MEA", "delete": "EA", "rendition": DESK},
    "newsroom.source": REFERENCES | {"add": "RMEA", "save": "RMEA", "delete": "EA"},
}
# Actions of lists beside deleting, for whoever may save.
ACTIONS = {"newsroom.source": {"ask_for_copies"}}
# Pages of the desk that belong to no table; every one who may log in may open them.
SITE = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site",
    "app_list", "jobs", "job", "job_state", "job_cancel",
}  # fmt: skip
# The ground beneath every map: known to all the world, and to whoever logs in.
OPEN = {("mapdata.edition", "base")}
WITHOUT_PAGE = {"submit", "send_back", "take_back", "save", "correct", "carry", "operate"}


def own_pages(model_admin: admin.ModelAdmin) -> dict[str, URLPattern]:
    prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
    return {page.name.removeprefix(prefix): page for page in model_admin.get_urls() if page.name}


@pytest.mark.slow
@override_settings(SINGLE_EDITOR=False)
class EveryPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.users = {letter: make_user(groups=[name]) for letter, name in ROLES.items()}
        cls.image, cls.map = make_image(), make_map()
        cls.rows = {
            "articles.author": make_author(),
            "articles.person": make_person(),
            "articles.quote": make_quote(),
            "articles.section": make_section(),
            "articles.story": make_story(),
            "auth.group": Group.objects.create(name="guests"),
            "auth.user": writer(),
            "mapdata.edition": make_edition(cls.map),
            "mapdata.event": make_event(cls.map),
            "mapdata.import": make_import(map=cls.map),
            "mapdata.importpreset": ImportPreset.remember("control", "DeepState", {}, writer()),
            "mapdata.party": make_party(),
            "mapdata.place": make_place(),
            "mapdata.region": make_region(),
            "mapdata.situationmap": cls.map,
            "mapdata.view": make_view(cls.map),
            "newsroom.image": cls.image,
            "newsroom.source": make_source(),
        }

    def address(self, label: str, name: str, page: URLPattern | None) -> str:
        if name == "save":
            return reverse(f"admin:{label.replace('.', '_')}_change", args=[self.rows[label].pk])
        known = {"object_id": self.rows[label].pk, "id": self.rows[label].pk, "pk": self.rows[label].pk}
        if name == "rendition":
            one = self.image.renditions[0]
            known = {"digest": self.image.digest, "width": one["width"], "extension": one["format"]}
        wanted = page.pattern.converters
        return reverse(f"admin:{page.name}", kwargs={argument: known[argument] for argument in wanted})

    def answer(self, label: str, name: str, page: URLPattern | None) -> int:
        address = self.address(label, name, page)
        response = self.client.post(address) if name in WITHOUT_PAGE else self.client.get(address)
        if response.status_code == 302 and "/login/" in response.url:
            return 401
        return response.status_code

    def pages(self):
        for model, model_admin in admin.site._registry.items():
            label = model._meta.label_lower
            self.assertIn(label, PAGES, "a table of the desk that nobody thought about")
            found = own_pages(model_admin)
            self.assertEqual(set(found) | {"save"}, set(PAGES[label]), f"pages of {label}")
            for name, allowed in PAGES[label].items():
                yield label, name, found.get(name), allowed

    def test_each_role_gets_what_the_table_says_and_nothing_else(self):
        pages = list(self.pages())
        for letter, user in self.users.items():
            self.client.force_login(user)
            for label, name, page, allowed in pages:
                with self.subTest(role=ROLES[letter], page=f"{label} {name}"):
                    status = self.answer(label, name, page)
                    # An operation that says nothing is refused beside its fields.
                    fine = {400} if name == "operate" else {200, 302}
                    expected = fine if letter in allowed else {403}
                    self.assertIn(status, expected)

    def test_nobody_gets_anything_without_a_role_or_without_logging_in(self):
        for user in (None, make_user(is_staff=True), make_user()):
            self.client.logout()
            if user:
                self.client.force_login(user)
            for label, name, page, _allowed in self.pages():
                with self.subTest(staff=bool(user and user.is_staff), page=f"{label} {name}"):
                    status = self.answer(label, name, page)
                    if user is None or not user.is_staff:
                        self.assertEqual(status, 401)
                    elif (label, name) not in OPEN:
                        self.assertIn(status, {403, 404})

    def test_the_pages_of_no_table_are_known(self):
        names = {page.name for page in admin.site.get_urls() if isinstance(page, URLPattern) and page.name}
        self.assertEqual(names, SITE)

    def test_actions_of_lists_do_what_the_role_may_and_nothing_else(self):
        for letter, user in self.users.items():
            self.client.force_login(user)
            for model, model_admin in admin.site._registry.items():
                label = model._meta.label_lower
                request = self.client.get(
                    self.address(label, "changelist", own_pages(model_admin)["changelist"])
                ).wsgi_request
                with self.subTest(role=ROLES[letter], table=label):
                    offered = (
                        set() if letter not in PAGES[label]["changelist"] else set(model_admin.get_actions(request))
                    )
                    deletes = {"reporter": {"articles.story"}}.get(ROLES[letter], set())
                    may_delete = letter in PAGES[label]["delete"] or label in deletes
                    actions = {"delete_selected"} if may_delete else set()
                    if letter in PAGES[label]["save"]:
                        actions |= ACTIONS.get(label, set())
                    self.assertEqual(offered, actions)

    def test_a_list_does_not_delete_what_is_somebody_elses(self):
        self.client.force_login(self.users["R"])
        data = {"action": "delete_selected", "_selected_action": [self.rows["articles.story"].pk], "post": "yes"}
        self.client.post(reverse("admin:articles_story_changelist"), data)
        self.assertTrue(Story.objects.filter(pk=self.rows["articles.story"].pk).exists())


@override_settings(SINGLE_EDITOR=False)
class OwnWorkTests(TestCase):
    """What depends on whose draft it is, and how far it has come."""

    @classmethod
    def setUpTestData(cls):
        cls.reporter, cls.other = make_user(groups=["reporter"]), make_user(groups=["reporter"])
        cls.map_editor, cls.editor = make_user(groups=["map editor"]), make_user(groups=["editor"])

    def may_save(self, user, obj) -> bool:
        self.client.force_login(user)
        status = self.client.post(
            reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_change", args=[obj.pk])
        ).status_code
        self.assertIn(status, {200, 403})
        return status == 200

    def step(self, user, obj, step: str, **data) -> int:
        self.client.force_login(user)
        address = reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_{step}", args=[obj.pk])
        return self.client.post(address, data).status_code

    def test_a_reporter_writes_and_hands_in_what_they_began(self):
        story = make_story(written_by=self.reporter)
        self.assertTrue(self.may_save(self.reporter, story))
        self.assertFalse(self.may_save(self.other, story))
        self.assertEqual(self.step(self.other, story, "submit"), 403)
        self.assertEqual(self.step(self.reporter, story, "submit"), 302)
        story.refresh_from_db()
        self.assertEqual(story.stage, Stage.IN_REVIEW)

    def test_what_is_handed_in_is_the_editors_until_it_is_sent_back(self):
        story = make_story(written_by=self.reporter, stage=Stage.IN_REVIEW)
        self.assertFalse(self.may_save(self.reporter, story))
        self.assertTrue(self.may_save(self.editor, story))
        self.assertEqual(self.step(self.reporter, story, "send_back"), 403)
        self.assertEqual(self.step(self.editor, story, "send_back"), 302)
        self.assertTrue(self.may_save(self.reporter, Story.objects.get()))

    def test_a_reporter_goes_on_with_a_story_of_theirs_after_it_is_published(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        self.assertTrue(self.may_save(self.reporter, story))
        self.assertFalse(self.may_save(self.other, story))

    def test_map_editors_share_their_drafts(self):
        event = make_event(written_by=make_user(groups=["map editor"]))
        self.assertTrue(self.may_save(self.map_editor, event))
        Event.objects.update(stage=Stage.IN_REVIEW)
        self.assertFalse(self.may_save(self.map_editor, event))

    def test_nobody_saves_a_published_edition(self):
        edition = make_edition(written_by=self.map_editor).publish(self.editor, note="Nieuw.")
        self.assertFalse(self.may_save(self.map_editor, edition))
        self.assertFalse(self.may_save(self.editor, edition))

    def test_what_was_published_is_never_deleted_not_even_by_a_superuser(self):
        superuser = make_user(is_staff=True, is_superuser=True)
        story, edition, event = make_story(), make_edition(), make_event()
        publish(story, by=self.editor)
        publish(event, by=self.editor)
        edition.publish(self.editor, note="Nieuw.")
        for user in (self.editor, superuser):
            for obj in (story, edition, event):
                self.client.force_login(user)
                address = reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_delete", args=[obj.pk])
                self.assertEqual(self.client.post(address, {"post": "yes"}).status_code, 403)
                changelist = reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_changelist")
                data = {"action": "delete_selected", "_selected_action": [obj.pk], "post": "yes"}
                self.client.post(changelist, data)
                self.assertTrue(type(obj).objects.filter(pk=obj.pk).exists())

    def test_drafts_are_deleted_by_who_may_write_them(self):
        mine, edition = make_story(written_by=self.reporter), make_edition()
        self.assertEqual(self.step(self.other, mine, "delete", post="yes"), 403)
        self.assertEqual(self.step(self.reporter, mine, "delete", post="yes"), 302)
        self.assertEqual(self.step(self.map_editor, edition, "delete", post="yes"), 302)
        self.assertEqual((Story.objects.count(), Edition.objects.count()), (0, 0))

    def test_an_editor_does_not_publish_alone_what_they_wrote(self):
        story = make_story(written_by=self.editor)
        address = reverse("admin:articles_story_publish", args=[story.pk])
        self.client.force_login(self.editor)
        data = self.client.get(address).context["form"].initial
        response = self.client.post(address, {"seen": data["seen"]})
        self.assertContains(response, "errorlist nonfield")
        self.assertFalse(story.versions.exists())
        with self.settings(SINGLE_EDITOR=True):
            self.client.post(address, {"seen": data["seen"]})
        self.assertEqual(story.versions.get().kind, Kind.FIRST)


class AccountTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.administrator = make_user(groups=["administrator"])

    def test_an_administrator_makes_nobody_a_superuser(self):
        self.client.force_login(self.administrator)
        user = make_user("vera")
        data = {"username": "vera", "is_active": "on", "is_staff": "on", "is_superuser": "on", "user_permissions": "1"}
        response = self.client.post(reverse("admin:auth_user_change", args=[user.pk]), data)
        self.assertEqual(response.status_code, 302)
        user.refresh_from_db()
        self.assertTrue(user.is_staff)
        self.assertFalse(user.is_superuser)
        self.assertFalse(user.user_permissions.exists())

    def test_an_administrator_does_not_take_over_a_superusers_account(self):
        self.client.force_login(self.administrator)
        superuser = make_user(is_staff=True, is_superuser=True)
        for page in ("change", "delete"):
            self.assertEqual(self.client.post(reverse(f"admin:auth_user_{page}", args=[superuser.pk])).status_code, 403)
        address = reverse("admin:auth_user_password_change", args=[superuser.pk])
        self.assertEqual(self.client.get(address).status_code, 403)

    def test_a_new_account_can_log_in_and_has_a_role(self):
        self.client.force_login(self.administrator)
        data = {
            "username": "vera",
            "usable_password": "true",
            "password1": "een-lang-geheim",
            "password2": "een-lang-geheim",
        }
        self.client.post(reverse("admin:auth_user_add"), data)
        self.assertTrue(get_user_model().objects.get(username="vera").is_staff)


class GroupTests(TestCase):
    def test_the_four_groups_have_exactly_the_permissions_of_their_role(self):
        for name, allowed in roles.ROLES.items():
            wanted = {
                f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}"
                for label, verbs in allowed.items()
                for verb in verbs
            }
            self.assertEqual(make_user(groups=[name]).get_all_permissions(), wanted)

    def test_names_of_tables_are_those_that_there_are(self):
        labels = {model._meta.label_lower for model in (Story, Quote, Image, Event, Edition, SituationMap)}
        self.assertLessEqual(labels, set(roles.ROLES["editor"]))
