#!/usr/bin/env python3
"""Writes a label table for EmoDB, whose labels are in its files' names.

    emodb_labels.py FOLDER >labels.csv      FOLDER: EmoDB's wav folder

03a01Fa.wav is speaker 03, text a01, F for Freude (happiness), version a. Files called otherwise are left out, and how
many is said.
"""
import csv
import re
import sys
from pathlib import Path

NAME = re.compile(r"(?P<speaker>\d{2})(?P<text>[ab]\d{2})(?P<emotion>[WLEAFTN])(?P<version>[a-z])\.wav")

# The letters stand for German words: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral.
EMOTIONS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}


def label(name: str) -> tuple[str, str] | None:
    """The speaker and the emotion, or nothing where the name isn't one of EmoDB's."""
    match = NAME.fullmatch(name)
    return (match["speaker"], EMOTIONS[match["emotion"]]) if match else None


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("emodb_labels: error: EmoDB's folder of .wav files is needed", file=sys.stderr)
        return 2
    names = sorted(path.name for path in Path(arguments[0]).glob("*.wav"))
    labels = {name: found for name in names if (found := label(name))}
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["file", "speaker", "emotion"])
    table.writerows([name, *found] for name, found in labels.items())
    if len(labels) < len(names):
        print(f"emodb_labels: left out {len(names) - len(labels)} files that are called otherwise", file=sys.stderr)
    return 0 if labels else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
