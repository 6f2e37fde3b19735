"""What the tests of the intake share: files made as an office would, sent and confirmed through the admin."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from branches.intake.plan import Plan, plan_of, read_ledger
from branches.ledger import COLUMNS, FULL_LEDGER, sheet
from branches.models import Activity, IntakeFile
from publishing.spreadsheets import Column, Sheet, write_csv, write_xlsx

KINDS = {column.header: column.kind for column in COLUMNS}
PAGE = "admin:branches_activity_intake"
#: a row with what every row needs
ROW = {"活动类别": "义诊", "活动主题": "下乡义诊", "活动日期": "2023-06-01"}


def workbook(*rows: dict, headers=None) -> bytes:
    """A bare workbook: a title, the header, these rows."""
    headers = headers or list(dict.fromkeys(header for row in rows for header in row))
    columns = [
        Column(header, lambda row, header=header: row.get(header, ""), kind=KINDS.get(header, "text"))
        for header in headers
    ]
    out = io.BytesIO()
    write_xlsx(Sheet("台账", columns), rows, out)
    return out.getvalue()


def row(**cells) -> dict:
    return ROW | cells


def exported(hospital, kind="xlsx", profile=FULL_LEDGER) -> bytes:
    """The office's own ledger of a hospital, as it is handed in."""
    out = io.BytesIO()
    rows = profile.rows(Activity.objects.of_hospital(hospital).originals().newest_first())
    around = sheet(profile, unit=hospital.name, period="", conditions="全部", exported_by="王芳")
    if kind == "csv":
        write_csv(around.columns, rows, out)
    else:
        write_xlsx(around, rows, out)
    return out.getvalue()


def planned(hospital, user, *rows: dict) -> Plan:
    return plan_of(read_ledger(workbook(*rows)), hospital, user)


def the_row(hospital, user, **cells):
    """What becomes of one row that says this."""
    ((_line, planned_row),) = planned(hospital, user, row(**cells)).rows
    return planned_row


def upload(client, content: bytes, name="台账.xlsx", **data):
    return client.post(reverse(PAGE), {"file": SimpleUploadedFile(name, content), **data})


def preview(client, *rows: dict):
    """The page that shows what these rows would do."""
    response = upload(client, workbook(*rows))
    assert response.status_code == 302, response.context["form"].errors
    return client.get(response.url)


def confirm(client, page, **data):
    return client.post(page.request["PATH_INFO"], {"digest": page.context["plan"].digest, **data})


def held() -> IntakeFile:
    return IntakeFile.objects.get()
