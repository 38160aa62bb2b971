"""A file goes to a 4shared server and back, with zeep and requests. Prints what every step answered."""

import hashlib
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import requests
import zeep

wsdl, login, password, path = sys.argv[1:]
with open(path, "rb") as source:
    data = source.read()
client = zeep.Client(wsdl).service
who = (login, password)
third = len(data) // 3


def post(first, part):
    fields = {"resumableFileId": str(file), "resumableFirstByte": str(first)}
    answer = requests.post(url, data=fields, files={"FilePart": ("film.bin", part)}, timeout=60)
    return [answer.status_code, f'id="uploadedFileId" value="{file}"' in answer.text]


def cut():
    """Sends the beginning of a part, and hangs up."""
    request = requests.Request(
        "POST",
        url,
        data={"resumableFileId": str(file), "resumableFirstByte": "0"},
        files={"FilePart": ("film.bin", data[:third])},
    ).prepare()
    to = urlsplit(url)
    head = f"POST {to.path}?{to.query} HTTP/1.1\r\nHost: {to.netloc}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((to.hostname, to.port)) as line:
        line.sendall(head.encode() + b"\r\n" + request.body[: third // 2])


def names(folder):
    return [item.name for item in client.getItems(*who, folder) or []]


say = {"login": client.login(*who) or "", "refused": bool(client.login(login, "wrong")), "may": client.hasRightUpload()}
say["fits"] = client.getFreeSpace(*who) >= len(data) and client.getMaxFileSize(*who) >= len(data)
url = client.getUploadFormUrl(client.getNewFileDataCenter(*who), client.createUploadSessionKey(*who, -1))
say["url"] = url.startswith("http")
file = client.uploadStartFile(*who, -1, "film.bin", len(data))

cut()
say["early"] = bool(client.uploadFinishFile(*who, file, hashlib.md5(data).hexdigest()))
with ThreadPoolExecutor(2) as two:
    parts = [(2 * third, data[2 * third :]), (third, data[third : 2 * third])]
    say["parts"] = list(two.map(lambda part: post(*part), parts)) + [post(0, data[:third])]
say["wrong"] = bool(client.uploadFinishFile(*who, file, hashlib.md5(b"other").hexdigest()))
say["finish"] = client.uploadFinishFile(*who, file, hashlib.md5(data).hexdigest()) or ""

say["listed"] = names(-1)
say["renamed"] = client.renameFile(*who, file, "lake.bin") == file
folder = client.createNewFolder(*who, -1, "Films")
say["moved"] = client.pasteFilesDirs(*who, folder, True, {"item": [file]}, {"item": []}) or ""
say["there"] = names(folder)
link = client.getDirectLink(*who, client.getFileDownloadLink(*who, file))
say["same"] = requests.get(link, timeout=60).content == data
client.deleteFile(*who, file)
say["deleted"] = names(folder)
client.restoreFile(*who, file)
say["restored"] = names(folder)
print(json.dumps(say))
