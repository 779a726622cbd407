"""Labels beside points, none of them on another, on another's point or on the line from a label to its point."""
import itertools
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

# Directions in the order of preference, and distances from the point, in points of 1/72 inch as all lengths here.
ANGLES = [math.radians(degrees) for degrees in (0, 180, 45, -45, 135, -135, 90, -90, 20, -20, 160, -160)]
DISTANCES = (7, 10, 14, 20, 28, 38, 50, 64)
LINE_FROM = 14
# Half of the square around a point in which a label would seem to be that point's.
SURROUNDING = 5
# An SVG's reader may have wider letters.
MARGIN = 1.06
ORDERS = 200
NOWHERE = 1000.0

Box = tuple[float, float, float, float]  # Left, bottom, right, top.


@dataclass(frozen=True)
class Spot:
    """A place for a label; `line` are small squares along the line to its point."""

    box: Box
    line: tuple[Box, ...]
    offset: tuple[float, float]
    cost: float


def place(axes: Axes, points: Sequence[tuple[str, float, float]]) -> dict[str, Box]:
    """Writes each label, and a line to its point if it had to go far. Labels are placed one after another, in many
    orders, of which that counts with which the labels are nearest to their points."""
    axes.figure.draw_without_rendering()
    scale = 72 / axes.figure.dpi
    frame = tuple(scale * edge for edge in axes.bbox.extents)
    centres = {label: tuple(scale * axes.transData.transform((x, y))) for label, x, y in points}
    spots = {label: find_spots(centre, text_size(axes, label, scale), frame) for label, centre in centres.items()}
    orders, shuffled = random.Random(1), list(centres)
    found = []
    for _ in range(ORDERS):
        found.append(choose(shuffled, spots, centres))
        orders.shuffle(shuffled)
    best = min(found, key=lambda chosen: sum(spot.cost for spot in chosen.values()))
    for label, x, y in points:
        write(axes, label, (x, y), best[label])
    return {label: spot.box for label, spot in best.items()}


def text_size(axes: Axes, label: str, scale: float) -> tuple[float, float]:
    text = axes.text(0, 0, label, transform=None)
    box = text.get_window_extent()
    text.remove()
    return scale * box.width * MARGIN, scale * box.height


def find_spots(centre: tuple[float, float], size: tuple[float, float], frame: Box) -> list[Spot]:
    """Those inside the frame, the best first, then one that is always there."""
    spots = []
    for distance, (preference, angle) in itertools.product(DISTANCES, enumerate(ANGLES)):
        across, up = math.cos(angle), math.sin(angle)
        offset = (distance * across + side(across) * size[0] / 2, distance * up + side(up) * size[1] / 2)
        box = around(centre[0] + offset[0], centre[1] + offset[1], size[0] / 2, size[1] / 2)
        if box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]:
            ways = range(1, distance) if distance >= LINE_FROM else ()
            line = tuple(around(centre[0] + way * across, centre[1] + way * up, 0.5, 0.5) for way in ways)
            spots.append(Spot(box, line, offset, distance + preference / 10))
    return spots or [Spot(around(*centre, *size), (), (0, 0), NOWHERE)]


def side(share: float) -> int:
    """Which side of its middle a label's nearest point is on, if this much of the way goes along an axis."""
    return 0 if abs(share) < 0.1 else 1 if share > 0 else -1


def around(x: float, y: float, half_width: float, half_height: float) -> Box:
    return (x - half_width, y - half_height, x + half_width, y + half_height)


def choose(
    order: Sequence[str], spots: dict[str, list[Spot]], centres: dict[str, tuple[float, float]]
) -> dict[str, Spot]:
    """For each label the best spot that those before it leave."""
    chosen: dict[str, Spot] = {}
    for label in order:
        others = [around(*centre, SURROUNDING, SURROUNDING) for name, centre in centres.items() if name != label]
        free = (spot for spot in spots[label] if is_free(spot, chosen.values(), others))
        last = spots[label][-1]
        chosen[label] = next(free, Spot(last.box, last.line, last.offset, NOWHERE))
    return chosen


def is_free(spot: Spot, chosen: Iterable[Spot], others: list[Box]) -> bool:
    return not any(overlap(spot.box, other) for other in others) and not any(
        overlap(spot.box, one.box)
        or any(overlap(spot.box, part) for part in one.line)
        or any(overlap(part, one.box) for part in spot.line)
        for one in chosen
    )


def overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def write(axes: Axes, label: str, point: tuple[float, float], spot: Spot) -> None:
    line = {"arrowstyle": "-", "linewidth": 0.6, "color": axes.xaxis.label.get_color(), "shrinkA": 0, "shrinkB": 4}
    axes.annotate(
        label,
        point,
        xytext=spot.offset,
        textcoords="offset points",
        ha="center",
        va="center",
        arrowprops={**line, "relpos": tuple(0.5 - side(share) / 2 for share in spot.offset)} if spot.line else None,
    )
