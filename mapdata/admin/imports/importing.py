"""The way from a list at the desk to an import of such rows."""

from django.urls import reverse

from mapdata.models import Import


class Importing:
    """Mix-in for the lists of what can be imported: `import_kind` says as what."""

    import_kind = ""
    change_list_template = "admin/mapdata/change_list.html"

    def changelist_view(self, request, extra_context=None):
        may = request.user.has_perm("mapdata.add_import") and self.import_kind in Import.kinds_for(request.user)
        address = f"{reverse('admin:mapdata_import_add')}?kind={self.import_kind}" if may else ""
        return super().changelist_view(request, {"import_url": address, **(extra_context or {})})
