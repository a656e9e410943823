"""Reading and writing `table.bin` (little-endian), format version 1.

    offset  what
    0       8 bytes   magic "DTTABLE1"
    8       uint32    rows
    12      uint32    dimensions
    16      uint32    fields (F)
    20      uint32    bytes of the vocabulary text
    24      float32   F field weights: name, path, head, body, marks, docs
    ..      float32   rows  query weights, the row's int8 scale included
    ..      float32   rows  document weights, the row's int8 scale included
    ..      int8      rows x dimensions  token vectors
    ..      UTF-8     the tokens, in the order of the rows, separated by line breaks
"""
import struct
import numpy as np

MAGIC = b"DTTABLE1"


def quantise(vectors):
    scale = np.abs(vectors).max(axis=1) / 127.0
    scale[scale == 0] = 1.0
    return np.clip(np.rint(vectors / scale[:, None]), -127, 127).astype(np.int8), scale.astype(np.float32)


def write_table(path, tokens, vectors, wq, wd, fields):
    """wq, wd: plain factors (not logarithms)."""
    q, scale = quantise(vectors)
    text = "\n".join(tokens).encode()
    with open(path, "wb") as f:
        f.write(MAGIC + struct.pack("<4I", len(tokens), vectors.shape[1], len(fields), len(text)))
        f.write(np.asarray(fields, "<f4").tobytes())
        f.write((wq * scale).astype("<f4").tobytes())
        f.write((wd * scale).astype("<f4").tobytes())
        f.write(q.tobytes())
        f.write(text)


def read_table(path):
    data = open(path, "rb").read()
    assert data[:8] == MAGIC, "not a table"
    rows, dims, nf, ntext = struct.unpack_from("<4I", data, 8)
    at = 24
    fields = np.frombuffer(data, "<f4", nf, at)
    at += 4 * nf
    wq = np.frombuffer(data, "<f4", rows, at)
    at += 4 * rows
    wd = np.frombuffer(data, "<f4", rows, at)
    at += 4 * rows
    vectors = np.frombuffer(data, np.int8, rows * dims, at).reshape(rows, dims)
    at += rows * dims
    tokens = data[at : at + ntext].decode().split("\n")
    assert len(tokens) == rows and at + ntext == len(data)
    return tokens, vectors, wq, wd, fields
