"""What a corpus is made of: short clips of real speech, and the tables of recordings that both sides read."""
import json
from pathlib import Path

import audformat
import numpy as np
import pandas as pd
import soundfile

RATE = 16_000
SHORTEST_CLIP_S = 1.0
LONGEST_CLIP_S = 4.0
SHORTEST_SEGMENT_S = 0.5
SEGMENTS_OF_A_RECORDING = 2
SUFFIXES = {".wav", ".flac", ".ogg", ".mp3"}


def cut_clips(folder: Path, count: int, sources: list[Path]) -> None:
    """Clips of 1 to 4 s from random places, from each source in turn, at the source's rate; 16 bits, the first channel.
    The same count and sources give the same clips."""
    random = np.random.default_rng(1)
    signals = [soundfile.read(source, dtype="float32", always_2d=True) for source in sources]
    for number in range(count):
        signal, rate = signals[number % len(signals)]
        longest = min(LONGEST_CLIP_S, len(signal) / rate)
        length = int(random.uniform(SHORTEST_CLIP_S, longest) * rate)
        start = int(random.integers(0, len(signal) - length + 1))
        name = f"{number:05d}-{sources[number % len(sources)].stem}.wav"
        soundfile.write(folder / name, signal[start : start + length, 0], rate, subtype="PCM_16")


def read_input(path: Path) -> pd.MultiIndex:
    """A folder's audio files, or what a table lists, by absolute paths."""
    if path.is_dir():
        files = sorted(str(file) for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        return audformat.utils.to_segmented_index(audformat.filewise_index(files))
    table = audformat.utils.read_csv(str(path))
    index = audformat.utils.to_segmented_index(table if isinstance(table, pd.Index) else table.index)
    return audformat.utils.expand_file_path(index, str(path.parent))


def with_ends(recordings: pd.MultiIndex, durations: dict[str, float]) -> pd.MultiIndex:
    """With the file's end for every end that isn't given."""
    rows = [(file, start, seconds(durations[file]) if pd.isna(end) else end) for file, start, end in recordings]
    return audformat.segmented_index(*zip(*rows))


def random_segments(recordings: pd.MultiIndex) -> pd.MultiIndex:
    """Of each recording that is long enough, two parts that begin and end anywhere, on no sample in particular."""
    random = np.random.default_rng(2)
    rows = []
    for file, start, end in recordings:
        duration = (end - start).total_seconds()
        for _ in range(SEGMENTS_OF_A_RECORDING):
            length = random.uniform(SHORTEST_SEGMENT_S, max(duration, SHORTEST_SEGMENT_S))
            offset = random.uniform(0, max(duration - length, 0))
            if length <= duration:
                rows.append((file, start + seconds(offset), start + seconds(offset + length)))
    return audformat.segmented_index(*zip(*rows)) if rows else audformat.segmented_index()


def seconds(value: float) -> pd.Timedelta:
    """Whole microseconds."""
    return pd.Timedelta(round(value * 1e6), unit="us")


def write_tables(source: str, work: str, window: str) -> None:
    """Writes work/NAME-RATE.csv for each way to score and each kind of rate, work/whole.csv with all recordings, and
    prints what there is."""
    recordings = read_input(Path(source))
    facts = {file: soundfile.info(file) for file in recordings.get_level_values("file").unique()}
    timed = with_ends(recordings, {file: fact.duration for file, fact in facts.items()})
    lengths = timed.get_level_values("end") - timed.get_level_values("start")
    is_long = lengths >= pd.Timedelta(float(window), unit="s")
    tables = []
    for way, index in {"whole": recordings, "windows": recordings[is_long], "segments": random_segments(timed)}.items():
        at_16_khz = np.array([facts[file].samplerate == RATE for file in index.get_level_values("file")], dtype=bool)
        for is_native, chosen in ((True, index[at_16_khz]), (False, index[~at_16_khz])):
            if len(chosen):
                path = Path(work) / f"{way}-{'native' if is_native else 'resampled'}.csv"
                chosen.to_frame(index=False).to_csv(path, index=False)
                tables.append({"path": str(path), "way": way, "is_native": is_native, "recordings": len(chosen)})
    recordings.to_frame(index=False).to_csv(Path(work) / "whole.csv", index=False)
    total = float(lengths.total_seconds().to_numpy().sum())
    print(json.dumps({"recordings": len(recordings), "seconds": total, "tables": tables}))
