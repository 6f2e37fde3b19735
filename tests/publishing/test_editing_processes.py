"""One draft, two processes, two hundred edits; one form, twenty threads. Real processes, real connections."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from articles.models import Article
from hospitals.models import User
from hospitals.roles import Role
from tests.admin_pages import posted
from tests.factories import make_brand, make_hospital, make_user
from tests.publishing.test_workflow_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EDITS = 100  # of each process
SENDINGS = 20
ROOT = Path(__file__).resolve().parents[2]
START = "import sys, django; django.setup(); from tests.publishing import test_editing_processes as p; p.edit(*sys.argv[1:])"


def edit(database: str, username: str, pk: str, mark: str) -> None:
    """What one of the processes does; it prints how often the other had been quicker."""
    connection.settings_dict["NAME"] = database
    setup_test_environment()
    client, address, conflicts = Client(), reverse("admin:branches_brand_change", args=[pk]), 0
    client.force_login(User.objects.get(username=username))
    client.get(address)
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for number in range(EDITS):
        response = client.get(address)
        text = posted(response)["idea"]
        while True:
            response = client.post(address, posted(response, idea=f"{text}{mark}{number}。"))
            if response.status_code == 302:
                break
            conflicts += 1
            text = as_stored(response)
    print(conflicts)  # noqa: T201


def as_stored(response) -> str:
    """The other's text, as the page of the conflict shows it."""
    found = re.search(r"<dt>品牌理念</dt>\s*<dd><p class=\"content-text\">([^<]*)</p>", response.content.decode())
    return unescape(found[1])


def test_of_two_hundred_edits_by_two_processes_no_text_is_lost():
    hospital = make_hospital()
    brand = make_brand(hospital, idea="开头。")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", START, connection.settings_dict["NAME"], writer.username, str(brand.pk), mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for mark, writer in ((mark, make_user(Role.REPORTER, hospital)) for mark in "甲乙")
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    conflicts = [int(process.communicate()[0]) for process in processes]
    brand.refresh_from_db()
    expected = {f"{mark}{number}" for mark in "甲乙" for number in range(EDITS)}
    written = [sentence for sentence in brand.idea.split("。") if sentence]
    assert sum(conflicts) > 0
    assert (len(written), set(written)) == (2 * EDITS + 1, expected | {"开头"})
    assert brand.version == 2 * EDITS + 1


def test_a_form_sent_twenty_times_at_once_makes_one_record():
    reporter = make_user(Role.REPORTER, make_hospital())
    clients = [Client() for _number in range(SENDINGS)]
    for client in clients:
        client.force_login(reporter)
    address = reverse("admin:articles_article_add")
    typed = posted(clients[0].get(address), title="题目")
    responses = at_once(SENDINGS, lambda number: clients[number].post(address, typed))
    record = reverse("admin:articles_article_change", args=[Article.objects.get().pk])
    assert [response.status_code for response in responses] == [302] * SENDINGS
    assert [response.url for response in responses].count(record) == SENDINGS - 1
