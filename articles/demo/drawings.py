"""Illustrations for the demo: flat shapes in paper greys with one red thing in each. Nobody's face, no emblem, no flag.

Every drawing is made for this site.
"""

import math
import random
from collections.abc import Callable

from articles.demo.sheet import (
    COOL,
    LIT_RED,
    PLAIN,
    RED,
    SHADED_RED,
    WARM,
    WIDTH,
    Point,
    Sheet,
    arc,
    house,
    lowered,
    moved,
    path,
    poplar,
    ridge,
    ripples,
    smooth,
    tree,
    woven,
)


def plateau(sheet: Sheet) -> None:
    sheet.disc(sheet.about(1085, 90), sheet.about(275, 30), 96, RED)
    for number in range(6):
        near = number / 5
        top = ridge(sheet, 420 + 106 * number - number**2 * 4, 42 - 4 * number, knots=5 + number % 3)
        sheet.land(top, 0.16 + 0.62 * near)
        if number in (1, 3, 4):
            for terrace in range(1, 7):
                sheet.line(lowered(top, terrace * (9 + 2.5 * number), 1 - terrace * 0.06), 0.10 + 0.62 * near, 2)
    for x in (640, 732, 824):
        cave_home(sheet, x, 962)
    for x, height in ((232, 230), (306, 172), (364, 120)):
        poplar(sheet, x, 950, height, 0.92)


def cave_home(sheet: Sheet, x: float, foot: float) -> None:
    for half, tone in ((35, 0.94), (25, 0.05)):
        sheet.shape([(x - half, foot), *arc(x, foot - 38, half, 180, 360), (x + half, foot)], tone)
    sheet.line([(x, foot - 64), (x, foot)], 0.94, 4)
    sheet.line([(x - 25, foot - 38), (x + 25, foot - 38)], 0.94, 4)


def lake(sheet: Sheet) -> None:
    sheet.land(ridge(sheet, 476, 26, 5), 0.19)
    sheet.land(ridge(sheet, 520, 14, 7), 0.31)
    sheet.box(-50, 560, 1550, 1050, sheet.grey(0.27, COOL))
    x = sheet.about(860, 70)
    sheet.shape(smooth(path("14,-410 120,-290 172,-160 186,-58", x, 560)) + path("14,-58", x, 560), RED)
    sheet.shape(smooth(path("-14,-340 -92,-240 -138,-140 -150,-58", x, 560)) + path("-14,-58", x, 560), 0.55)
    sheet.line([(x, 128), (x, 530)], 0.86, 8)
    sheet.mirror_in_water(560, 0.22)
    hull = path("236,-40 190,10 120,30 -110,30 -176,10 -210,-40", x, 560)
    sheet.shape(smooth(hull), 0.86)
    ripples(sheet, 585, 990, 36, sheet.grey(0.43, COOL))
    for number in range(14):
        foot, height = 30 + number * 30 + sheet.about(0, 14), sheet.about(330 - number * 14, 60)
        lean = sheet.about(26, 18)
        stem = smooth([(foot, 1020), (foot + lean * 0.3, 1000 - height * 0.5), (foot + lean, 1000 - height)])
        sheet.line(stem, 0.82, 5)
        if number % 3:
            sheet.line([stem[-1], (stem[-1][0] + lean * 0.12, stem[-1][1] - 54)], 0.9, 13)
        else:
            blade = [(foot - 7, 1020), (foot + lean * 0.5, 990 - height * 0.5), (foot + lean * 2.2, 960 - height * 0.9)]
            sheet.shape(
                [
                    *smooth(blade),
                    *reversed(smooth([(foot + 9, 1020), (foot + lean * 0.5 + 11, 990 - height * 0.5), blade[-1]])),
                ],
                0.74,
            )


def road(sheet: Sheet) -> None:
    sheet.land(ridge(sheet, 350, 34, 5), 0.17)
    sheet.land(ridge(sheet, 395, 18, 7), 0.27)
    sheet.land(path("-50,430 1550,430"), 0.36)
    for number in range(26):  # furrows that meet at one far point
        sheet.line([(760, 410), (-900 + number * 130, 1010)], 0.42, 3)
    left = smooth(path("760,430 700,474 800,540 860,640 640,800 300,1030"))
    right = smooth(path("786,430 742,472 900,536 1060,640 1000,810 860,1030"))
    sheet.shape([*left, *reversed(right)], 0.08)
    middle = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in zip(left, right, strict=True)]
    for start in range(26, len(middle) - 5, 9):
        sheet.line(middle[start : start + 4], 0.5, 1 + (middle[start][1] - 430) * 0.022)
    red = sheet.rng.randrange(1, 4)
    for number, x in enumerate((876, 1010, 1152, 1280)):
        house(sheet, x, 456 + number % 2 * 12, 112 + number * 8, 0.12, RED if number == red else 0.72, 0.7)
    for x, height in ((848, 140), (1000, 104), (1138, 160), (1272, 128), (1420, 186)):
        poplar(sheet, x, 468, sheet.about(height, 12), 0.66)
    for number in range(5):
        poplar(sheet, 560 - number * 118, 470 + number * 62 + number**2 * 9, 150 + number * 74, 0.62 + number * 0.05)


def pulse(sheet: Sheet) -> None:
    peak, level = sheet.about(690, 50), 600

    def beat(x: float, size: float) -> list[Point]:
        rise = smooth(path("-190,0 -158,-10 -122,-46 -86,-10 -56,0", x, level, size))
        fall = smooth(path("66,0 112,-4 152,-44 190,-66 228,-44 262,-4 310,0", x, level, size))
        return [*rise, *path("-30,0 -18,34 8,-390 40,214 56,0", x, level, size), *fall]

    trace = [(-60, level), *beat(peak - 570, 0.8), *beat(peak, 1), *beat(peak + 590, 0.8), (1600, level)]
    sheet.land(trace, 0.15)
    for step in range(0, 1501, 50):
        heavy = step % 250 == 0
        sheet.line([(step, -10), (step, 1010)], 0.21 if heavy else 0.115, 3 if heavy else 1.5)
        sheet.line([(-10, step), (1510, step)], 0.21 if heavy else 0.115, 3 if heavy else 1.5)
    sheet.line(trace, 0.86, 14)
    sheet.disc(peak + 8, level - 390, 36, RED)


def eye(sheet: Sheet) -> None:
    def lids(reach: float, upper: float, lower: float) -> list[Point]:
        """Two arcs of circles between the corners of the eye."""
        outline = []
        for height, turn in ((upper, 1), (lower, -1)):
            radius = (reach**2 + height**2) / (2 * height)
            half = math.degrees(math.asin(reach / radius))
            outline += arc(750, 500 + turn * (radius - height), radius, -90 * turn - half, -90 * turn + half)
        return outline

    open_lids = lids(640, 262, 232)

    for number in range(9, 0, -1):
        outline = lids(640 + number * 74, 262 + number * 44, 232 + number * 44)
        sheet.line([*outline, outline[0]], 0.30 - 0.02 * number, 3)
    sheet.shape(lids(672, 284, 250), 0.66)
    sheet.shape(open_lids, 0.02)
    with sheet.only_within(open_lids):
        sheet.disc(750, 486, 276, 0.30)
        for number in range(120):
            across, down = math.cos(math.radians(number * 3)), math.sin(math.radians(number * 3))
            reach = sheet.about(254, 18)
            spoke = [(750 + 130 * across, 486 + 130 * down), (750 + reach * across, 486 + reach * down)]
            sheet.line(spoke, 0.5 + 0.14 * (number % 2), 4)
        sheet.disc(750, 486, 186, 0.66)
        sheet.disc(750, 486, 120, 0.92)
        shadow_of_the_lid = [*path("0,0 1500,0 1500,560"), *arc(750, 900, 700, -25, -155, 0.86), (0, 560)]
        sheet.veil(shadow_of_the_lid, 0.7, 0.22)
    sheet.disc(sheet.about(826, 6), 410, 44, RED)


def windows(sheet: Sheet) -> None:
    lit, red = sheet.rng.sample(range(54), 17), sheet.rng.choice([13, 14, 15, 21, 22, 23])
    for number in range(40):  # the sky is lighter towards the roofs
        sheet.box(-50, 25 * number, 1550, 1050, 0.88 - 0.007 * number)
    sheet.disc(sheet.about(1330, 40), 170, 46, 0.05)
    sheet.land(path("-50,520 120,520 120,600 250,600"), 0.78)
    sheet.land(path("1210,560 1400,560 1400,470 1550,470"), 0.78)
    sheet.box(250, 130, 1210, 1050, 0.56)
    sheet.box(250, 130, 1210, 150, 0.42)
    sheet.box(660, 60, 800, 130, 0.5)
    for number in range(54):
        x, y = 290 + number % 9 * 100, 185 + number // 9 * 112
        sheet.box(x - 5, y - 5, x + 79, y + 79, 0.46)
        sheet.box(x, y, x + 74, y + 74, RED if number == red else 0.03 if number in lit else 0.80)
        if number in lit and number != red:
            sheet.box(x, y, x + 74, y + sheet.rng.choice([10, 18, 30]), 0.2)
        sheet.line([(x + 37, y), (x + 37, y + 74)], 0.46, 5)
    sheet.box(250, 868, 1210, 1050, 0.48)
    sheet.shape(path("560,862 900,862 940,884 520,884"), 0.9)
    sheet.box(590, 884, 870, 1000, 0.03)
    for x in (660, 730, 800):
        sheet.line([(x, 884), (x, 1000)], 0.56, 5)
    sheet.box(-50, 960, 1550, 1050, 0.92)
    for x, height in ((150, 330), (1330, 380), (400, 170), (1080, 180)):
        tree(sheet, x, 970, height, 0.84)
    sheet.shape(path("590,960 870,960 960,1050 500,1050"), 0.42)


def school(sheet: Sheet) -> None:
    sheet.land(ridge(sheet, 430, 46, 5), 0.15)
    sheet.land(ridge(sheet, 500, 24, 6), 0.25)
    for x, height in ((1130, 330), (1235, 270), (90, 300)):
        tree(sheet, x, 700, height, 0.5)
    sheet.shape(path("190,480 260,380 1000,380 1070,480"), 0.72)
    for step in range(11):
        sheet.line([(262 + step * 74, 386), (232 + step * 80, 478)], 0.64, 3)
    sheet.box(220, 480, 1040, 700, 0.05)
    sheet.box(220, 480, 1040, 500, 0.22)
    sheet.box(220, 650, 1040, 700, 0.34)
    for number in range(7):
        x = 256 + number * 112
        if number == 3:
            sheet.box(x - 4, 540, x + 84, 700, 0.8)
            sheet.line([(x + 40, 540), (x + 40, 700)], 0.6, 4)
            continue
        sheet.box(x - 5, 535, x + 81, 625, 0.3)
        sheet.box(x, 540, x + 76, 620, 0.62)
        sheet.shape([(x, 620), (x, 590), (x + 50, 540), (x + 76, 540)], 0.52)
        sheet.line([(x + 38, 540), (x + 38, 620)], 0.3, 5)
    sheet.land(path("-50,700 1550,700"), 0.36)
    sheet.shape(path("560,700 690,700 800,1050 330,1050"), 0.2)
    sheet.line(arc(250, 1010, 420, 250, 360, 0.42), 0.16, 5)
    sheet.line(path("1230,880 1230,560"), 0.82, 14)
    sheet.box(1140, 520, 1320, 640, 0.1)
    for outline, width in (
        ("1140,520 1320,520 1320,640 1140,640 1140,520", 6),
        ("1195,560 1265,560 1265,606 1195,606 1195,560", 4),
    ):
        sheet.line(path(outline), 0.82, width)
    sheet.line(path("1198,640 1262,640 1250,690 1210,690 1198,640 1250,690 1210,690 1262,640"), 0.7, 3)
    x, y = sheet.about(470, 40), sheet.about(170, 20)
    sheet.line(smooth([(x, y + 20), (x - 40, 420), (x - 190, 720), (x - 420, 1040)]), 0.66, 2.5)
    sheet.shape(path("0,-100 66,-10 0,110 -66,-10", x, y), RED)
    sheet.line(path("0,-100 0,110", x, y), SHADED_RED, 3)
    sheet.line(smooth(path("0,110 -34,150 -10,190 -44,236 -24,280", x, y)), RED, 5)


def clinic_van(sheet: Sheet) -> None:
    for number, (level, tone) in enumerate(((360, 0.14), (440, 0.23), (530, 0.33))):
        top = ridge(sheet, level, 54 - number * 12, 5 + number)
        sheet.land(top, tone)
        for furrow in range(1, 6):
            sheet.line(lowered(top, furrow * (16 + 6 * number), 1 - furrow * 0.08), tone - 0.05, 2)
    for x, height in ((96, 330), (196, 250), (1352, 400), (1440, 290)):
        poplar(sheet, x, 700, height, 0.55)
    sheet.land(path("-50,690 1550,690"), 0.44)
    sheet.land(path("-50,790 1550,790"), 0.62)
    for x in range(-40, 1500, 230):
        sheet.line([(x, 930), (x + 120, 930)], 0.24, 9)
    sheet.disc(760, 868, 480, 0.74, 0.04)
    front = smooth(path("940,330 1000,340 1040,380 1110,560 1190,590 1224,640 1230,700"), steps=5)
    sheet.shape(path("290,830 290,350 310,330") + front + path("1230,830"), 0.03)
    sheet.shape(path("290,720 1230,720 1230,830 290,830"), 0.3)
    sheet.box(330, 306, 900, 332, 0.62, 8)
    sheet.shape(path("985,380 1024,380 1090,560 985,560"), 0.66)
    sheet.shape(path("985,560 985,470 1024,380 1044,434 1012,560"), 0.52)
    sheet.box(812, 380, 948, 560, 0.66, 8)
    sheet.shape(path("812,560 812,500 880,380 932,380 830,560"), 0.52)
    sheet.line(path("967,346 967,820"), 0.24, 3)
    sheet.line(path("792,346 792,820"), 0.24, 3)
    sheet.box(840, 596, 872, 606, 0.5, 4)
    sheet.box(364, 400, 744, 600, 0.84)
    sheet.box(380, 416, 728, 584, 0.2)
    sheet.box(380, 492, 728, 500, 0.6)
    for number, x in enumerate(range(398, 720, 46)):
        height = sheet.about(44, 12)
        sheet.box(x, 492 - height, x + 26, 492, (0.06, 0.5, 0.62)[number % 3], 4)
    sheet.box(420, 534, 520, 584, 0.62, 6)
    sheet.box(600, 520, 660, 584, 0.5, 6)
    for number in range(8):
        left, out = 352 + number * 50.5, (number - 4) * 7
        strip = [(left, 384), (left + 50.5, 384), (left + 57.5 + out, 452), (left + out, 452)]
        sheet.shape(strip, 0.56 if number % 2 else 0.12)
        hem = arc(left + 28.7 + out, 452, 28.7, 0, 180, 0.5)
        sheet.shape(hem, 0.56 if number % 2 else 0.12)
    sheet.box(348, 376, 760, 388, 0.8)
    sheet.box(350, 598, 758, 616, 0.7)
    sheet.line(
        path(
            "290,672 520,672 546,644 570,672 604,672 630,700 668,606 708,728 732,672 790,672 814,650 840,672 1228,672"
        ),
        RED,
        11,
    )
    sheet.box(1200, 640, 1232, 690, 0.5, 8)
    for x in (470, 1060):
        sheet.disc(x, 826, 98, 0.3)
        for radius, tone in ((82, 0.94), (47, 0.28), (15, 0.8)):
            sheet.disc(x, 828, radius, tone)


def service_point(sheet: Sheet) -> None:
    for left, top, right, tone in (
        (-50, 330, 240, 0.15),
        (240, 250, 470, 0.12),
        (1060, 290, 1290, 0.12),
        (1290, 210, 1550, 0.15),
    ):
        sheet.box(left, top, right, 760, tone)
        for x in range(left + 46, right - 50, 66):
            for y in range(top + 50, 660, 92):
                sheet.box(x, y, x + 32, y + 48, tone + 0.09)
    sheet.box(-50, 730, 1550, 1050, 0.3)
    for number in range(16):
        sheet.line([(750 + (number - 7.5) * 70, 730), (750 + (number - 7.5) * 250, 1050)], 0.25, 3)
    for y in (762, 812, 886, 984):
        sheet.line([(-50, y), (1550, y)], 0.25, 3)
    tree(sheet, 1260, 760, 560, 0.46)
    sheet.disc(760, 915, 470, 0.42, 0.075)
    sheet.line(path("750,220 750,900"), 0.8, 15)
    canopy = arc(750, 440, 430, 180, 360, 0.62)
    hem = [point for number in range(6) for point in arc(1108.3 - number * 143.33, 440, 71.67, 0, -180, 0.34)]
    sheet.shape([*canopy, *hem], RED)
    for x in (-215, -72, 72, 215):
        sheet.line(smooth([(750, 174), (750 + x * 0.75, 262), (750 + x * 1.333, 420)]), SHADED_RED, 4)
    sheet.line(path("750,174 750,140"), 0.8, 13)
    sheet.shape(path("430,640 1070,640 1088,664 412,664"), 0.86)
    sheet.shape(path("424,664 1076,664 1076,842 424,842"), 0.05)
    for x in range(470, 1076, 62):
        sheet.shape([(x, 664), (x + 16, 664), (x + 24, 842), (x - 6, 842)], 0.13)
    for x in (440, 1060):
        sheet.line([(x, 842), (x, 896)], 0.8, 10)
    sheet.box(520, 560, 640, 640, 0.62, 8)
    sheet.disc(580, 598, 27, 0.04)
    sheet.line(path("580,598 594,582"), 0.8, 4)
    sheet.line(smooth(path("640,616 690,590 720,625 770,632")), 0.74, 7)
    sheet.box(760, 608, 850, 640, 0.72, 10)
    for number in range(4):
        sheet.box(
            900 + number % 2 * 8, 631 - number * 9, 1012 + number % 2 * 8, 639 - number * 9, 0.5 - 0.28 * (number % 2)
        )
    for x in (270, 1180):
        sheet.box(x - 62, 766, x + 62, 788, 0.76, 8)
        for foot in (-1, 1):
            sheet.line([(x + foot * 44, 788), (x + foot * 56, 912)], 0.76, 9)
        sheet.line([(x - 50, 850), (x + 50, 850)], 0.76, 6)


def station(sheet: Sheet) -> None:
    sheet.box(-50, -50, 1550, 760, 0.13)
    for number in range(5):
        x = 40 + number * 300
        sheet.box(x, 90, x + 220, 560, 0.04)
        sheet.box(x, 430, x + 220, 560, 0.09)
        sheet.line([(x + 110, 90), (x + 110, 560)], 0.17, 7)
        sheet.line([(x, 250), (x + 220, 250)], 0.17, 7)
    sheet.box(-50, 740, 1550, 1050, 0.26)
    for number in range(15):
        sheet.line([(750 + (number - 7) * 90, 740), (750 + (number - 7) * 300, 1050)], 0.21, 3)
    for y in (784, 850, 940):
        sheet.line([(-50, y), (1550, y)], 0.21, 3)
    sheet.disc(750, 900, 450, 0.38, 0.055)
    sheet.box(430, 300, 1070, 640, 0.36)
    for y in (410, 510):
        sheet.box(442, y, 1058, y + 10, 0.72)
    for number in range(26):
        x, level = 466 + number % 13 * 46, 410 if number < 13 else 510
        if sheet.rng.random() < 0.72:
            tone = sheet.rng.choice((0.06, 0.16, 0.52, 0.64))
            sheet.box(x, level - sheet.about(56, 16), x + 30, level, tone, 3)
    for x in (418, 1062):
        sheet.box(x, 290, x + 20, 640, 0.8)
    roof = smooth(path("330,300 420,246 580,204 750,192 920,204 1080,246 1170,300"))
    sheet.shape(roof, 0.82)
    sheet.box(330, 296, 1170, 318, 0.68)
    sheet.line(path("750,200 750,24"), 0.88, 9)
    sheet.shape(smooth(path("761,36 824,84 862,134 872,178")) + path("761,178"), RED)
    sheet.shape(smooth(path("739,70 698,108 676,144 668,178")) + path("739,178"), 0.6)
    sheet.box(426, 650, 1074, 896, 0.06)
    for x in range(454, 1074, 36):
        sheet.line([(x, 650), (x, 896)], 0.16, 5)
    sheet.box(426, 868, 1074, 896, 0.5)
    sheet.box(396, 618, 1104, 652, 0.86)
    for x in (510, 560, 610):
        sheet.box(x, 586, x + 34, 618, 0.06, 5)
    sheet.box(860, 600, 960, 618, 0.06)
    sheet.box(866, 590, 954, 600, 0.5)
    sheet.box(1000, 540, 1030, 618, 0.64, 8)
    sheet.box(190, 570, 306, 896, 0.05, 8)
    sheet.box(206, 452, 290, 575, 0.34, 26)
    sheet.box(214, 650, 282, 728, 0.42)
    sheet.box(230, 666, 242, 688, 0.84)
    sheet.disc(1268, 900, 96, 0.38, 0.12)
    potted_plant(sheet, 1268, 900, 1)


def potted_plant(sheet: Sheet, x: float, foot: float, size: float) -> None:
    for number, lean in enumerate((-124, -84, -44, 0, 40, 80, 120)):
        leaf = path(
            f"0,0 {lean * 0.2 - 14},-150 {lean},{abs(lean) - 330} {lean * 0.2 + 16},-150", x, foot - 100 * size, size
        )
        sheet.shape(smooth(leaf, closed=True), 0.58 + number % 3 * 0.07)
    sheet.shape(path("-66,-116 66,-116 46,0 -46,0", x, foot, size), 0.82)


def books(sheet: Sheet) -> None:
    sheet.shape(path("860,-50 1400,-50 1080,760 400,760"), 0.01)
    sheet.veil(path("1110,-50 1146,-50 752,760 712,760"), 0.24, 0.6)
    sheet.box(-50, 760, 1550, 1050, 0.36)
    sheet.box(-50, 760, 1550, 778, 0.47)
    sheet.shape(path("400,778 1080,778 1000,1050 190,1050"), 0.29)
    sheet.disc(750, 866, 500, 0.52, 0.04)
    red, foot = sheet.rng.randrange(1, 4), 866
    for number, (width, height, tone) in enumerate(
        ((820, 112, 0.82), (730, 78, 0.5), (770, 98, 0.68), (660, 72, 0.34), (700, 86, 0.9))
    ):
        left = sheet.about(740, 36) - width / 2
        right, band = left + width, SHADED_RED if number == red else tone - 0.2
        sheet.box(left, foot - height, right, foot, RED if number == red else tone, 14)
        for x in (54, 76, width - 86, width - 64):
            sheet.box(left + x, foot - height, left + x + 10, foot, band)
        if number % 2 == 0:
            sheet.box(left + 140, foot - height * 0.64, left + width * 0.46, foot - height * 0.36, band)
        sheet.box(left, foot - 5, right, foot, 0.94)
        foot -= height
    for side in (-1, 1):
        page = smooth([(740 + side * x, foot + y) for x, y in path("0,-6 100,-70 250,-74 392,-22")])
        sheet.shape([*page, (740 + side * 396, foot), (740, foot)], 0.6)
        sheet.shape([*lowered(page, -22), (740 + side * 392, foot - 22), (740, foot - 4)], 0.02 if side < 0 else 0.09)
        for number in range(3):
            line = [(740 + side * (56 + (x - 740) * side * 0.78), y - 15 + number * 11) for x, y in page[8:]]
            sheet.line(line, 0.3, 2)
    sheet.disc(1290, 874, 150, 0.52, 0.1)
    sheet.line(arc(1356, 790, 48, -80, 100), 0.74, 17)
    sheet.shape(path("1194,716 1366,716") + arc(1280, 800, 78, 0, 180, 0.9) + path("1202,800"), 0.74)
    sheet.disc(1280, 716, 86, 0.62, 0.15)
    sheet.disc(1280, 719, 72, 0.9, 0.13)
    for shift in (-24, 18):
        sheet.line(smooth(path("0,0 24,-50 -10,-100 20,-160", 1280 + shift, 684)), 0.24, 6)


def phone(sheet: Sheet) -> None:
    sheet.disc(750, 500, 430, 0.13)
    for number in range(4):
        for start in (-32, 148):
            sheet.line(arc(750, 500, 330 + number * 76, start, start + 64), 0.3 - number * 0.045, 13 - 2 * number)
    sheet.box(568, 108, 960, 920, 0.24, 58)
    sheet.box(548, 90, 940, 902, 0.9, 58)
    sheet.box(568, 112, 920, 880, 0.03, 42)
    sheet.box(690, 124, 798, 146, 0.9, 11)
    sheet.box(600, 190, 780, 212, 0.72, 4)
    sheet.box(600, 228, 710, 242, 0.3, 4)
    sheet.disc(868, 216, 30, 0.22)
    sheet.box(596, 284, 892, 590, 0.1, 16)
    sheet.rng.choice((calendar, measurements))(sheet)
    for number, width in enumerate((210, 166)):
        y = 628 + number * 92
        sheet.box(596, y, 892, y + 74, 0.1, 14)
        sheet.disc(636, y + 37, 20, 0.5 if number else 0.66)
        sheet.box(672, y + 22, 672 + width - 20, y + 33, 0.55, 4)
        sheet.box(672, y + 43, 672 + width * 0.6, y + 52, 0.28, 4)
    sheet.box(684, 846, 804, 855, 0.8, 4)


def calendar(sheet: Sheet) -> None:
    chosen = sheet.rng.choice((16, 17, 18, 23, 24, 25))
    for number in range(2, 33):
        x, y = 632 + number % 7 * 37.4, 330 + number // 7 * 53
        sheet.disc(x, y, 10, 0.5 if number % 7 < 5 else 0.26)
        if number == chosen:
            sheet.disc(x, y, 25, RED)
            sheet.line([(x - 10, y), (x - 2, y + 9), (x + 12, y - 9)], 0.02, 5)


def measurements(sheet: Sheet) -> None:
    values = [sheet.rng.uniform(60, 170) for _column in range(6)]
    highest = sheet.rng.randrange(2, 5)
    for number, value in enumerate(values):
        x = 624 + number * 43
        sheet.box(x, 320, x + 24, 560, 0.16, 12)
        sheet.box(x, 560 - (212 if number == highest else value), x + 24, 560, RED if number == highest else 0.5, 12)


def stethoscope(sheet: Sheet) -> None:
    sheet.disc(790, 520, 440, 0.12)
    sheet.disc(790, 520, 330, 0.03)
    tube = smooth(
        path(
            "560,520 566,600 640,650 700,720 690,830 560,880 420,820 390,680 480,560 680,520 900,560 1010,640 1060,700"
        )
    )
    arms = [
        smooth(path("470,110 420,210 440,330 520,430 558,520")),
        smooth(path("668,120 712,220 686,330 600,430 562,520")),
    ]
    for shift, rubber, metal in ((18, 0.2, 0.2), (0, 0.88, 0.52)):  # first the shadow
        sheet.line(moved(tube, shift, shift), rubber, 30)
        for arm, inwards in zip(arms, (22, -22), strict=True):
            tip = [arm[0], (arm[0][0] + inwards, arm[0][1] - 16)]
            sheet.line(moved(arm, shift, shift), metal, 17)
            sheet.line(moved(arm[-22:], shift, shift), rubber, 27)
            sheet.line(moved(tip, shift, shift), rubber, 34)
        sheet.disc(1110 + shift, 750 + shift, 128, metal)
    sheet.line(moved(tube[6:-4], -6, -6), 0.64, 5)
    for radius, tone in ((112, 0.3), (100, 0.08), (78, RED)):
        sheet.disc(1110, 750, radius, tone)
    sheet.line(arc(1110, 750, 56, 195, 265), LIT_RED, 8)


def township(sheet: Sheet) -> None:
    for number, (level, tone) in enumerate(((270, 0.12), (360, 0.2), (470, 0.29))):
        top = ridge(sheet, level, 90 - number * 22, 5 + number)
        sheet.land(top, tone)
        if number:
            for terrace in range(1, 9):
                sheet.line(lowered(top, terrace * 17, 1 - terrace * 0.09), tone - 0.05, 2)
    sheet.land(smooth(path("-60,600 300,560 700,610 1100,570 1560,610")), 0.38)
    for x, height in ((190, 190), (300, 240), (1180, 270), (1300, 210), (1400, 250)):
        tree(sheet, x, 640, height, 0.52)
    sheet.box(470, 400, 1070, 690, 0.05)
    sheet.box(448, 376, 1092, 408, 0.78)
    sheet.box(470, 540, 1070, 556, 0.24)
    for number in range(12):
        x, y = 502 + number % 6 * 96, 436 if number < 6 else 584
        if number not in (7, 8, 9):
            sheet.box(x, y, x + 62, y + 78, 0.6)
            sheet.shape([(x, y + 78), (x, y + 50), (x + 44, y), (x + 62, y)], 0.5)
            sheet.line([(x + 31, y), (x + 31, y + 78)], 0.05, 5)
    sheet.shape(path("660,566 880,566 900,584 640,584"), 0.84)
    sheet.box(694, 584, 846, 690, 0.74)
    sheet.line(path("770,584 770,690"), 0.4, 5)
    sheet.box(640, 592, 668, 690, RED)
    sheet.land(smooth(path("-60,700 400,684 770,690 1150,684 1560,704")), 0.5)
    left = smooth(path("700,688 690,730 600,784 600,850 720,930 820,1050"))
    right = smooth(path("840,688 806,736 738,786 780,846 980,920 1240,1050"))
    sheet.shape([*left, *reversed(right)], 0.14)
    for row in range(6):
        y = 730 + row * 54
        sheet.line(smooth([(-60, y + 16), (200, y - 6), (500 - row * 14, y)]), 0.42, 5)
        sheet.line(smooth([(930 + row * 84, y), (1250 + row * 30, y - 8), (1560, y + 14)]), 0.42, 5)
    for x, foot, height in ((90, 960, 420), (1420, 970, 470), (1330, 930, 300)):
        poplar(sheet, x, foot, height, 0.8)


def tree_rings(sheet: Sheet) -> None:
    bumps = [(sheet.rng.uniform(0, 360), sheet.rng.uniform(0.012, 0.034), lobes) for lobes in (2, 3, 5, 7)]

    def ring(radius: float) -> list[Point]:
        outline = []
        for degrees in range(0, 360, 3):
            wave = sum(depth * math.sin(math.radians(lobes * degrees + turn)) for turn, depth, lobes in bumps)
            reach = radius * (1 + wave * min(1.6, radius / 320))
            across, down = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
            outline.append((740 + radius * 0.05 + reach * across * 1.12, 500 + reach * down))
        return outline

    for radius, tone in ((500, 0.8), (470, 0.36), (452, 0.1)):
        sheet.shape(ring(radius), tone)
    radius, number, red = 436.0, 0, sheet.rng.choice((6, 7, 8))
    while radius > 18:
        outline = ring(radius)
        if number % 5 == 2:
            sheet.shape(outline, 0.1 + 0.05 * (number % 3))
        width = sheet.rng.uniform(3, 7)
        tone, width = (RED, 15) if number == red else (0.34 + 0.03 * (number % 4), width)
        sheet.line([*outline, *outline[:2]], tone, width)
        radius, number = radius - sheet.rng.uniform(17, 31), number + 1
    sheet.disc(742, 500, 12, 0.7)
    for degrees in (sheet.about(35, 10), sheet.about(205, 10)):
        sheet.shape(moved(path("465,-9 250,-3 150,0 250,3 465,9"), 742, 500, degrees), 0.66)


def bridge(sheet: Sheet) -> None:
    sheet.land(ridge(sheet, 400, 50, 5), 0.13)
    sheet.land(ridge(sheet, 500, 26, 6), 0.22)
    far_shore = sheet.image.copy()
    deck = smooth(path("-60,520 200,480 480,384 750,336 1020,384 1300,480 1560,520"))
    sheet.shape([*deck, (1560, 640), (-60, 640)], 0.5)
    with sheet.only_within([*deck, (1560, 640), (-60, 640)]):
        for row in range(12):
            y = 356 + row * 26
            sheet.line([(-60, y), (1560, y)], 0.45, 2)
            for x in range(-40 + row % 2 * 38, 1560, 76):
                sheet.line([(x, y), (x, y + 26)], 0.45, 2)
    for x, radius in ((750, 196), (390, 122), (1110, 122)):
        sheet.shape(arc(x, 640, radius + 22, 180, 360), 0.64)
        sheet.window(arc(x, 640, radius, 180, 360), far_shore)
    sheet.line(deck, 0.76, 15)
    sheet.line(lowered(deck, -44), 0.76, 8)
    for place in range(3, len(deck), 4):
        x, y = deck[place]
        sheet.line([(x, y), (x, y - 54)], 0.76, 8)
    sheet.box(-50, 640, 1550, 1050, sheet.grey(0.24, COOL))
    x = sheet.about(750, 30)
    sheet.shape(smooth(path("5,-150 48,-96 68,-20", x, 640)) + path("5,-20", x, 640), RED)
    sheet.shape(smooth(path("-6,-118 -34,-72 -46,-20", x, 640)) + path("-6,-20", x, 640), 0.6)
    sheet.mirror_in_water(640, 0.42)
    sheet.line(path("0,-160 0,0", x, 640), 0.86, 5)
    sheet.shape(smooth(path("92,-12 66,10 -56,10 -80,-12", x, 640)), 0.88)
    ripples(sheet, 660, 990, 34, sheet.grey(0.36, COOL))
    for number in range(9):
        top = 1120 + number * 52
        strand = smooth(
            [
                (top, -30),
                (top + 26, 120),
                (top + 8, 250 + number % 4 * 60),
                (top - 14, 330 + number % 4 * 90 + sheet.about(0, 30)),
            ]
        )
        sheet.line(strand, 0.6, 3)
        for x, y in strand[5::3]:
            sheet.line([(x, y), (x - 15, y + 26)], 0.6, 7)
            sheet.line([(x, y + 10), (x + 14, y + 34)], 0.68, 7)


def stairs(sheet: Sheet) -> None:
    sheet.box(-50, -50, 1550, 1050, 0.2)
    sheet.box(-50, -50, 1550, 70, 0.3)
    sheet.box(530, 70, 970, 432, 0.05)
    sheet.box(566, 106, 934, 432, 0.86)
    for left in (578, 756):
        sheet.box(left, 118, left + 166, 432, RED)
        for top, bottom in ((140, 256), (282, 412)):
            panel = [(left + 22, top), (left + 144, top), (left + 144, bottom), (left + 22, bottom), (left + 22, top)]
            sheet.line(panel, SHADED_RED, 4)
    for x in (728, 772):
        sheet.disc(x, 270, 8, 0.05)
    for side in (-1, 1):
        potted_plant(sheet, 750 + side * 470, 440, 0.82)
        sheet.shape([(750 + side * x, y) for x, y in path("250,432 860,432 860,1060 470,1060")], 0.4)
        sheet.shape([(750 + side * x, y) for x, y in path("250,432 860,432 860,452 262,452")], 0.1)
    level, edge = 432.0, 250.0
    for number in range(9):
        tread, riser = 13 + number * 4.2, 21 + number * 4.4
        wider = edge + 16 + number * 6
        sheet.shape(
            [(750 - edge, level), (750 + edge, level), (750 + wider, level + tread), (750 - wider, level + tread)], 0.02
        )
        sheet.box(750 - wider, level + tread, 750 + wider, level + tread + riser, 0.24 + 0.014 * number)
        sheet.box(750 - wider, level + tread, 750 + wider, level + tread + 4 + number * 0.5, 0.44)
        level, edge = level + tread + riser, wider
    sheet.veil([(500, 432), (640, 432), (480, 1060), (120, 1060)], 0.9, 0.13)
    for side in (-1, 1):
        rail = [(750 + side * 262, 318), (750 + side * 610, 810)]
        for part in (0, 0.16, 0.36, 0.62, 0.96):
            x, y = (a + (b - a) * part for a, b in zip(*rail, strict=True))
            sheet.line([(x, y), (x, y + 116 + 130 * part)], 0.84, 8 + 6 * part)
        sheet.line(rail, 0.84, 15)


def rings(sheet: Sheet) -> None:
    for number in range(6):
        sheet.line(arc(750, 520, 400 + number * 60, 0, 360), 0.15 - 0.012 * number, 3)
    turn = sheet.about(-90, 8)
    centres = [moved([(160, 0)], 750, 515, turn + third)[0] for third in (0, 120, 240)]
    woven(sheet, [arc(x, y, 214, 0, 357) for x, y in centres], [RED, 0.86, 0.5], 48, gap=0.06)


def heart(sheet: Sheet) -> None:
    """Two lines that make a heart by holding each other: one lies above at the top, the other at the foot."""
    for number in range(5):
        sheet.line(arc(750, 500, 430 + number * 60, 0, 360), 0.14 - 0.012 * number, 3)
    left = smooth(path("808,850 700,752 540,606 424,450 420,300 530,212 660,236 752,340 812,470 828,590"))
    right = [(WIDTH - x, y) for x, y in left]
    for line, tone in ((left, 0.86), (right, RED), (left[:30], 0.86)):
        sheet.ribbon(line, 0.06, 78)
        sheet.line(line, tone, 52)


MOTIFS: dict[str, Callable[[Sheet], None]] = {
    motif.__name__: motif
    for motif in (
        plateau, lake, road, pulse, eye, windows, school, clinic_van, service_point, station, books, phone,
        stethoscope, township, tree_rings, bridge, stairs, rings, heart,
    )
}  # fmt: skip

NEVER_MIRRORED = {"pulse", "phone"}  # a heartbeat and a tick would run backwards


def draw(motif: str, seed: int, size: tuple[int, int] = (1600, 1067)) -> bytes:
    """A PNG. The same motif, seed and size give the same bytes; the next seed turns it round and changes details."""
    tint = (WARM, PLAIN)[(seed // 2 + len(motif)) % 2]
    sheet = Sheet(size, random.Random(f"{motif}:{seed}"), tint, ground=0.06)
    MOTIFS[motif](sheet)
    return sheet.png(mirrored=seed % 2 == 1 and motif not in NEVER_MIRRORED)
