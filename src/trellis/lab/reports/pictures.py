"""Draw a figure as a line from 0 to 100 %: a point where it lies, a bar for its interval, a tick for its aim.

Takes a `Figure`; gives inline SVG without colours of its own, so that the page's style, dark mode and print decide. The
numbers stand beside it in the table, so the picture is hidden from screen readers.
"""

from markupsafe import Markup

from trellis.lab.scores.intervals import Figure

WIDTH, HEIGHT, MARGIN = 160, 20, 6
"""Units of the picture."""


def draw(figure: Figure) -> Markup:
    """The picture; empty where there is nothing to draw. What lies beyond 100 % is drawn at the edge."""
    if figure.value is None:
        return Markup("")
    middle = HEIGHT // 2
    parts = [_line("scale", 0, 1, middle)]
    if figure.low is not None and figure.high is not None:
        parts.append(_line("interval", figure.low, figure.high, middle))
    aim = figure.least if figure.least is not None else figure.most
    if aim is not None:
        at = _at(aim)
        parts.append(f'<path class="aim" d="M{at} 2V{HEIGHT - 2}"/>')
    parts.append(f'<circle class="point" cx="{_at(figure.value)}" cy="{middle}" r="4"/>')
    drawn = "".join(parts)
    return Markup(  # noqa: S704 - numbers of our own only
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">{drawn}</svg>'
    )


def _line(name: str, start: float, end: float, y: int) -> str:
    return f'<path class="{name}" d="M{_at(start)} {y}H{_at(end)}"/>'


def _at(value: float) -> str:
    return f"{MARGIN + (WIDTH - 2 * MARGIN) * min(max(value, 0.0), 1.0):.1f}"
