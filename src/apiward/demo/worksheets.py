"""Worksheets to read, and articles laid out for paper."""

import posixpath
from typing import Final

from starlette.responses import Response

from apiward.demo.articles import article_in
from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry
from apiward.demo.shell import run

FOLDER: Final = "/srv/worksheets"
# A disk in memory: nobody who plays with the weak twin reads the machine it runs on.
DISK: Final = {
    f"{FOLDER}/good-week.txt": "A good week\n1. What went well?\n2. What do I want more of?\n",
    f"{FOLDER}/ten-minutes.txt": "Ten calm minutes\nSit. Breathe. Count to four.\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\ncoaching:x:1000:1000::/srv:/usr/sbin/nologin\n",
    "/srv/app.env": "MAIL_HOST=mail.marlow-coaching.example\n",
}
PAPERS: Final = ("a4", "a5", "letter")


def read_worksheet(desk: Desk, call: Call) -> Response:
    """Show one worksheet to a client."""
    client(desk, call)
    name = call.query.get("name", "")
    path = posixpath.normpath(posixpath.join(FOLDER, name))
    if posixpath.dirname(path) != FOLDER and not desk.weak("path-traversal-worksheet"):
        raise Refusal(404, "No such worksheet")
    text = DISK.get(path)
    if text is None:
        raise Refusal(404, "No such worksheet")
    return answer({"name": name, "text": text})


def print_article(desk: Desk, call: Call) -> Response:
    """Lay an article out for a size of paper."""
    row = article_in(desk, call.path["slug"])
    paper = call.query.get("paper", "a4")
    said = ""
    if paper not in PAPERS:
        if not desk.weak("command-injection-print"):
            raise Refusal(422, "'paper' must be a4, a5 or letter")
        said = run(f"layout --paper {paper} --title article")
    return answer({"slug": row["slug"], "paper": paper, "text": row["text"] + said})


ENTRIES = (
    Entry("GET", "/api/v2/resources/file", read_worksheet),
    Entry("GET", "/api/v2/articles/{slug}/print", print_article),
)
