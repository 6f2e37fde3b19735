"""The head of a page as a browser understands it, for tests of what it says."""

import json
from dataclasses import dataclass, field
from functools import cached_property

import html5lib


@dataclass
class Head:
    tree: object = field(repr=False)

    @classmethod
    def of(cls, response) -> "Head":
        return cls(html5lib.parse(response.content, namespaceHTMLElements=False))

    @property
    def title(self) -> str:
        return self.tree.findtext("head/title")

    @cached_property
    def named(self) -> dict[str, str]:
        """``meta`` elements by their exact name or property; one that is there twice fails."""
        found = {}
        for element in self.tree.iterfind("head/meta"):
            name = element.get("name") or element.get("property")
            if name:
                assert name.lower() not in {other.lower() for other in found}, f"{name} twice"
                found[name] = element.get("content")
        return found

    def links(self, rel: str) -> list[str]:
        return [link.get("href") for link in self.tree.iterfind("head/link") if link.get("rel") == rel]

    @property
    def canonical(self) -> str:
        (address,) = self.links("canonical")
        return address

    @property
    def scripts(self) -> list:
        return list(self.tree.iter("script"))

    @cached_property
    def things(self) -> dict[str, dict]:
        """Structured data by type."""
        blocks = [script for script in self.scripts if script.get("type") == "application/ld+json"]
        return {thing["@type"]: thing for block in blocks for thing in json.loads(block.text)["@graph"]}

    @property
    def crumbs(self) -> list[str]:
        """As a reader sees them."""
        return ["".join(item.itertext()) for item in self.tree.iterfind(".//nav[@class='crumbs wrap']/ol/li")]
