#!/usr/bin/env python3
"""Compressed weights in the MNN runtime, by bits, offsets and blocks: the section "Weights alone" of docs/accuracy.md.

usage: bench/weights-table.py --run PROGRAM [--reference COMMAND] [--ours COMMAND] [--models a,b] [--pictures N] FOLDER

FOLDER holds a folder a model: model.mnn, meta.json (input, shape, outputs) and io/, with inputs NN.input.f32 and the runtime's answers of the
float model, NN.outputK.f32. --run MODEL OUTDIR SHAPE INPUT... is to run a model in the runtime on one input after the other: it writes
output J of input K as OUTDIR/K.J.f32 and prints a line 'OUT NAME' an output, in order. --reference SRC DST [fp16] [bits=N] [asym] [block=N] is to
compress a model as the converter does. Prints size, mean and least cosine, and the largest difference of the engine's answer to the first
input from the runtime's, as a share of the largest element.
"""
import argparse
import array
import glob
import json
import math
import os
import re
import shlex
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = "dotnet " + shlex.quote(os.path.join(ROOT, "src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll"))


def floats(path):
    values = array.array("f")
    with open(path, "rb") as file:
        content = file.read()
    start = 10 + int.from_bytes(content[8:10], "little") if content.startswith(b"\x93NUMPY") else 0
    values.frombytes(content[start:])
    return values


def cosine(a, b):
    """Of two arrays; 1 if both are zero, 0 if one is."""
    dot = sum(p * q for p, q in zip(a, b))
    norms = math.sqrt(sum(p * p for p in a) * sum(q * q for q in b))
    return dot / norms if norms else float(not any(a) and not any(b))


def forms():
    yield 16, False, 0
    for bits in (8, 6, 4, 3, 2):
        for asymmetric in (True, False):
            for block in (0, 32, 64):
                yield bits, asymmetric, block


def compress(options, who, source, target, bits, asymmetric, block):
    if who == "converter":
        words = ["fp16"] if bits == 16 else [f"bits={bits}"] + ["asym"] * asymmetric + ([f"block={block}"] if block else [])
        subprocess.run([*shlex.split(options.reference), source, target, *words], check=True, capture_output=True)
        return
    words = ["--mode", "fp16"] if bits == 16 else ["--mode", "weight_only", "--bits", str(bits), "--block", str(block)]
    words += [] if asymmetric or bits == 16 else ["--symmetric"]
    subprocess.run([*shlex.split(options.ours), "quantize", "-q", source, target, *words], check=True, capture_output=True)


def measure(options, folder, meta, model, work):
    inputs = sorted(glob.glob(folder + "/io/*.input.f32"))[:options.pictures]
    run = subprocess.run(
        [*shlex.split(options.run), model, work, meta["shape"], *inputs], capture_output=True, text=True, env={**os.environ, "NAMES": "1"})
    if run.returncode:
        return f"the runtime fails ({run.returncode})"
    names = [line[4:] for line in run.stdout.splitlines() if line.startswith("OUT ")]
    cosines = []
    for number, path in enumerate(inputs):
        key = os.path.basename(path).split(".")[0]
        for k, name in enumerate(meta["outputs"]):
            cosines.append(cosine(floats(f"{folder}/io/{key}.output{k}.f32"), floats(f"{work}/{number}.{names.index(name)}.f32")))
    subprocess.run(
        [*shlex.split(options.ours), "run", model, "-q", "-i", f"{meta['input']}={inputs[0]}:{meta['shape']}", "-o", work + "/engine"],
        check=True, capture_output=True)
    difference = 0.0
    for name in meta["outputs"]:
        ours = floats(f"{work}/engine/{re.sub('[/:]', '_', name)}.npy")
        theirs = floats(f"{work}/0.{names.index(name)}.f32")
        difference = max(difference, max(abs(p - q) for p, q in zip(ours, theirs)) / max(map(abs, theirs)))
    return f"cosine {sum(cosines) / len(cosines):.5f}, least {min(cosines):.5f}, engine differs by {difference:.0e}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--run", required=True)
    parser.add_argument("--reference")
    parser.add_argument("--ours", default=OURS)
    parser.add_argument("--models")
    parser.add_argument("--pictures", type=int, default=4)
    options = parser.parse_args()
    models = options.models.split(",") if options.models else sorted(
        os.path.basename(os.path.dirname(path)) for path in glob.glob(options.folder + "/*/meta.json"))
    for name in models:
        folder = os.path.join(options.folder, name)
        with open(folder + "/meta.json", encoding="utf-8") as file:
            meta = json.load(file)
        source = folder + "/model.mnn"
        for bits, asymmetric, block in forms():
            for who in ["ours"] + (["converter"] if options.reference else []):
                with tempfile.TemporaryDirectory() as work:
                    target = work + "/small.mnn"
                    compress(options, who, source, target, bits, asymmetric, block)
                    share = os.path.getsize(target) / os.path.getsize(source)
                    form = "fp16" if bits == 16 else f"{bits} bits, {'a' * asymmetric}symmetric, block {block}"
                    print(f"{name}, {form}, {who}: {share:.3f}, {measure(options, folder, meta, target, work)}", flush=True)


if __name__ == "__main__":
    main()
