"""What a web process does before its first reader comes."""

from unittest import mock

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext

from newsroom.serving import warming
from tests.small_site import make_site


class FirstPagesTests(TransactionTestCase):
    @override_settings(ALLOWED_HOSTS=["news.example"])
    def test_the_first_reader_finds_the_pages_that_are_read_first(self):
        make_site()
        warming.warm(get_wsgi_application())
        for address in ("/", "/stories/na-kyiv/", "/stories/after-kyiv/?lang=en", "/maps/situatie-oekraine/?lang=en"):
            with CaptureQueriesContext(connection) as queries:
                answer = self.client.get(address, headers={"host": "news.example"})
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(len(queries), 1, address)


class AskingTests(SimpleTestCase):
    def test_what_goes_wrong_is_noted_and_no_more(self):
        def broken(environ, start):
            raise OSError("no database")

        with self.assertLogs("newsroom.serving.warming", "WARNING"):
            warming.warm(broken)

    @override_settings(ALLOWED_HOSTS=["*", ".example.org"], PRODUCTION=True)
    def test_it_asks_as_the_proxy_in_front_would(self):
        application = mock.Mock(return_value=HttpResponse("front"))
        self.assertEqual(warming.ask(application, "/"), "front")
        environ = application.call_args.args[0]
        self.assertEqual(environ["HTTP_HOST"], "example.org")
        self.assertEqual(environ["HTTP_X_FORWARDED_PROTO"], "https")
