"""GDAL, by pyogrio, when it is first needed: that is in the worker and in commands, and hardly ever in a web process,
which would be 30 MB larger with it."""

from functools import cache
from importlib import import_module
from types import ModuleType

OPTIONS = {
    # What a file says lies elsewhere is not fetched.
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "SHAPE_RESTORE_SHX": "YES",
    # A journal or a sidecar beside the file is none of ours.
    "GDAL_PAM_ENABLED": "NO",
}


@cache
def pyogrio() -> ModuleType:
    """The library, told once to see what it is meant to and nothing else."""
    library = import_module("pyogrio")
    library.set_gdal_config_options(OPTIONS)
    return library
