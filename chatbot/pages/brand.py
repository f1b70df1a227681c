"""The brand of the network: name, contacts and colours, from one settings file; what that leaves
empty is as the files of the network say it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from index.network import Network

DEFAULT_FILE = Path(__file__).parent.parent / "web" / "brand.toml"
STATED = (  # what AgID's model asks for; `other` and `burden` may be nothing
    "status", "drafted_on", "method", "published_on", "contact", "responsible", "usability",
    "employees", "workstations",
)  # fmt: skip
MIN_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3, normal text
_HEX = re.compile(r"^#[0-9a-fA-F]{6}$")
_PAPER = {"light": ("#faf7f2", "#ffffff", "#e1eef0"), "dark": ("#1a1815", "#24211d", "#17343a")}
_INK = {"light": "#ffffff", "dark": "#0c2126"}


class BrandError(ValueError):
    """The brand file cannot be used; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What the pages say about who publishes them."""

    name: str
    claim: str
    organisation: str
    logo: str = ""  # path under /web, or empty for the compass drawn by us
    email: str = ""
    phone: str = ""
    site: str = ""
    help: str = ""  # who to call when a referral does not work
    accent: Mapping[str, str] = field(default_factory=dict)  # light and dark, #rrggbb
    accessibility: Mapping[str, str] = field(default_factory=dict)

    @property
    def unstated(self) -> tuple[str, ...]:
        """What the statement of accessibility still lacks, by the names of the file."""
        if self.accessibility.get("address"):
            return ()  # it is published on the Agency's form
        stated = {**self.accessibility, "contact": self.accessibility.get("contact") or self.email}
        return tuple(name for name in STATED if not stated.get(name))

    @property
    def unreached(self) -> tuple[str, ...]:
        """Which ways to reach the network are not said anywhere, by the names of `rete.yaml`."""
        ways = {"sito": self.site, "email": self.email, "telefono": self.phone}
        return tuple(name for name, value in ways.items() if not value)

    def of(self, network: Network) -> Brand:
        """What this leaves empty is as the network says it."""
        reached = network.reached_at
        return replace(
            self,
            claim=self.claim or network.motto,
            organisation=self.organisation or network.name,
            site=self.site or reached.get("sito", ""),
            email=self.email or reached.get("email", ""),
            phone=self.phone or reached.get("telefono", ""),
        )

    @property
    def css(self) -> str:
        """Custom properties that override the tokens, for pages and widget alike."""
        light, dark = self.accent.get("light"), self.accent.get("dark")
        rules = []
        if light:
            rules.append(f":root, :host {{ --b-accent: {light}; }}")
        if dark:
            rules.append(
                '@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]), '
                f':host(:not([theme="light"])) {{ --b-accent: {dark}; }} }}\n'
                f':root[data-theme="dark"], :host([theme="dark"]) {{ --b-accent: {dark}; }}'
            )
        return "\n".join(rules) + "\n"


@lru_cache(maxsize=64)
def load_brand(path: Path = DEFAULT_FILE) -> Brand:
    """The brand in a TOML file; BrandError for a missing key or a colour too faint to read."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        brand = Brand(**data)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise BrandError(f"{path.name}: non si legge ({error})") from error
    for theme, colour in brand.accent.items():
        _check_colour(path, theme, colour)
    return brand


def _check_colour(path: Path, theme: str, colour: str) -> None:
    if theme not in _PAPER or not _HEX.match(colour):
        raise BrandError(f"{path.name}: colore «{theme} = {colour}»: serve light o dark e #rrggbb")
    for other in (*_PAPER[theme], _INK[theme]):
        ratio = contrast(colour, other)
        if ratio < MIN_CONTRAST:
            raise BrandError(
                f"{path.name}: il colore {colour} ({theme}) su {other} ha contrasto "
                f"{ratio:.1f}, ne serve almeno {MIN_CONTRAST}"
            )


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def gaps_told(own: Path | None, network: Network) -> list[str]:
    """What the pages cannot say yet of who publishes them: for who can fill it, at each start, and
    never as a gap on a page. `own` is the brand file in the place of the default."""
    brand = (load_brand(own) if own else load_brand()).of(network)
    told = []
    if brand.unreached:
        told.append(f"In fondo alle pagine mancano i recapiti della rete: in rete/rete.yaml, "
                    f"«recapiti», {', '.join(brand.unreached)}.")  # fmt: skip
    if brand.unstated:
        told.append(f"Dichiarazione di accessibilità incompleta: in {own or DEFAULT_FILE}, "
                    f"[accessibility], mancano {', '.join(brand.unstated)}.")  # fmt: skip
    return told
