"""The import wizard between its steps: what cannot be read, a worker at work, a closed tab, somebody else, time."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mapdata.admin.imports import jobs
from mapdata.models import Edition, Import, ImportPreset
from newsroom.jobs.job import State
from newsroom.models import Job
from tests.makers import make_user
from tests.shared_data import shared
from tests.wizard import CONTROL, WizardCase

pytestmark = pytest.mark.usefixtures("english")


class UnreadableTests(WizardCase):
    def test_a_hostile_or_broken_file_is_refused_in_words_and_leaves_nothing(self):
        for name in ("hostile-entities.kml", "hostile-zip-paths.zip", "truncated.geojson"):
            with self.subTest(name):
                page = self.upload(shared(f"imports/{name}").read_bytes(), name)
                self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
                self.assertContains(page, '<p class="errornote">')
                self.assertEqual(self.row.job.state, State.FAILED)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_it_can_be_tried_again_or_thrown_away(self):
        self.upload(b"{", "broken.geojson")
        name = self.row.file.name
        page = self.client.post(self.address, {"_look": "1"}, follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("admin:mapdata_import_delete", args=[self.row.pk]), {"post": "yes"})
        self.assertFalse(Import.objects.exists())
        self.assertFalse(default_storage.exists(name))

    def test_a_file_that_is_too_large_is_refused_beside_its_field(self):
        with self.settings(IMPORT_MAX_MB=0):
            page = self.upload(CONTROL)
        self.assertIn("file", page.context["form"].errors)
        self.assertFalse(Import.objects.exists())

    def test_an_upload_needs_a_file_a_map_and_a_kind_of_ones_own(self):
        page = self.client.post(reverse("admin:mapdata_import_add"), {"kind": "regions"})
        self.assertEqual(set(page.context["form"].errors), {"kind", "file"})
        page = self.upload(CONTROL, map="")
        self.assertContains(page, "Say for which situation map this is.")
        preset = ImportPreset.remember("events", "GDELT", {}, self.map_editor)
        self.assertContains(self.upload(CONTROL, preset=preset.pk), "of files of another kind")
        self.assertFalse(Import.objects.exists())


class StageTests(WizardCase):
    def begun(self, **fields) -> Import:
        """An import of which a worker still reads the file."""
        with self.settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            self.upload(CONTROL)
        Import.objects.filter(pk=self.row.pk).update(**fields)
        return self.row

    def test_while_it_is_read_the_page_shows_how_far_it_is_and_takes_nothing(self):
        self.begun()
        Job.objects.update(state=State.RUNNING, done=20, total=80)
        page = self.client.get(self.address)
        self.assertTemplateUsed(page, "admin/mapdata/import/busy.html")
        self.assertContains(page, 'max="80" value="20"')
        self.assertContains(self.client.post(self.address, {"_make": "1"}, follow=True), "It is still at work")

    def test_a_job_that_waits_while_the_site_is_brought_up_to_date_is_still_known(self):
        self.begun()
        moved = import_module("mapdata.migrations.0010_jobs_of_imports")
        moved.backwards(apps, None)
        self.assertEqual(Job.objects.get().kind, "mapdata.wizard.jobs.look")
        moved.forwards(apps, None)
        self.assertEqual(Job.objects.get().title, "Looking what is in a file")
        self.assertEqual(DBTaskResult.objects.get().task_path, Job.objects.get().kind)
        self.assertEqual(Job.objects.get().kind, jobs.look.module_path)

    def test_cancelling_leads_back_to_the_import(self):
        upload = self.begun()
        page = self.client.post(reverse("admin:job_cancel", args=[upload.job_id]), follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
        self.assertContains(page, "Cancelled before it was read.")
        page = self.client.post(self.address, {"_look": "1"}, follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")

    def test_cancelling_while_it_is_made_leaves_nothing_and_the_choices(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine")
        with self.settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            self.make(page)
        Job.objects.filter(pk=self.row.job_id).update(state=State.RUNNING)
        self.client.post(reverse("admin:job_cancel", args=[self.row.job_id]))
        Job.objects.filter(pk=self.row.job_id).update(state=State.WAITING)
        jobs.make.call(self.row.job_id)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertEqual(self.row.job.state, State.CANCELLED)
        page = self.client.get(self.address)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")
        self.assertContains(page, "Make the draft edition")

    def test_throwing_away_cancels_what_is_under_way(self):
        upload = self.begun()
        self.client.post(reverse("admin:mapdata_import_delete", args=[upload.pk]), {"post": "yes"})
        self.assertEqual(Job.objects.get().state, State.CANCELLED)
        # A worker that had taken it finds nothing to do.
        Job.objects.update(state=State.WAITING)
        jobs.look.call(Job.objects.get().pk)
        self.assertEqual(Job.objects.get().state, State.FAILED)
        self.assertIn("thrown away", Job.objects.get().error)

    def test_what_is_unfinished_is_found_again(self):
        self.upload(CONTROL)
        for page in (reverse("admin:mapdata_import_add"), reverse("admin:mapdata_import_changelist")):
            self.assertContains(self.client.get(page), self.address)

    def test_it_is_only_ones_own_but_for_administrators(self):
        self.upload(CONTROL)
        others = [self.address, reverse("admin:mapdata_import_delete", args=[self.row.pk])]
        self.log_in(make_user(groups=["map editor"]))
        for address in others:
            self.assertEqual(self.client.get(address).status_code, 302)
        self.assertEqual(self.client.get(reverse("admin:mapdata_import_shapes", args=[self.row.pk])).status_code, 403)
        self.assertNotContains(self.client.get(reverse("admin:mapdata_import_changelist")), self.row.name)
        self.log_in(self.administrator)
        for address in others:
            self.assertEqual(self.client.get(address).status_code, 200)

    def test_the_upload_is_not_served_under_any_address(self):
        self.upload(CONTROL, name="secret-plan.geojson")
        self.assertNotIn("secret", self.row.file.name)
        for address in (f"/{self.row.file.name}", f"/static/{self.row.file.name}", f"/media/{self.row.file.name}"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_what_nobody_came_back_for_is_removed(self):
        self.upload(CONTROL)
        old, name = self.row, self.row.file.name
        Import.objects.update(at=timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS, hours=1))
        self.upload(CONTROL)
        with self.captureOnCommitCallbacks(execute=True):
            Import.objects.tend()
        self.assertFalse(Import.objects.filter(pk=old.pk).exists())
        self.assertFalse(default_storage.exists(name))
        self.assertTrue(default_storage.exists(self.row.file.name))

    def test_lists_lead_to_an_import_for_who_may(self):
        for model, kind in (("edition", "control"), ("event", "events"), ("region", "regions"), ("place", "places")):
            address = reverse(f"admin:mapdata_{model}_changelist")
            link = f"{reverse('admin:mapdata_import_add')}?kind={kind}"
            for person in (self.map_editor, self.administrator, make_user(groups=["reporter"])):
                self.log_in(person)
                may = person.has_perm(Import.PERMISSIONS[kind]) and person.has_perm("mapdata.add_import")
                self.assertEqual(link in self.client.get(address).content.decode(), may, (model, person))

    def test_a_preset_is_renamed_and_forgotten(self):
        preset = ImportPreset.remember("control", "DeepState", {}, self.map_editor)
        address = reverse("admin:mapdata_importpreset_change", args=[preset.pk])
        self.client.post(address, {"name": "DeepStateMap"})
        self.assertEqual(ImportPreset.objects.get().name, "DeepStateMap")
        self.client.post(reverse("admin:mapdata_importpreset_delete", args=[preset.pk]), {"post": "yes"})
        self.assertFalse(ImportPreset.objects.exists())
