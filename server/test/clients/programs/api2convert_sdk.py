"""Converts files with the vendor's SDK for Python: at one call each, and a job of two uploads step by step.

Reads its task as JSON from standard input, prints the outcome as JSON.
"""

import io
import json
import sys

from api2convert import Api2Convert
from api2convert.errors import Api2ConvertError

task = json.load(sys.stdin)
client = Api2Convert(task["key"], base_url=task["url"], poll_interval=0.5)


def digest():
    return client.convert(task["file"], "sha256", category="hash").contents().decode()


def picture():
    result = client.convert(task["picture"], "webp", {"width": 20, "quality": 80})
    return str(result.save(task["folder"]))


def locked():
    result = client.convert(io.BytesIO(b"a stream"), "mirror", filename="s.txt", download_password="open")
    return result.contents().decode()


def stamped():
    conversion = {"category": "document", "target": "pdf", "options": {"stamp": True, "alignment": "center"}}
    job = client.jobs.create({"process": False, "conversion": [conversion]})
    for path in (task["document"], task["picture"]):
        client.jobs.upload(job, path)
    client.jobs.start(job.id)
    done = client.jobs.wait(job.id)
    [output] = client.jobs.outputs(done.id)
    return str(client.download(output).save(task["folder"]))


def refused():
    try:
        client.convert(task["file"], "nothing-of-the-kind")
    except Api2ConvertError as error:
        return [type(error).__name__, str(error)]


print(
    json.dumps(
        {
            "digest": digest(),
            "picture": picture(),
            "locked": locked(),
            "stamped": stamped(),
            "refused": refused(),
            "hashes": len(client.conversions.list(category="hash")),
        }
    )
)
