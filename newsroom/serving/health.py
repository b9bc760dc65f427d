"""`/healthz`: what a load balancer or a container asks to know whether this process can answer readers."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Migrations are only ever added with new code, hence a new process: once applied, this one need not look again.
_migrated = False


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "missing"


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 where the database answers and has every migration, else 503; the body says which of the two it is."""
    try:
        state = {"database": _database(), "migrations": _migrations()}
    except DatabaseError:
        state = {"database": "unreachable"}
    healthy = all(value == "ok" for value in state.values())
    return JsonResponse(state, status=200 if healthy else 503)
