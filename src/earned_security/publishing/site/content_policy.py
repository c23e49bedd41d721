"""A Content-Security-Policy in every page: the browser itself then refuses any other host, and any other script."""

from __future__ import annotations

import base64
import hashlib
import re

# Styles may stand in the page: the theme and plotly write them. Images may be drawn as data, and saved from a blob.
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'self'; "
    "form-action 'self'"
)

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_DATA = re.compile(r"""\bsrc=|\btype=["']application/""")
_META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def with_policy(html: str, policy: str = POLICY) -> str:
    """A page with its policy as the first thing in its head; scripts that stand in the page are named by hash."""
    html = _META.sub("", html)
    inline = {found["text"] for found in _SCRIPT.finditer(html) if not _DATA.search(found["attributes"])}
    hashes = sorted(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
    policy = policy.format(hashes="".join(f" 'sha256-{value}'" for value in hashes))
    return html.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">', 1)
