"""Every string of the interface has its Dutch translation, and what is compiled is what was written."""

import io

from babel.messages.extract import extract

from tools import catalogues


def test_every_catalogue_is_complete_and_compiled():
    strings = catalogues.marked()
    for language in catalogues.LANGUAGES:
        faults = list(catalogues.faults(language, strings))
        assert len(faults) == 0, "\n".join(faults[:20])


def test_strings_in_templates_are_found():
    template = """{% load i18n %}<p title="{% translate "First" %}">It's {{ _("second") }}
      {% blocktranslate count n=3 %}one {{ n }}{% plural %}many {{ n }}{% endblocktranslate %}
      {% translate "May" context "month" %}</p>"""
    file = io.BytesIO(template.encode())
    found = [message for _, message, *_ in extract(catalogues.template_strings, file, catalogues.KEYWORDS)]
    assert found == ["First", "second", ("one %(n)s", "many %(n)s"), "May"]
