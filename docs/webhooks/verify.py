"""Verifies a webhook: python3 verify.py ID TIMESTAMP SIGNATURE < body, with the
secret in WEBHOOK_SECRET."""

import base64
import hashlib
import hmac
import os
import sys
import time


def verify(secret: str, id: str, timestamp: str, signature: str, body: bytes) -> bool:
    """Says whether a request came from Parley within the last five minutes.

    id, timestamp and signature are the headers webhook-id, webhook-timestamp and
    webhook-signature; body is the request's, before it is parsed.
    """
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    want = b"v1," + base64.b64encode(mac.digest())
    return any(hmac.compare_digest(one.encode(), want) for one in signature.split())


if __name__ == "__main__":
    ok = verify(os.environ["WEBHOOK_SECRET"], *sys.argv[1:4], sys.stdin.buffer.read())
    print("verified" if ok else "refused")
    sys.exit(0 if ok else 1)
