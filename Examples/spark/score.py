#!/usr/bin/env python3
"""Scores a manifest with Apache Spark: every partition goes through an `emotion-cli worker`, the rows become Parquet.

    spark-submit --master 'local[2,4]' Examples/spark/score.py manifest.csv scores.parquet

manifest.csv has a column file and optionally start and end, as emotion-cli predict takes them. Each row gets the
number that it has in the manifest as its id. A worker that dies fails its partition's task, and Spark runs that again,
so that a row occurs once or not at all; at the end the script reads what it wrote and checks that every id is there
once.
"""
import argparse
import json
import os
import shlex
import sys
from collections.abc import Sequence

TIMES = ("start", "end")


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score a manifest with Spark and emotion-cli worker.")
    parser.add_argument("manifest", help="a .csv table with the columns file[,start,end]")
    parser.add_argument("output", help="the Parquet folder to write; an existing one is replaced")
    parser.add_argument("--model", help="as emotion-cli takes it; a packed model is shared by all workers of a machine")
    parser.add_argument("--root", help="where relative files are (default: where the worker runs)")
    parser.add_argument("--emotion-cli", default="emotion-cli", help="the program (default: %(default)s on PATH)")
    parser.add_argument("--partitions", type=int, help="tasks to make (default: four for each core)")
    parser.add_argument("--threads", type=int, default=1, help="of each worker (default: %(default)s)")
    parser.add_argument(
        "--labels", default="arousal,dominance,valence", help="the model's labels (default: %(default)s)"
    )
    parser.add_argument("--embeddings", action="store_true", help="a column hidden_states as well")
    return parser.parse_args(arguments)


def worker_command(options: argparse.Namespace) -> str:
    """What every partition is piped through: a line for each line, in the same order."""
    words = [options.emotion_cli, "worker", "--jobs", "1", "--threads", str(options.threads)]
    if options.model:
        words += ["--model", options.model]
    if options.root:
        words += ["--root", options.root]
    if options.embeddings:
        words += ["--outputs", "hidden_states,logits"]
    return shlex.join(words)


def request(row: dict, number: int) -> str:
    """A row of the manifest as the worker reads it."""
    times = {name: row[name] for name in TIMES if row.get(name)}
    return json.dumps({"id": number, "file": row["file"], **times})


def answer(line: str, labels: Sequence[str]) -> tuple:
    """A line of the worker's as a row: id, file, start, end, the scores, the embedding, the error."""
    parsed = json.loads(line)
    scores = [parsed.get(label) for label in labels]
    return (
        parsed["id"], parsed.get("file"), parsed.get("start"), parsed.get("end"),
        *scores, parsed.get("hidden_states"), parsed.get("error"),
    )  # fmt: skip


def schema(labels: Sequence[str]) -> str:
    scores = ", ".join(f"`{label}` float" for label in labels)
    return f"id long, file string, start double, end double, {scores}, hidden_states array<float>, error string"


def score(spark, options: argparse.Namespace) -> None:
    labels = options.labels.split(",")
    manifest = spark.read.csv(options.manifest, header=True)
    partitions = options.partitions or 4 * spark.sparkContext.defaultParallelism
    requests = manifest.rdd.zipWithIndex().map(lambda pair: request(pair[0].asDict(), pair[1]))
    # With checkCode a worker that was killed fails its task. Without env it would run in an empty environment.
    answers = requests.repartition(partitions).pipe(worker_command(options), env=dict(os.environ), checkCode=True)
    rows = spark.createDataFrame(answers.map(lambda line: answer(line, labels)), schema(labels))
    if not options.embeddings:
        rows = rows.drop("hidden_states")
    rows.write.mode("overwrite").parquet(options.output)


def check(spark, options: argparse.Namespace) -> tuple[int, int]:
    """The numbers of rows and of failed ones; ends the script if a row is missing or there twice."""
    wanted = spark.read.csv(options.manifest, header=True).count()
    written = spark.read.parquet(options.output)
    found, ids = written.count(), written.select("id").distinct().filter(f"id >= 0 and id < {wanted}").count()
    if not found == ids == wanted:
        sys.exit(f"score: error: the manifest has {wanted} rows, {options.output} has {found}, of {ids} of its ids")
    return found, written.filter("error is not null").count()


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("emotion-cli").getOrCreate()
    try:
        score(spark, options)
        rows, failed = check(spark, options)
    finally:
        spark.stop()
    print(f"score: {rows} rows, each id once; {failed} of them are errors")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
