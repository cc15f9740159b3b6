#!/usr/bin/env python3
"""Whole runs of the command on folders that hold a model.mnn and a config.json, beside another command if one is given.

usage: bench/whole-runs.py [--other COMMAND] [--ours COMMAND] [--methods KL-MAX_ABS,EMA-MAX_ABS] [--runs 5] [--pictures N]
                           [--out FILE.json] FOLDER...

Both commands get SRC DST CONFIG appended and run in turn, so that a machine whose speed drifts disturbs both alike. Prints
the medians of wall time, processor time and peak memory, and the median of the ratios pair by pair (above 1: ours is faster,
or takes more memory); --out writes every single run as JSON. A method is FEATURES-WEIGHTS, as in the config.
"""
import argparse
import json
import os
import shlex
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = "dotnet " + shlex.quote(os.path.join(ROOT, "src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll")) + " quantize"


def measure(command, log):
    """Runs a command to its end: seconds of the clock, of the processors, and peak memory in MiB."""
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
        "exit": os.waitstatus_to_exitcode(status),
    }


def config_for(folder, method, pictures, target):
    """The folder's config with another method, and its paths made absolute."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    config["path"] = os.path.normpath(os.path.join(folder, config["path"])) + "/"
    config["feature_quantize_method"], config["weight_quantize_method"] = method.split("-")
    config.setdefault("batch_size", 16)
    if pictures:
        config["used_image_num"] = pictures
    with open(target, "w", encoding="utf-8") as file:
        json.dump(config, file)


def median(runs, figure):
    return statistics.median(run[figure] for run in runs)


def compare(folder, method, options, scratch):
    """Runs of one model and method: a line, and everything measured."""
    config = os.path.join(scratch, "config.json")
    config_for(folder, method, options.pictures, config)
    commands = {"ours": options.ours, **({"other": options.other} if options.other else {})}
    runs = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            model, log = os.path.join(scratch, name + ".mnn"), os.path.join(scratch, name + ".log")
            if os.path.exists(model):
                os.remove(model)
            run = measure([*shlex.split(command), os.path.join(folder, "model.mnn"), model, config], log)
            run["wrote"] = os.path.exists(model)
            runs[name].append(run)

    text = f"{os.path.basename(folder)} {method}:"
    for name, done in runs.items():
        failed = sum(not run["wrote"] for run in done)
        text += f" {name} {median(done, 'wall'):.2f} s ({median(done, 'cpu'):.2f} s of processors," \
                f" {median(done, 'memory'):.0f} MiB)" + (f", {failed} of {len(done)} wrote no model" if failed else "") + ";"
    ratios = {}
    if options.other and all(run["wrote"] for done in runs.values() for run in done):
        pairs = list(zip(runs["ours"], runs["other"]))
        ratios = {
            "speed": statistics.median(other["wall"] / ours["wall"] for ours, other in pairs),
            "memory": statistics.median(ours["memory"] / other["memory"] for ours, other in pairs),
        }
        text += f" {ratios['speed']:.2f} times as fast, {ratios['memory']:.2f} times the memory"
    print(text.rstrip(";"), flush=True)
    return {"model": folder, "method": method, "runs": runs, "ratios": ratios}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0], description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--ours", default=OURS)
    parser.add_argument("--other")
    parser.add_argument("--methods", default="KL-MAX_ABS")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=int)
    parser.add_argument("--out")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for folder in map(os.path.abspath, options.folders):
            for method in options.methods.split(","):
                results.append(compare(folder, method, options, scratch))
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump({"processors": os.cpu_count(), "ours": options.ours, "other": options.other, "results": results}, file, indent=1)
            file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
