"""Uploads a document to InterFAX in three chunks with zeep, faxes it, waits for its end and gets its pages.

Reads its task as JSON from standard input, prints the outcome as JSON.
"""

import datetime
import json
import pathlib
import sys
import time

import zeep

task = json.load(sys.stdin)
service = zeep.Client(task["wsdl"]).bind("InterFax", task["port"])
who = {"Username": task["login"], "Password": task["password"]}
content = pathlib.Path(task["file"]).read_bytes()

started = service.StartFileUpload(**who)
assert started.StartFileUploadResult == 0, started
session = started.SessionID


def chunk(data, last=False):
    return service.UploadFileChunk(SessionID=session, Chunk=data, IsLast=last)


first, second = task["sizes"]
totals = [
    chunk(content[:first]),
    chunk(content[first : first + second]),
    chunk(content[first + second :], last=True),
]
late = chunk(b"more")


def send():
    return service.SendfaxEx_2(
        **who,
        FaxNumbers=task["number"],
        Contacts="Ann & Bob",
        FilesData=b"",
        FileTypes="PDF",
        FileSizes=f"{len(content)}/sessionID={session}",
        Postpone=datetime.datetime(2000, 1, 1),
        RetriesToPerform=2,
        PageHeader="N",
        Subject="zeep",
        PageSize="A4",
        PageOrientation="Portrait",
        IsHighResolution=True,
        IsFineRendering=False,
    )


transaction = send()
for _ in range(600):
    status = service.FaxStatus(
        **who, LastTransactionID=transaction + 1, MaxItems=1, TotalCount=0, ListSize=0, ResultCode=0
    )
    item = status.FaxStatusResult.FaxItem[0]
    if item.Status >= 0:
        break
    time.sleep(0.1)

image = service.GetFaxImage(**who, TransactionID=transaction)
pathlib.Path(task["image"]).write_bytes(image.Image)

outcome = {
    "totals": totals,
    "late": late,
    "transaction": transaction,
    "item": {name: item[name] for name in ("Status", "PagesSent", "DestinationFax")},
    "fetched": image.GetFaxImageResult,
    "again": send(),
}
print(json.dumps(outcome))
