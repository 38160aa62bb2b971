"""Uploads two versions of a document to infoRouter with zeep, chunk by chunk, and reads them back.

One chunk is damaged on its way the first time. Reads its task as JSON from standard input, prints the outcome as JSON.
"""

import base64
import json
import sys
from zlib import crc32

from zeep import Client

task = json.load(sys.stdin)
client = Client(task["wsdl"])
service = client.bind("srv", task["port"])


def checksum(data):
    """As the vendor's samples write it: upper case, no leading zeros."""
    return format(crc32(data), "X")


def must(answer):
    if answer.tag != "response" or answer.get("success") != "true":
        raise SystemExit(f"{answer.tag}: {dict(answer.attrib)}")
    return answer


ticket = must(service.AuthenticateUser(task["login"], task["password"])).get("ticket")


def send_chunk(handler, data, crc, last):
    return service.UploadFileChunk(
        AuthenticationTicket=ticket, UploadHandler=handler, FileChunk=data, ChunkHEXCRC=crc, LastChunk=last
    )


def upload(content, damaged):
    """Sends all chunks; gives the handler and how often a chunk had to be sent again."""
    opened = must(service.CreateUploadHandler(ticket, task["chunkSize"]))
    handler, size = opened.get("UploadHandler"), int(opened.get("ChunkSize"))
    offsets = range(0, len(content), size)
    again = 0
    for index, offset in enumerate(offsets):
        data = content[offset : offset + size]
        last = index == len(offsets) - 1
        sent = bytes([data[0] ^ 1]) + data[1:] if index == damaged else data
        answer = send_chunk(handler, sent, checksum(data), last)
        if answer.get("tryagain") == "true":
            again += 1
            answer = send_chunk(handler, data, checksum(data), last)
        must(answer)
    if answer.get("filehexcrc") != checksum(content):
        raise SystemExit(f"filehexcrc {answer.get('filehexcrc')}, not {checksum(content)}")
    return handler, again


def download(path, number):
    opened = must(service.GetDownloadHandlerByVersion(ticket, path, task["chunkSize"], number))
    handler = opened.get("downloadhandler")
    content = b""
    for _ in range(1000):
        chunk = must(service.DownloadFileChunk(ticket, handler, len(content), int(opened.get("ChunkSize"))))
        data = base64.b64decode(chunk.text)
        if crc32(data) != int(chunk.get("chunkCRC32"), 16) or len(data) != int(chunk.get("chunklength")):
            raise SystemExit("a chunk came damaged")
        content += data
        if chunk.get("lastchunk") == "true":
            break
    must(service.DeleteDownloadHandler(ticket, handler))
    if crc32(content) != int(opened.get("CRC32"), 16):
        raise SystemExit("the document came damaged")
    return content


path = task["path"]
contents = []
for name in task["files"]:
    with open(name, "rb") as file:
        contents.append(file.read())

must(service.CreateFolder(ticket, path.rsplit("/", 1)[0]))
handler, again = upload(contents[0], damaged=2)
first = must(service.UploadDocumentWithHandler1(ticket, path, handler, "first"))
must(service.DeleteUploadHandler(ticket, handler))
handler, more = upload(contents[1], damaged=len(contents[1]) // task["chunkSize"])
comment = '<xmlparameters><item NAME="VERSIONCOMMENT" VALUE="Zweite &amp; letzte"/></xmlparameters>'
second = must(service.UploadDocumentWithHandler3(ticket, path, handler, comment))

listed = must(service.GetDocuments(ticket, path.rsplit("/", 1)[0], False, False, False, False))
versions = must(service.GetDocumentVersions(ticket, path))
numbers = [int(version.get("Number")) for version in versions.iter("Version")]
outcome = {
    "again": again + more,
    "ids": [first.get("DocumentId"), second.get("DocumentId")],
    "listed": [dict(document.attrib) for document in listed.iter("document")],
    "versions": numbers,
    "comments": [comment.text for comment in versions.iter("Comment")],
    "same": [download(path, number) == content for number, content in zip(numbers, contents)],
    "whole": service.DownloadDocument(ticket, path) == contents[1],
    "refused": dict(service.GetDocument(ticket, path + "x", False, False, False, False).attrib),
}
must(service.LogOut(ticket))
print(json.dumps(outcome))
