"""Writes the files beside it, with NumPy 2.4. Their contents are repeated in NumPyFilesTests."""

import io
import pathlib
import zipfile

import numpy as np
from numpy.lib import format as npy

folder = pathlib.Path(__file__).parent


def save(name, array):
    np.save(folder / f"{name}.npy", array)


save("float32", np.array([[1.5, -2, 3e-45], [np.inf, 0.1, -0.0]], np.float32))
save("float64", np.linspace(-1, 1, 5))
save("float16", np.array([0, 1, -2.5, 65504, 6e-8, np.inf], np.float16))
save("bool", np.array([True, False, True]))
for kind in "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split():
    limits = np.iinfo(kind)
    save(kind, np.array([limits.min, 0, 1, limits.max], kind))
save("strings", np.array([["a", ""], ["Zoë", "日本語🎧"]]))
save("empty-strings", np.array(["", ""]))
save("scalar", np.array(2.5))
save("no-rows", np.zeros((0, 3), np.float32))
save("fortran", np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)))
save("big-endian", np.arange(4).astype(">f8"))
save("big-endian-strings", np.array(["é", "xy"]).astype(">U2"))
for version in [(2, 0), (3, 0)]:
    with open(folder / f"version{version[0]}.npy", "wb") as file:
        npy.write_array(file, np.arange(3, dtype=np.float32), version=version)

# Types that are refused.
save("complex", np.array([1j]))
save("object", np.array([None, 1], dtype=object))
save("record", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
save("bytes", np.array([b"ab"]))
save("datetime", np.array(["2020-01-01"], dtype="M8[D]"))

matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
np.savez(folder / "stored.npz", a=matrix, **{"group/b": np.array(["x", "yz"])}, zero=np.zeros(0))
np.savez_compressed(folder / "deflated.npz", a=matrix, ramp=np.arange(3000) // 100)
np.savez(folder / "empty.npz")


class Pipe(io.RawIOBase):
    """Not seekable, so that zipfile puts the sizes behind the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(folder / "streamed.npz", "wb") as file, zipfile.ZipFile(Pipe(file), "w") as archive:
    info = zipfile.ZipInfo("a.npy")
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as entry:
        np.save(entry, matrix)
    archive.writestr(zipfile.ZipInfo("notes.txt"), "not an array")
