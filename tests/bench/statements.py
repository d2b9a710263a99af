"""The statements of one enrolment, run by pgbench without any program around them: the limit that cannot be beaten."""

from __future__ import annotations

import os
import re
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.crypto import hash_token
from rest_framework.test import APIClient

from booking.models import ApiToken, Enrolment
from tests.bench.serving import Ask
from tests.racing import database_url
from tests.tooling.postgres import find_binaries

CLIENTS, JOBS = 32, 2
NEXT_FAMILY = (
    "SELECT nextval('bench_number') AS number \\gset\n"
    "SELECT child, account, guardian, digest FROM bench_family WHERE number = :number \\gset"
)


def enrolments_a_second(example: Ask, families: Sequence[Ask], groups: Sequence[str]) -> float:
    """Return how many enrolments pgbench does a second over 32 connections, one a family, over these groups.

    The statements are those of the REST address, written down while `example` is enrolled.
    """
    script = _script(_statements(example), example, groups)
    _list_families(families)
    with TemporaryDirectory(prefix="grafik-bench-") as folder:
        path = Path(folder) / "enrol.sql"
        path.write_text(script)
        each = len(families) // CLIENTS
        command = [str(find_binaries() / "pgbench"), "-n", "-f", str(path), "-c", str(CLIENTS), "-j", str(JOBS)]
        said = subprocess.run(
            [*command, "-t", str(each)], env=_connection(), capture_output=True, text=True, check=True
        )
    found = re.search(r"tps = ([0-9.]+)", said.stdout)
    if found is None or "number of failed transactions: 0 " not in said.stdout:
        raise RuntimeError(said.stdout + said.stderr)
    return float(found[1])


def _statements(example: Ask) -> list[str]:
    client = APIClient(headers={"authorization": f"Bearer {example.token}"})
    body = {"child": example.child, "group": example.group}
    with CaptureQueriesContext(connection) as captured:
        answer = client.post("/api/v1/enrolments/", body)
    if answer.status_code != 201:
        raise RuntimeError(answer.content)
    return [query["sql"] for query in captured]


def _script(statements: list[str], example: Ask, groups: Sequence[str]) -> str:
    """Return a pgbench script in which the family is the next one and the group any of these."""
    token = ApiToken.objects.select_related("user").get(digest=hash_token(example.token))
    enrolment = Enrolment.objects.get(child=uuid.UUID(example.child))
    replaced = {
        str(example.child): ":child",
        str(example.group): ":group",
        str(enrolment.pk): ":enrolment",
        str(token.user_id): ":account",
        str(token.user.person_id): ":guardian",
        token.digest: ":digest",
    }
    text = ";\n".join(statements) + ";\n"
    for found, name in replaced.items():
        text = text.replace(found, name).replace(found.replace("-", ""), name)  # an id is written in both ways
    # pgbench takes two colons for a cast and leaves what follows alone
    text = text.replace("'enrolled::enrolment::guardian'", "concat_ws(chr(58), 'enrolled', ':enrolment', ':guardian')")
    message = re.search(r'INSERT INTO "notifications_message" .*', text)
    if message is not None:  # its own key is new for each
        own = re.search(r"VALUES \('([0-9a-f-]{32,36})'", message[0])
        if own is not None:
            text = text.replace(own[1], ":message")
    return (
        f"{NEXT_FAMILY}\n"
        "SELECT gen_random_uuid() AS enrolment, gen_random_uuid() AS message \\gset\n"
        f"\\set number random(1, {len(groups)})\n"
        f"SELECT id AS group FROM bench_group WHERE number = :number \\gset\n{text}"
    )


def _list_families(families: Sequence[Ask]) -> None:
    """Write the families down where pgbench finds them, and give back what was given for the example."""
    tokens = {
        token.digest: (token.user_id, token.user.person_id) for token in ApiToken.objects.select_related("user").all()
    }
    rows = []
    for number, family in enumerate(families, start=1):
        digest = hash_token(family.token)
        rows.append((number, family.child, *tokens[digest], digest))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_family; DROP SEQUENCE IF EXISTS bench_number")
        cursor.execute(
            "CREATE TABLE bench_family (number int PRIMARY KEY, child uuid, account uuid, guardian uuid, digest text)"
        )
        cursor.execute("CREATE SEQUENCE bench_number")
        cursor.executemany("INSERT INTO bench_family VALUES (%s, %s, %s, %s, %s)", rows)


def list_groups(groups: Sequence[str]) -> None:
    """Write the groups down where pgbench finds them."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_group")
        cursor.execute("CREATE TABLE bench_group (number int PRIMARY KEY, id uuid)")
        numbered = [(number, uuid.UUID(group)) for number, group in enumerate(groups, start=1)]
        cursor.executemany("INSERT INTO bench_group VALUES (%s, %s)", numbered)


def _connection() -> dict[str, str]:
    """Return the environment that points pgbench at the benchmark's database."""
    parts = urlsplit(database_url())
    asked = parse_qs(parts.query)
    facts = {
        "PGDATABASE": parts.path.lstrip("/"),
        "PGHOST": asked.get("host", [parts.hostname or ""])[0],
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGPORT": str(parts.port or ""),
    }
    return os.environ | {name: value for name, value in facts.items() if value}
