#!/usr/bin/env bash
#SBATCH --job-name=emotion-cli
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --requeue
# Scores a corpus as a Slurm array: each task takes a shard, and continues where it stopped if it is started again.
#
#   sbatch --array 1-16 Examples/slurm-array.sh INPUT FOLDER
#
# INPUT is a table, a folder or a recording; FOLDER gets a csv for each task, with the number of the task in its name.
# The array has to count from 1. The model is $EMOTION_MODEL, or where emotion-cli looks by itself.
set -euo pipefail

: "${SLURM_ARRAY_TASK_ID:?is not set; this script is for sbatch --array}"
: "${SLURM_ARRAY_TASK_COUNT:?is not set; this script is for sbatch --array}"
input=$1
folder=$2

mkdir -p "$folder"
shard=$(printf '%05d' "$SLURM_ARRAY_TASK_ID")
# With exec, Slurm's signals reach the program, which ends with a whole row.
exec emotion-cli predict --recursive --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --resume \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" --threads 1 --output "$folder/shard-$shard.csv" "$input"
