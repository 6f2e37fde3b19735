"""Text files as Windows, WPS and phones write them."""

from collections.abc import Iterator


def decodings(content: bytes) -> Iterator[str]:
    """The text in each encoding in which it can be read, the likeliest first."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]:
        try:
            yield content.decode(encoding)
        except UnicodeDecodeError:
            continue
