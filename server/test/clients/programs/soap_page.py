"""Uploads a web page and its assets to the BrightSign dialect with zeep, from eight threads, and then an update of it.

Reads its task as JSON from standard input, prints the outcome of both as JSON.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from threading import local

from zeep import Client
from zeep.wsse.username import UsernameToken

task = json.load(sys.stdin)
data = "{BSN.WebServices.Uploads.DTO.2014.07}"
mine = local()


def client():
    """A client of its own for each thread: zeep's are not made to be shared."""
    if not hasattr(mine, "client"):
        mine.client = Client(task["wsdl"], wsse=UsernameToken(task["login"], task["password"]))
    return mine.client


def typed(name, **members):
    return client().get_type(data + name)(**members)


def facts(file):
    content = file["text"].encode()
    return {"FileName": file["name"], "FileSize": len(content), "SHA1Hash": sha1(content).hexdigest()}


def asset(file):
    return {**facts(file), "RelativePath": file["path"]}


def page(files, name, web_page_id, **more):
    assets = {"WebPageAssetUploadArguments": [typed("WebPageAssetUploadArguments", **asset(file)) for file in files[1:]]}
    members = {**facts(files[0]), "Assets": assets, "Name": name, **more}
    if web_page_id is None:
        return typed("WebPageUploadArguments", **members)
    return typed("WebPageUpdateArguments", WebPageId=web_page_id, **members)


def send(job):
    """Sends a file, unless the server has it; says how many bytes went."""
    file, token, session, web_page_id, is_page = job
    service = client().service
    tokens = {"SessionToken": session, "UploadToken": token}
    if not is_page:
        args = typed("WebPageAssetUploadArguments", **asset(file), **tokens)
    elif web_page_id is None:
        args = typed("ContentUploadArguments", **facts(file), **tokens, ContentType="WebPage")
    else:
        args = typed("ContentUpdateArguments", **facts(file), **tokens, ContentType="WebPage", ContentId=web_page_id)
    started = service.StartFileUpload(args=args)
    if getattr(started, "MatchingFiles", None):
        service.CancelFileUpload(uploadToken=token)
        return {"sent": 0, "kept": started.MatchingFiles.ContentInfo[0].Id}
    content = file["text"].encode()
    for part, offset in enumerate(range(0, len(content), task["chunkSize"])):
        chunk = content[offset : offset + task["chunkSize"]]
        assert service.AppendChunk(sessionToken=session, uploadToken=token, partNumber=part, data=chunk, offset=offset)
    completed = service.CompleteFileUpload(args=args)
    assert completed.State == "Completed"
    return {"sent": len(content), "id": completed.ContentId}


def upload(files, name, web_page_id=None):
    service = client().service
    started = service.StartWebPageUploadSession(args=page(files, name, web_page_id))
    tokens = [started.UploadToken] + [each.UploadToken for each in started.Assets.ContentUploadStatus]
    jobs = [(file, token, started.SessionToken, web_page_id, at == 0) for at, (file, token) in enumerate(zip(files, tokens))]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(send, jobs))
    done = service.CompleteWebPageUploadSession(args=page(files, name, web_page_id, SessionToken=started.SessionToken))
    status = service.GetWebPageUploadStatus(sessionToken=started.SessionToken)
    return {
        "id": done.ContentId,
        "state": status.State,
        "assets": [each.ContentId for each in done.Assets.ContentUploadStatus],
        "sent": sum(outcome["sent"] for outcome in outcomes),
        "kept": sum("kept" in outcome for outcome in outcomes),
    }


first = upload(task["first"], task["name"])
print(json.dumps({"first": first, "second": upload(task["second"], task["name"], first["id"])}))
