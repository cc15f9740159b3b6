#!/usr/bin/env python3
"""The accuracy of int8 models in the MNN runtime, by method and repair: the tables of docs/accuracy.md.

usage: bench/accuracy-table.py --run PROGRAM --prepare PROGRAM [--reference COMMAND] [--ours COMMAND] [--fashion FOLDER]
                               [--float NAME=FILE] [--models a,b] [--rows a,b] [--work FOLDER] FOLDER

FOLDER holds a folder a model: model.mnn and config.json, whose path leads to its pictures. Where that names Fashion-MNIST
(fashion28, fashion32), all pictures calibrate and the 10,000 test pictures of --fashion (idx files) judge, by their labels;
elsewhere the first half by name calibrates, and the other half judges, by the float model's outputs.

--run MODEL OUTDIR NAME=FILE:SHAPE is to run a model in the runtime: it writes each output as OUTDIR/NAME.f32, prints a line
'NAME DIMS order O' for each in order, and 'input NAME order O ... dims ...' to standard error. --prepare PICTURE OUT.f32 WIDTH HEIGHT FORMAT
NCHW|NHWC MEANS NORMALS is to prepare a picture as the runtime does. --reference and --ours get SRC DST CONFIG appended. --float
names the model to compare with where the runtime can't run the float model itself. What is in --work already is not made again.
"""
import argparse
import array
import concurrent.futures
import gzip
import json
import operator
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = "dotnet " + shlex.quote(os.path.join(ROOT, "src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll")) + " quantize -q"
EMA = {"feature_quantize_method": "EMA", "batch_size": 16}
FOUR = {"quant_bits": 4, "weight_quantize_method": "ADMM"}
ROWS = {
    "reference, KL / MAX_ABS": {},
    "reference, KL / ADMM": {"weight_quantize_method": "ADMM"},
    "reference, EMA / MAX_ABS": EMA,
    "KL / MAX_ABS": {},
    "EMA / MAX_ABS": EMA,
    "ADMM / MAX_ABS": {"feature_quantize_method": "ADMM"},
    "repair: default": {"repair": "default"},
    "mode: auto": {"mode": "auto"},
    "ranges": {"repair": ["ranges"]},
    "ranges, bias_correction": {"repair": ["ranges", "bias_correction"]},
    "ranges, equalization": {"repair": ["ranges", "equalization"]},
    "ranges, float_outputs": {"repair": ["ranges", "float_outputs"]},
    "ranges, rounding": {"repair": ["ranges", "rounding"]},
    "all but rounding": {"repair": ["ranges", "bias_correction", "equalization", "float_outputs"]},
    "4 bits, all but rounding": {**FOUR, "repair": ["ranges", "bias_correction", "equalization", "float_outputs"]},
    "4 bits, repair: default": {**FOUR, "repair": "default"},
}


def cosine(a, b):
    """Of two arrays; 1 if both are zero, 0 if one is."""
    dot, aa, bb = (sum(map(operator.mul, x, y)) for x, y in ((a, b), (a, a), (b, b)))
    return 1.0 if aa == 0 and bb == 0 else 0.0 if aa == 0 or bb == 0 else dot / (aa * bb) ** 0.5


def greatest(values):
    return max(range(len(values)), key=values.__getitem__)


def idx(folder, name):
    path = os.path.join(folder, name)
    data = gzip.open(path + ".gz").read() if os.path.exists(path + ".gz") else open(path, "rb").read()
    return data[4 + 4 * data[3]:]


class Model:
    """A float model with its settings and the pictures that judge it."""

    def __init__(self, name, args):
        self.args, self.name, self.folder = args, name, os.path.join(args.folder, name)
        self.work = os.path.join(args.work, name)
        os.makedirs(self.work, exist_ok=True)
        with open(os.path.join(self.folder, "config.json"), encoding="utf-8") as file:
            self.config = json.load(file)
        for key in ("used_image_num", "feature_quantize_method", "weight_quantize_method", "batch_size"):
            self.config.pop(key, None)
        self.pictures = os.path.normpath(os.path.join(self.folder, self.config["path"]))
        self.source = os.path.join(self.folder, "model.mnn")
        floats = dict(pair.split("=", 1) for pair in args.float)
        self.float = floats.get(name, self.source)
        self.labelled = "fashion" in os.path.basename(self.pictures)
        self.calibration = self.pictures if self.labelled else self.split()
        self.labels = idx(args.fashion, "t10k-labels-idx1-ubyte") if self.labelled else None

    def split(self):
        """A folder of links to the first half of the pictures."""
        folder = os.path.join(self.work, "calibration")
        names = sorted(os.listdir(self.pictures))
        os.makedirs(folder, exist_ok=True)
        for name in names[:len(names) // 2]:
            if not os.path.lexists(os.path.join(folder, name)):
                os.symlink(os.path.join(self.pictures, name), os.path.join(folder, name))
        return folder

    def inputs(self):
        """Files of what goes in, and the shape of one: made once."""
        error = subprocess.run([self.args.run, self.float, tempfile.mkdtemp()], capture_output=True, text=True).stderr
        self.input, order = re.search(r"input (\S+) order (\d)", error).groups()
        c, channels = self.config, {"GRAY": 1, "RGB": 3, "BGR": 3}.get(self.config["format"], 4)
        nhwc = order == "0"
        shape = [c["height"], c["width"], channels] if nhwc else [channels, c["height"], c["width"]]
        if self.labelled:
            return self.batches(shape)
        names, files = sorted(os.listdir(self.pictures)), []
        for name in names[len(names) // 2:]:
            files.append(os.path.join(self.work, name + ".f32"))
            if not os.path.exists(files[-1]):
                four = [",".join(map(str, (c.get(key, []) + [0, 0, 0, 0])[:4])) for key in ("mean", "normal")]
                subprocess.run(
                    [self.args.prepare, os.path.join(self.pictures, name), files[-1], str(c["width"]), str(c["height"]),
                     c["format"], "NHWC" if nhwc else "NCHW", *four], check=True, stdout=subprocess.DEVNULL)
        return files, "x".join(map(str, [1] + shape)), 1

    def batches(self, shape, batch=1000):
        """The test pictures, a thousand a file, with a border of zeros where the model is larger."""
        pixels, size = idx(self.args.fashion, "t10k-images-idx3-ubyte"), self.config["width"]
        table = [(v - self.config["mean"][0]) * self.config["normal"][0] for v in range(256)]
        border, files = (size - 28) // 2, []
        for start in range(0, len(pixels) // 784, batch):
            files.append(os.path.join(self.work, f"test{start:05}.f32"))
            if os.path.exists(files[-1]):
                continue
            values = array.array("f")
            for i in range(start, start + batch):
                values.extend([table[0]] * (size * border))
                for row in range(28):
                    at = i * 784 + row * 28
                    values.extend([table[0]] * border + [table[v] for v in pixels[at:at + 28]] + [table[0]] * border)
                values.extend([table[0]] * (size * border))
            with open(files[-1], "wb") as file:
                values.tofile(file)
        return files, "x".join(map(str, [batch] + shape)), batch

    def make(self, row):
        """The int8 model of a row; None if its tool writes none."""
        target = os.path.join(self.work, re.sub(r"\W+", "-", row) + ".mnn")
        if os.path.exists(target):
            return target
        reference = row.startswith("reference")
        config = {**self.config, **ROWS[row], "path": self.calibration + "/"}
        if reference:
            config.setdefault("feature_quantize_method", "KL")
            config.setdefault("weight_quantize_method", "MAX_ABS")
            config["used_image_num"] = len(os.listdir(self.calibration))
        with open(target + ".json", "w", encoding="utf-8") as file:
            json.dump(config, file)
        command = shlex.split(self.args.reference if reference else self.args.ours)
        done = subprocess.run(command + [self.source, target, target + ".json"], capture_output=True, text=True)
        if not os.path.exists(target):
            print(f"{self.name}, {row}: no model ({done.returncode})", file=sys.stderr)
        return target if os.path.exists(target) else None

    def outputs(self, model, files, shape):
        """A list of outputs a file."""
        def one(file):
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    [self.args.run, model, folder, f"{self.input}={file}:{shape}"], capture_output=True, text=True, check=True)
                result = []
                for name in re.findall(r"^(\S+)(?: \d+)* order \d+$", done.stdout, re.MULTILINE):
                    values = array.array("f")
                    with open(os.path.join(folder, re.sub("[/:]", "_", name) + ".f32"), "rb") as output:
                        values.frombytes(output.read())
                    result.append(values)
                return result
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, files))

    def judge(self, row, files, shape, batch, floats):
        """Cosine, lowest cosine, pictures with the same first, right ones, bytes and the number of pictures."""
        model = self.float if row == "float" else self.make(row)
        if model is None:
            return None
        cosines, same, right, count = [], 0, 0, 0
        for expected, actual in zip(floats, self.outputs(model, files, shape)):
            sizes = [len(e) // batch for e in expected]
            for i in range(batch):
                pairs = [(e[i * n:(i + 1) * n], a[i * n:(i + 1) * n]) for e, a, n in zip(expected, actual, sizes)]
                cosines.append(statistics.fmean(cosine(e, a) for e, a in pairs))
                first = greatest(pairs[0][1])
                same += first == greatest(pairs[0][0])
                right += self.labels is not None and first == self.labels[count]
                count += 1
        return {
            "cosine": statistics.fmean(cosines), "lowest": min(cosines), "same": same, "of": count,
            "right": right if self.labelled else None, "bytes": os.path.getsize(model) / os.path.getsize(self.source),
        }


def table(results):
    """Methods in lines, models in columns: cosine, pictures with the same first class and, with labels, pictures that are right."""
    print("| | " + " | ".join(results) + " |\n|---" + "|---" * len(results) + "|")
    for row in ["float", *ROWS]:
        cells = []
        for rows in results.values():
            r = rows.get(row)
            figures = [] if r is None else [f"{r['cosine']:.5f}"[1 if r["cosine"] < 1 else 0:], str(r["same"])]
            figures += [] if r is None or r["right"] is None else [str(r["right"])]
            cells.append("; ".join(figures) or "-")
        if any(cell != "-" for cell in cells):
            print(f"| {row} | " + " | ".join(cells) + " |")


def gap(results):
    """What repair closes of the gap between float and plain int8."""
    print("\n| Model | Reference, its best | KL / MAX_ABS | repair: default | Closed of the gap | mode: auto |\n|---|---|---|---|---|---|")
    closed = []
    for name, rows in results.items():
        reference = [r["cosine"] for row, r in rows.items() if row.startswith("reference") and r]
        plain, repaired = rows.get("KL / MAX_ABS"), rows.get("repair: default")
        if not plain or not repaired:
            continue
        closed.append((repaired["cosine"] - plain["cosine"]) / (1 - plain["cosine"]))
        best = f"{max(reference):.5f}" if reference else "-"
        auto = f"{rows['mode: auto']['cosine']:.5f}" if rows.get("mode: auto") else "-"
        print(f"| {name} | {best} | {plain['cosine']:.5f} | {repaired['cosine']:.5f} | {closed[-1]:.0%} | {auto} |")
    if closed:
        print(f"\nMean of what is closed: {statistics.fmean(closed):.0%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--run", required=True)
    parser.add_argument("--prepare", required=True)
    parser.add_argument("--reference", default="false")
    parser.add_argument("--ours", default=OURS)
    parser.add_argument("--fashion", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--float", action="append", default=[])
    parser.add_argument("--models")
    parser.add_argument("--rows")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "accuracy-table"))
    args = parser.parse_args()
    args.folder, args.work = os.path.abspath(args.folder), os.path.abspath(args.work)
    os.makedirs(args.work, exist_ok=True)
    every = [n for n in sorted(os.listdir(args.folder)) if os.path.exists(os.path.join(args.folder, n, "config.json"))]
    store = os.path.join(args.work, "results.json")
    results = json.load(open(store, encoding="utf-8")) if os.path.exists(store) else {}
    models = {}
    for row in ["float"] + [r for r in ROWS if not args.rows or r in args.rows.split(";")]:
        for name in args.models.split(",") if args.models else every:
            rows = results.setdefault(name, {})
            if row in rows:
                continue
            if name not in models:
                model = Model(name, args)
                files, shape, batch = model.inputs()
                models[name] = model, files, shape, batch, model.outputs(model.float, files, shape)
            model, *judged = models[name]
            rows[row] = model.judge(row, *judged)
            print(name, row, rows[row], file=sys.stderr, flush=True)
            with open(store + ".new", "w", encoding="utf-8") as file:
                json.dump(results, file)
            os.replace(store + ".new", store)
    table(results)
    gap(results)


if __name__ == "__main__":
    main()
