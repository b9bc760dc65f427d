"""Jobs for tests: what they write is a source, whose publisher says which of them it was."""

import time

from django.utils.translation import get_language

from newsroom.jobs.job import Failed, background
from newsroom.models import Source


@background("Adding a source")
def add(job, publisher: str, steps: int = 3, pause: float = 0):
    """Counts to `steps`, pausing at each, and then writes."""
    for step in range(steps):
        job.progress(step, steps, f"step {step}")
        time.sleep(pause)
    with job.writing() as result:
        Source.objects.create(publisher=publisher)
        result |= {"url": "/admin/newsroom/source/", "publisher": publisher}


@background("Looking")
def look(job):
    return {"sources": Source.objects.count()}


@background("Speaking")
def speak(job):
    return {"language": get_language()}


@background("Adding a source and thinking better of it")
def refuse(job):
    with job.writing():
        Source.objects.create(publisher="refused")
        raise Failed("There are sources enough.")


@background("Adding a source badly")
def stumble(job):
    with job.writing():
        Source.objects.create(publisher="stumbled")
        raise ZeroDivisionError("secret")


@background("Adding a source while somebody cancels")
def be_cancelled(job):
    with job.writing():
        Source.objects.create(publisher="cancelled")
        job.cancel()


@background("Adding a source that another worker adds too")
def be_overtaken(job):
    with job.writing():
        Source.objects.create(publisher="overtaken")
        type(job).objects.filter(pk=job.pk).update(attempt=job.attempt + 1)
