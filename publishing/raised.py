"""What is set higher or lower, written in the characters that say so by themselves: m², CO₂, 10⁻³.

Not as an element: titles, captions, ledgers and spreadsheets hold no elements, an office types ² and ㎡ itself, and a search
for m2 finds m². What has no such character stays on the line.
"""

RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def written(text: str, letters: dict[str, str]) -> str:
    """All of it in these letters, or all of it as it is."""
    if all(letter in letters or letter.isspace() for letter in text):
        return "".join(letters.get(letter, letter) for letter in text)
    return text
