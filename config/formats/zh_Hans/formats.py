"""Dates as an office writes them, where Django's own Chinese formats differ: 8月13日, not 08月13日."""

MONTH_DAY_FORMAT = "n月j日"
