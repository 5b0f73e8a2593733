"""table.py ROWS...: one Markdown table of rows (see common.sh): medians, least and most in parentheses, and ratios.

A ratio says how many times as good as the peer's our median is: below 1 the peer is ahead, and the figure is bold.
"""
import statistics, sys

# Where more is better; of everything else (times, sizes, errors) less is.
MORE = ("share", "MCC")


def told(value, unit):
    size = abs(value)
    digits = 3 if unit in MORE or size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    return f"{value:,.{digits}f}"


def median(values, unit):
    text = told(statistics.median(values), unit)
    # What comes out the same each time has no spread.
    return text if min(values) == max(values) else f"{text} ({told(min(values), unit)} to {told(max(values), unit)})"


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def cell(values, unit):
    """A median, or the reason why there is none; and the values."""
    numbers = [number(text) for text in values]
    reason = next((text for text, value in zip(values, numbers) if value is None), None)
    return (reason, None) if reason else (median(numbers, unit), numbers)


def ratio(unit, ours, theirs):
    a, b = statistics.median(ours), statistics.median(theirs)
    more = unit in MORE or unit.endswith("/s")
    times = (a / b if more else b / a) if a and b else None
    if times is None:
        return ""
    return f"**{times:.2f}**" if round(times, 2) < 1 else f"{times:.2f}" if times < 10 else f"{times:,.0f}"


def main():
    table = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                comparison, what, unit, whose, value = line.rstrip("\n").split("\t")
                table.setdefault((comparison, what), {}).setdefault(whose, []).append((unit, value))
    print("| comparison | what is measured | ours | peer | times as good |\n|---|---|---:|---:|---:|")
    for (comparison, what), columns in table.items():
        unit = next((unit for column in columns.values() for unit, _ in column if unit), "")
        cells = {whose: cell([value for _, value in column], unit) for whose, column in columns.items()}
        ours = cells.pop("ours", ("", None))
        for whose, (text, values) in cells.items() or [("", ("", None))]:
            times = ratio(unit, ours[1], values) if ours[1] and values else ""
            name = f"{what} ({unit})" if unit else what
            print(f"| {comparison} | {name} | {ours[0]} | {whose + ': ' if whose else ''}{text} | {times} |")


main()
