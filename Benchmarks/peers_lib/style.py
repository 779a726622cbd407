"""How the pictures look. The background is transparent and text is mid-grey, so that they can be read on a light page
and on a dark one. People who can't tell some colours apart can tell these: they differ in lightness too."""
from pathlib import Path

from matplotlib.figure import Figure

TEXT = "#808790"
OUR_COLOUR = "#e8743b"
FLOAT32_PEER = "#4a90c2"
LOWER_PRECISION_PEER = "#9a86b8"

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "peers",
    "font.size": 9,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "axes.edgecolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
}


def save(figure: Figure, pictures: list[Path]) -> None:
    for picture in pictures:
        metadata = {"Date": None} if picture.suffix == ".svg" else None
        figure.savefig(picture, transparent=True, dpi=160, metadata=metadata)
