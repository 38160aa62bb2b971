"""Uploads a file to the BrightSign dialect with zeep: chunks in random order from several threads at once.

Reads its task as JSON from standard input, prints the outcome as JSON.
"""

import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1

from zeep import Client
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

task = json.load(sys.stdin)


def connect():
    """A client of its own for each thread: zeep's are not made to be shared."""
    return Client(task["wsdl"], wsse=UsernameToken(task["login"], task["password"]))


def upload(file_name):
    client = connect()
    with open(task["file"], "rb") as file:
        content = file.read()
    size = task["chunkSize"]
    offsets = list(range(0, len(content), size))
    random.Random(7).shuffle(offsets)
    facts = {"FileName": file_name, "FileSize": len(content), "VirtualPath": "\\Shared\\Incoming\\"}
    started = client.service.StartFileUpload(
        args={**facts, "ChunksCount": len(offsets), "SHA1Hash": sha1(content).hexdigest()}
    )

    def append(mine):
        service = connect().service
        return [
            service.AppendChunk(
                sessionToken=None,
                uploadToken=started.UploadToken,
                partNumber=offset // size,
                data=content[offset : offset + size],
                offset=offset,
            )
            for offset in mine
        ]

    threads = task["threads"]
    with ThreadPoolExecutor(threads) as pool:
        answers = [answer for part in pool.map(append, [offsets[i::threads] for i in range(threads)]) for answer in part]
    received = client.service.GetFileUploadStatus(uploadToken=started.UploadToken)
    completed = client.service.CompleteFileUpload(args={**facts, "UploadToken": started.UploadToken})
    return {
        "started": started.State,
        "answers": answers,
        "received": received.State,
        "completed": completed.State,
        "contentId": completed.ContentId,
    }


def refused():
    """What a client is told whose file name cannot be."""
    try:
        connect().service.StartFileUpload(args={"FileName": "a/b.bin", "FileSize": 1})
    except Fault as fault:
        message = next((node.text for node in fault.detail.iter("{*}Message")), None)
        return {"fault": fault.message, "message": message}
    return None


print(json.dumps({"upload": upload(task["fileName"]), "refused": refused()}))
