"""The demo's texts, as its TOML files hold them, and how they become what the records store."""

import tomllib
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent
HOSPITALS = ("jinxiang", "jining", "weishan", "weinan")
#: tables of a hospital's file that become records of their own
RECORDS = ("branch", "hospital_brand", "initiative", "partner", "activity", "report", "article")


def _read(name: str) -> dict:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def regions() -> list[dict]:
    return _read("regions")["region"]


def hospitals() -> list[dict]:
    return [_read(name) for name in HOSPITALS]


def size(content: dict, *, pictures: bool) -> int:
    """How many steps loading a hospital takes."""
    photos = [
        photo for table in ("activity", "article") for record in content[table] for photo in record.get("photos", [])
    ]
    return 1 + sum(len(content.get(table, [])) for table in RECORDS) + (len(photos) if pictures else 0)


def publisher(article: dict) -> str:
    """The medium that is named in the original; one that was only guessed is not printed as a fact."""
    return "" if article.get("publisher_inferred") else article.get("publisher", "")


def source(article: dict, *, dated: bool = True) -> str:
    """Where a fact was read: 《力量，在党旗下凝聚》，渭南青年网 2023年8月13日."""
    day = article.get("source_date") if dated else None
    date_text = f"{day.year}年{day.month}月{day.day}日" if day else ""
    medium = " ".join(part for part in (publisher(article), date_text) if part)
    return "，".join(part for part in (f"《{article['title']}》", medium) if part)


def html(blocks: list[dict]) -> str:
    return "\n".join(map(_block, blocks))


def _block(block: dict) -> str:
    match block:
        case {"h": heading}:
            return f"<h2>{escape(heading)}</h2>"
        case {"p": text}:
            return f"<p>{escape(text)}</p>"
        case {"quote": words, **rest}:
            by = f"<p>——{escape(rest['by'])}</p>" if "by" in rest else ""
            return f"<blockquote><p>{escape(words)}</p>{by}</blockquote>"
        case {"list": items}:
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case {"photo": number}:
            return f"<p>[图{number}]</p>"
    raise ValueError(f"Unknown block: {block}")
