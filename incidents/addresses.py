"""Web addresses: what names the same page, and on whose site it stands.

The one rule: two addresses that differ only in scheme, `www.`, a closing slash, the fragment or
tracking parameters have the same key. Called wherever an article is stored, typed or looked for.
"""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

TRACKING = ("utm_", "fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "ref_src", "spm", "yclid")
LONGEST_KEY = 200


def url_key(url: str) -> str:
    """Reduce an address to what usually names the page; `""` for what is no web address.

    At most 200 characters: a longer one is cut and ends in the SHA-256 of the whole.
    """
    host = host_of(url)
    if not host:
        return ""
    parts = urlsplit(url.strip())
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.casefold().startswith(TRACKING)
    ]
    query = f"?{urlencode(sorted(asked))}" if asked else ""
    key = f"{host}{parts.path.rstrip('/')}{query}"
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"


def host_of(url: str) -> str:
    """Name the site that an address leads to, without `www.`; `""` for what is no web address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.casefold() not in ("http", "https"):
        return ""
    return parts.netloc.casefold().rpartition("@")[2].removeprefix("www.")
