#!/usr/bin/env python3
"""Trains a classifier on embeddings and tests it on speakers that it has never heard.

    classify.py embeddings.npz labels.csv [--array hidden_states] [--label emotion] [--picture confusion.svg]

embeddings.npz is what emotion-cli writes: the array's rows belong to its array `file`. labels.csv has the columns file,
speaker and the label's. Each speaker in turn is left out of the training and predicted then, so that every row is
predicted once, by a classifier that knows nothing of its speaker.
"""
import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# Most of the numbers of an embedding say the same; a strong penalty keeps a few hundred recordings from being learnt
# by heart.
INVERSE_PENALTY = 0.01


class TutorialError(Exception):
    """Its text says what was wrong and what would be right."""


def read_labels(path: Path, column: str) -> dict[str, tuple[str, str]]:
    """By file: speaker and label."""
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        missing = {"file", "speaker", column} - set(rows.fieldnames or [])
        if missing:
            raise TutorialError(f"{path}: no column {', '.join(sorted(missing))}")
        return {row["file"]: (row["speaker"], row[column]) for row in rows}


def read_embeddings(path: Path, array: str) -> tuple[list[str], np.ndarray]:
    """The rows' files and their numbers, [rows, n]."""
    archive = np.load(path)
    if array not in archive.files:
        raise TutorialError(f"{path}: no array {array}; there are {', '.join(archive.files)}")
    return [str(file) for file in archive["file"]], archive[array]


def predict(features: np.ndarray, labels: np.ndarray, speakers: np.ndarray) -> np.ndarray:
    """For each row, what a classifier trained on all other speakers says."""
    if len(set(speakers)) < 2:
        raise TutorialError("at least two speakers are needed, to leave one out")
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=INVERSE_PENALTY, max_iter=5000))
    return cross_val_predict(classifier, features, labels, groups=speakers, cv=LeaveOneGroupOut())


def unweighted_average_recall(labels: np.ndarray, predicted: np.ndarray) -> float:
    """The mean over the labels of the share of each that was found: chance is one over their number."""
    return float(np.mean([np.mean(predicted[labels == label] == label) for label in sorted(set(labels))]))


def report(labels: np.ndarray, speakers: np.ndarray, predicted: np.ndarray) -> str:
    names, chance = sorted(set(labels)), 1 / len(set(labels))
    matrix = confusion_matrix(labels, predicted, labels=names)
    width = max(len(name) for name in [*names, *speakers])
    lines = [f"{len(labels)} recordings, {len(set(speakers))} speakers, {len(names)} labels", ""]
    for speaker in sorted(set(speakers)):
        own = speakers == speaker
        share = np.mean(predicted[own] == labels[own])
        lines.append(f"{speaker:>{width}} left out: {100 * share:5.1f} % of {own.sum()} right")
    recall = unweighted_average_recall(labels, predicted)
    lines += ["", f"unweighted average recall {100 * recall:.1f} %, chance {100 * chance:.1f} %", ""]
    columns = [max(len(name), 3) for name in names]
    heads = "  ".join(f"{name:>{column}}" for name, column in zip(names, columns))
    lines.append(f"{'':>{width}}  {heads}   predicted")
    for name, row in zip(names, matrix):
        counts = "  ".join(f"{count:>{column}}" for count, column in zip(row, columns))
        lines.append(f"{name:>{width}}  {counts}")
    return "\n".join(lines)


def draw(labels: np.ndarray, predicted: np.ndarray, title: str, picture: Path) -> None:
    """Each row of the matrix adds up to 100 %. Text is mid-grey, to be read on a light page and on a dark one."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    grey = "#808790"
    plt.rcParams.update({"svg.hashsalt": "confusion", "font.size": 9, "text.color": grey, "axes.labelcolor": grey})
    plt.rcParams.update({"xtick.color": grey, "ytick.color": grey})
    names = sorted(set(labels))
    shares = 100 * confusion_matrix(labels, predicted, labels=names, normalize="true")
    size = 0.62 * len(names) + 1.6
    figure, axes = plt.subplots(figsize=(size, size), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    for row, column in np.ndindex(shares.shape):
        colour = "white" if shares[row, column] > 50 else "#303438"
        axes.text(column, row, f"{shares[row, column]:.0f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("predicted")
    axes.set_ylabel("labelled")
    axes.set_title(title, fontsize=9)
    figure.savefig(picture, transparent=True, dpi=160, metadata={"Date": None} if picture.suffix == ".svg" else None)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train on embeddings, test on speakers never heard.")
    parser.add_argument("embeddings", type=Path, help=".npz of emotion-cli predict")
    parser.add_argument("labels", type=Path, help=".csv with file, speaker and a label")
    parser.add_argument("--array", default="hidden_states", help="what to train on (default: %(default)s)")
    parser.add_argument("--label", default="emotion", help="the label's column (default: %(default)s)")
    parser.add_argument("--picture", type=Path, help="the confusion matrix, .svg or .png")
    parser.add_argument("--title", help="the picture's (default: the label's column)")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_arguments(arguments)
    try:
        labelled = read_labels(options.labels, options.label)
        files, features = read_embeddings(options.embeddings, options.array)
        if unknown := [file for file in files if file not in labelled]:
            raise TutorialError(f"{options.labels}: no label for {unknown[0]}")
        speakers, labels = (np.array(column) for column in zip(*(labelled[file] for file in files)))
        predicted = predict(features, labels, speakers)
    except (TutorialError, OSError) as error:
        print(f"classify: error: {error}", file=sys.stderr)
        return 1
    print(report(labels, speakers, predicted))
    if options.picture:
        draw(labels, predicted, f"{options.title or options.label}\n% of each row", options.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
