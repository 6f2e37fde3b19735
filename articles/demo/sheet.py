"""The paper, pens and building blocks of the demo's illustrations.

Positions are in a frame of 1500 × 1000; other proportions see its middle. Greys are numbers from paper (0) to ink (1).
"""

import math
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

Point = tuple[float, float]

WIDTH, HEIGHT = 1500, 1000
RED = "#b0121b"
SHADED_RED, LIT_RED = "#8a0e15", "#d8737a"  # folds and shine of the same red thing
_FINER = 3  # times larger when drawn, then averaged down: smooth edges

# From paper to ink, in equal steps.
WARM = ("#f2eee5", "#e6e0d3", "#d5cdbd", "#bcb3a1", "#9c9382", "#787061", "#575145", "#3b372f", "#24221d")
PLAIN = ("#f1efe9", "#e4e1da", "#d1cec6", "#b8b4ab", "#98948a", "#74706a", "#54514c", "#393733", "#232220")
COOL = ("#eceeeb", "#dfe2df", "#cbd0cd", "#b0b7b4", "#8f9795", "#6b7372", "#4c5352", "#343939", "#202424")


class Sheet:
    def __init__(self, size: tuple[int, int], rng: random.Random, greys: tuple[str, ...], ground: float):
        self.rng, self.greys = rng, greys
        width, height = (side * _FINER for side in size)
        self.scale = max(width / WIDTH, height / HEIGHT)
        self.left, self.top = (width - WIDTH * self.scale) / 2, (height - HEIGHT * self.scale) / 2
        self.image = Image.new("RGB", (width, height), self.grey(ground))
        self.pen = ImageDraw.Draw(self.image)

    def grey(self, tone: float, greys: tuple[str, ...] | None = None) -> str:
        """0 is paper, 1 is ink."""
        greys = greys or self.greys
        place = min(max(tone, 0), 1) * (len(greys) - 1)
        lower = min(int(place), len(greys) - 2)
        pairs = zip(bytes.fromhex(greys[lower][1:]), bytes.fromhex(greys[lower + 1][1:]), strict=True)
        return "#" + "".join(f"{round(a + (b - a) * (place - lower)):02x}" for a, b in pairs)

    def colour(self, tone: float | str) -> str:
        return tone if isinstance(tone, str) else self.grey(tone)

    def about(self, value: float, spread: float) -> float:
        return value + self.rng.uniform(-spread, spread)

    def at(self, points: Iterable[Point]) -> list[Point]:
        return [(self.left + x * self.scale, self.top + y * self.scale) for x, y in points]

    def shape(self, points: Iterable[Point], tone: float | str) -> None:
        self.pen.polygon(self.at(points), fill=self.colour(tone))

    def box(self, left: float, top: float, right: float, bottom: float, tone: float | str, radius: float = 0) -> None:
        corners = self.at([(left, top), (right, bottom)])
        self.pen.rounded_rectangle(corners, radius * self.scale, fill=self.colour(tone))

    def disc(self, x: float, y: float, radius: float, tone: float | str, squash: float = 1) -> None:
        corners = self.at([(x - radius, y - radius * squash), (x + radius, y + radius * squash)])
        self.pen.ellipse(corners, fill=self.colour(tone))

    def line(self, points: Iterable[Point], tone: float | str, width: float = 3) -> None:
        """With round ends and corners."""
        points, thickness = self.at(points), max(1, round(width * self.scale))
        self.pen.line(points, fill=self.colour(tone), width=thickness, joint="curve")
        radius = thickness / 2 - 1
        if radius > 1:
            for x, y in points:
                self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self.colour(tone))

    def ribbon(self, points: list[Point], tone: float | str, width: float) -> None:
        """A smooth line with cut ends, without the hairlines that pieces would leave between them."""
        sides = ([], [])
        for (x0, y0), (x, y), (x1, y1) in zip([points[0], *points], points, [*points[1:], points[-1]], strict=False):
            half = width / 2 / math.dist((x0, y0), (x1, y1))
            sides[0].append((x - (y1 - y0) * half, y + (x1 - x0) * half))
            sides[1].append((x + (y1 - y0) * half, y - (x1 - x0) * half))
        self.shape([*sides[0], *reversed(sides[1])], tone)

    def land(self, ridge: list[Point], tone: float | str) -> None:
        """Everything below a line that crosses the sheet."""
        self.shape([*ridge, (ridge[-1][0], HEIGHT + 50), (ridge[0][0], HEIGHT + 50)], tone)

    def mask(self, points: Iterable[Point], strength: float = 1) -> Image.Image:
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self.at(points), fill=round(255 * strength))
        return mask

    def veil(self, points: Iterable[Point], tone: float | str, strength: float) -> None:
        """A colour laid thinly over what is there."""
        self.image.paste(self.colour(tone), mask=self.mask(points, strength))

    def window(self, points: Iterable[Point], view: Image.Image) -> None:
        """What an earlier copy of the sheet shows in this place."""
        self.image.paste(view, mask=self.mask(points))

    @contextmanager
    def only_within(self, points: Iterable[Point]) -> Iterator[None]:
        before = self.image.copy()
        yield
        self.image.paste(before, mask=ImageOps.invert(self.mask(points)))

    def mirror_in_water(self, level: float, strength: float) -> None:
        """What stands above the water level, upside down in it."""
        shore, (width, height) = round(self.top + level * self.scale), self.image.size
        depth = min(shore, height - shore)
        above = ImageOps.flip(self.image.crop((0, shore - depth, width, shore)))
        water = self.image.crop((0, shore, width, shore + depth))
        self.image.paste(Image.blend(water, above, strength), (0, shore))

    def png(self, mirrored: bool) -> bytes:
        image = self.image.reduce(_FINER)
        file = BytesIO()
        (ImageOps.mirror(image) if mirrored else image).save(file, "PNG")
        return file.getvalue()


def path(text: str, x: float = 0, y: float = 0, size: float = 1) -> list[Point]:
    """Points written as in SVG, "0,0 120,40", enlarged and moved."""
    pairs = (pair.split(",") for pair in text.split())
    return [(x + float(across) * size, y + float(down) * size) for across, down in pairs]


def smooth(points: list[Point], closed: bool = False, steps: int = 14) -> list[Point]:
    """A curve through all the points (Catmull-Rom)."""
    around = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    curve = []
    for p0, p1, p2, p3 in zip(around, around[1:], around[2:], around[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append(
                tuple(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return curve if closed else [*curve, points[-1]]


def moved(points: list[Point], across: float, down: float, turn: float = 0) -> list[Point]:
    """Turned clockwise about 0,0 by so many degrees, then moved."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return [(across + x * cos - y * sin, down + x * sin + y * cos) for x, y in points]


def arc(x: float, y: float, radius: float, start: float, end: float, squash: float = 1) -> list[Point]:
    """Degrees, clockwise from three o'clock."""
    steps = max(8, round(abs(end - start) / 3))
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + radius * math.cos(angle), y + radius * squash * math.sin(angle)) for angle in angles]


def ridge(sheet: Sheet, level: float, rise: float, knots: int = 6) -> list[Point]:
    step = (WIDTH + 200) / knots
    return smooth([(-100 + step * knot, sheet.about(level, rise)) for knot in range(knots + 1)])


def lowered(points: list[Point], by: float, flatter: float = 1.0) -> list[Point]:
    """The same line further down; flatter than before where asked."""
    middle = sum(y for _x, y in points) / len(points)
    return [(x, middle + (y - middle) * flatter + by) for x, y in points]


def poplar(sheet: Sheet, x: float, foot: float, height: float, tone: float) -> None:
    sheet.line([(x, foot), (x, foot - height * 0.4)], tone + 0.1, height * 0.035)
    crown = path("0,-1 .09,-.72 .12,-.42 .06,-.16 -.06,-.16 -.12,-.42 -.09,-.72", x, foot, height)
    sheet.shape(smooth(crown, closed=True), tone)


def tree(sheet: Sheet, x: float, foot: float, height: float, tone: float) -> None:
    sheet.line([(x, foot), (x, foot - height * 0.6)], tone + 0.15, height * 0.05)
    sheet.line([(x, foot - height * 0.4), (x + height * 0.14, foot - height * 0.58)], tone + 0.15, height * 0.03)
    for dx, dy, radius in ((-0.16, 0.62, 0.2), (0.17, 0.64, 0.19), (0, 0.78, 0.24)):
        sheet.disc(x + dx * height, foot - dy * height, radius * height, tone)


def house(sheet: Sheet, x: float, foot: float, width: float, wall: float, roof: float | str, door: float | str) -> None:
    height = width * 0.52
    sheet.box(x, foot - height, x + width, foot, wall)
    eaves, top = width * 0.09, foot - height - width * 0.34
    sheet.shape(
        [
            (x - eaves, foot - height),
            (x + width * 0.2, top),
            (x + width * 0.8, top),
            (x + width + eaves, foot - height),
        ],
        roof,
    )
    sheet.box(x + width * 0.6, foot - height * 0.62, x + width * 0.78, foot, door)
    sheet.box(x + width * 0.16, foot - height * 0.64, x + width * 0.42, foot - height * 0.3, wall + 0.42)
    sheet.line([(x + width * 0.29, foot - height * 0.64), (x + width * 0.29, foot - height * 0.3)], wall, width * 0.02)


def ripples(sheet: Sheet, top: float, bottom: float, count: int, tone: float) -> None:
    """Short strokes on water, longer and heavier towards the reader."""
    for number in range(count):
        near = (number + 0.5) / count
        y, length = top + (bottom - top) * near**1.25, sheet.rng.uniform(70, 260) * (0.35 + near)
        x = sheet.rng.uniform(-80, WIDTH)
        sheet.line([(x, y), (x + length, y)], tone, 1.5 + 5 * near)


def woven(sheet: Sheet, loops: list[list[Point]], tones: list[float | str], width: float, gap: float) -> None:
    """Closed lines, each over and under the others in turn. The gap is the tone that parts them where they cross."""
    for loop, tone in zip(loops, tones, strict=True):
        sheet.line([*loop, *loop[:2]], gap, width * 1.5)
        sheet.line([*loop, *loop[:2]], tone, width)
    for number, under in enumerate(loops):
        for over in loops[number + 1 :]:
            within = [inside(point, over) for point in under]
            crossings = [place for place in range(len(under)) if within[place - 1] != within[place]]
            for place in crossings[::2]:  # every second time, what lay below comes to the top
                reach = round(width * 1.1 / math.dist(under[place - 1], under[place]))
                around = [under[step % len(under)] for step in range(place - reach - 2, place + reach + 2)]
                sheet.ribbon(around[1:-1], gap, width * 1.5)
                sheet.ribbon(around, tones[number], width)


def inside(point: Point, outline: list[Point]) -> bool:
    x, y = point
    crossed = False
    for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossed = not crossed
    return crossed
