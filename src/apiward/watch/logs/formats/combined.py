"""The forms of nginx and Apache: common, combined, with the host before it, and nginx's own `main`."""

from typing import Final

from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.apache import apache_parts
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.nginx import nginx_parts

COMMON: Final = '%h %l %u %t "%r" %>s %b'
COMBINED: Final = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
VHOST: Final = '%v %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"'
MAIN: Final = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" "$http_x_forwarded_for"'
)


def common_reader(wishes: Wishes) -> LogReader:
    """Return what reads the common form."""
    return TemplateReader(apache_parts(COMMON), wishes)


def combined_reader(wishes: Wishes) -> LogReader:
    """Return what reads the combined form; more may follow, as many servers add something at the end."""
    return TemplateReader(apache_parts(COMBINED), wishes, is_open=True)


def vhost_reader(wishes: Wishes) -> LogReader:
    """Return what reads the combined form with the name of the site before it."""
    return TemplateReader(apache_parts(VHOST), wishes, is_open=True)


def main_reader(wishes: Wishes) -> LogReader:
    """Return what reads the form that nginx's packages come with: combined, and the addresses before proxies."""
    return TemplateReader(nginx_parts(MAIN), wishes, is_open=True)
