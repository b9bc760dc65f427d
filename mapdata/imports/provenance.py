"""Of when and from whom it is what a file says: the moment on the ground that its date means, and the source."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from mapdata.imports.files.dating import Moment
from mapdata.models import SituationMap
from newsroom import moments
from newsroom.models import Source


def situation_of(moment: Moment, map_: SituationMap) -> datetime:
    """The moment on the ground that a file's date means, in the map's time zone.

    A date means the end of that day, as it does for readers who ask for it, or now while that day has not ended: no
    picture shows what is still to come. A moment without a time zone is in the map's.
    """
    if isinstance(moment, datetime):
        return moment.astimezone(map_.zone) if moment.tzinfo else moment.replace(tzinfo=map_.zone)
    end = moments.parse(moment.isoformat(), map_.zone).astimezone(map_.zone).replace(microsecond=0)
    now = timezone.localtime(timezone.now(), map_.zone).replace(microsecond=0)
    return now if moment == now.date() else end


def source_of(name: str, said: str) -> Source:
    """`said` is "publisher" or "publisher: title"; without it the ground is attributed to the file."""
    publisher, _colon, title = said.partition(":") if said else (_("Imported file"), ":", name)
    source, _created = Source.objects.get_or_create(
        publisher=publisher.strip()[:200], title=title.strip()[:300], url="", defaults={"retrieved_at": timezone.now()}
    )
    return source
