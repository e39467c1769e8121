"""Web addresses: what names the same page, and on whose site it stands.

The one rule: two addresses that differ only in scheme, `www.` or `m.`, a closing slash, the
fragment, tracking parameters, or in whether letters of other scripts are written out or encoded,
have the same key. Called wherever an article is stored, typed or looked for.
"""

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

TRACKING = ("utm_", "fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "ref_src", "spm", "yclid")
LONGEST_KEY = 200
SAME_SITE = re.compile(r"^(?:www|m|mobile)\.")  # the same pages, made for another screen
USUAL_PORTS = {"http": ":80", "https": ":443"}

WITH_SCHEME = re.compile(r"https?://[^\s<>\"“”‘’«»「」『』《》【】]+", re.IGNORECASE)
# Without a scheme only what can hardly be anything else: `www.`, or a host and a path.
WITHOUT_SCHEME = re.compile(
    r"(?<![\w@./:-])(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?=/))"
    r"(?:/[^\s<>\"“”‘’«»「」『』《》【】]*)?"
)
PUNCTUATION = ".,;:!?'*_~|。、，；：！？…·"
BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（"}


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
    key = f"{host}{written_out(parts.path).rstrip('/')}{query}"
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"


def host_of(url: str) -> str:
    """Name the site that an address leads to, without `www.`; `""` for what is no web address.

    A host of another script is written in it: `xn--3e0b707e.example` is `한국.example`.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    scheme = parts.scheme.casefold()
    if scheme not in USUAL_PORTS:
        return ""
    host = parts.netloc.casefold().rpartition("@")[2].removesuffix(USUAL_PORTS[scheme])
    return "" if "\0" in host else in_letters(SAME_SITE.sub("", host))


def in_letters(host: str) -> str:
    """Write a host in the letters of its script; as it is where it has no such form."""
    try:
        return unicodedata.normalize("NFC", host.encode("idna").decode("idna"))
    except UnicodeError:
        return host


def written_out(path: str) -> str:
    """Decode the letters of a path; as it is where the bytes are no text."""
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return path
    return path if "\0" in decoded else unicodedata.normalize("NFC", decoded)


def addresses_in(line: str) -> list[str]:
    """List the web addresses in a line of text, without the punctuation that only surrounds them.

    What has no scheme is taken for https where it begins with `www.` or has a path.
    """
    found = WITH_SCHEME.findall(line)
    if not found:
        found = [f"https://{address}" for address in WITHOUT_SCHEME.findall(line)]
    return [bare(address) for address in found]


def bare(address: str) -> str:
    """Take closing punctuation and unopened brackets off the end of an address."""
    while address:
        last = address[-1]
        unopened = last in BRACKETS and address.count(last) > address.count(BRACKETS[last])
        if last not in PUNCTUATION and not unopened:
            break
        address = address[:-1]
    return address
