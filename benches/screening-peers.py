#!/usr/bin/env python3
"""Screens the same names with nomenklatura (logic-v2, with its own blocker) and with ours, in one run, by processor time.

    python3 -m venv VENV && VENV/bin/pip install nomenklatura==4.17.4
    cargo build --release -p catchall-screen --examples
    VENV/bin/python benches/screening-peers.py LIST QUERIES.tsv [PAIRS.tsv ...] [--examples target/release/examples] [--few N]

LIST is the US Consolidated Screening List as JSON; a line of QUERIES is a kind, a tab and a name. Both sides get the same entries, names and
kinds, and both count what takes one core: ours with `--examples lists`, from the questions' text to the hits; theirs from entities to
candidates (blocker, one batch) to scores of logic-v2, at the thresholds that each ships with (0.70). Their index build and their one-off
loading of name symbols are told apart. PAIRS are scored by both; figures there are of all pairs, so that ours are partly fitted on them: the
unfitted half alone is what `--example pairs` prints. Nothing of the peer is kept here.
"""
import json, re, subprocess, sys, tempfile, time
from pathlib import Path

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker import Index
from nomenklatura.matching import get_algorithm
from nomenklatura.resolver import Linker
from nomenklatura.store import SimpleMemoryStore

PASS = 0.70
SCHEMA = {"Individual": "Person", "Entity": "Organization", "Vessel": "Vessel", "Aircraft": "Airplane"}
QUERIED = {"person": "Person", "organisation": "Organization"}


def entity(dataset, key, schema, names):
    data = {"id": key, "schema": schema, "properties": {"name": names}, "datasets": [dataset.name]}
    return StatementEntity.from_data(dataset, data)


def stopwatch(what, action):
    begin, wall = time.process_time(), time.perf_counter()
    result = action()
    spent = time.process_time() - begin
    print(f"  {what}: {spent:.2f} s of processor time, {time.perf_counter() - wall:.2f} s by the clock", flush=True)
    return result, spent


def peer_list(list_path, queries, algorithm, config):
    dataset = Dataset.make({"name": "csl", "title": "csl"})
    asked = Dataset.make({"name": "asked", "title": "asked"})
    store = SimpleMemoryStore(dataset, Linker({}))

    def load():
        entries = json.load(open(list_path))["entries"]
        with store.writer() as writer:
            for number, entry in enumerate(entries):
                names = [entry["n"], *(entry.get("a") or [])]
                writer.add_entity(entity(dataset, f"l{number}", SCHEMA.get(entry.get("t"), "LegalEntity"), names))
        return store.view(dataset)

    view, _ = stopwatch("their list read", load)
    with tempfile.TemporaryDirectory() as folder:
        index = Index(view, Path(folder))
        _, built = stopwatch("their index built", index.build)
        parties = {f"q{at}": entity(asked, f"q{at}", QUERIED.get(kind, "LegalEntity"), [name]) for at, (kind, name) in enumerate(queries)}
        listed = entity(dataset, "warm", "Person", ["Warm Up"])
        stopwatch("their name symbols loaded", lambda: algorithm.compare(next(iter(parties.values())), listed, config))

        def ask():
            hits = set()
            for key, found in index.match_entities(parties.values()):
                query = parties[key.id]
                for other, _ in found:
                    listed = view.get_entity(other.id)
                    if listed is not None and algorithm.compare(query, listed, config).score >= PASS:
                        hits.add(key.id)
            return hits

        hits, spent = stopwatch(f"their {len(parties)} questions", ask)
        index.close()
    print(f"  theirs: {len(parties) / spent:.0f} questions a second, {100 * len(hits) / len(parties):.2f} % with a hit")
    return len(parties) / spent


def our_list(examples, list_path, queries_path, rounds):
    out = subprocess.run([f"{examples}/lists", list_path, queries_path, str(rounds)], capture_output=True, text=True, check=True).stdout
    print("\n".join("  ours: " + line for line in out.strip().splitlines()))
    return float(re.search(r"\((\d+) a second of processor time\)", out).group(1))


def told(name, scored):
    """Best F1, F1 at the threshold, and recall where 5 % of strangers pass; ties go together."""
    scored.sort(key=lambda row: -row[0])
    friends, strangers = sum(m for _, m in scored), sum(not m for _, m in scored)
    true = false = best = own = recall = 0
    for at, (score, matched) in enumerate(scored):
        true, false = true + matched, false + (not matched)
        if at + 1 < len(scored) and scored[at + 1][0] == score:
            continue
        f1 = 2 * true / (true + false + friends)
        best = max(best, f1)
        own = f1 if score >= PASS else own
        recall = true / max(friends, 1) if false <= 0.05 * strangers else recall
    print(f"  {name:28} {len(scored):6} F1 {own:.3f}  best F1 {best:.3f}  R@5 {recall:.3f}")


def pairs(paths, examples, algorithm, config):
    dataset = Dataset.make({"name": "pairs", "title": "pairs"})
    spent = count = 0
    for path in paths:
        rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")][1:]
        made = [(entity(dataset, "a", r[2], [r[0]]), entity(dataset, "b", r[2], [r[1]]), r[3] == "1") for r in rows]
        begin = time.process_time()
        scored = [(algorithm.compare(a, b, config).score, matched) for a, b, matched in made]
        spent, count = spent + time.process_time() - begin, count + len(made)
        told("theirs " + Path(path).name.split(".")[0], scored)
    print(f"  theirs: {count / spent:.0f} pairs a second of processor time")
    out = subprocess.run([f"{examples}/pairs", *paths, "--all"], capture_output=True, text=True, check=True).stdout
    sets = tuple(Path(path).name.split(".")[0] for path in paths)
    rows = [line for line in out.splitlines() if line.startswith("set ") or line.split(" ")[0] in sets and not re.search(r" x-", line) or " us a pair" in line]
    print("\n".join("  ours: " + line for line in rows))


def main():
    words, options = [], {"--examples": "target/release/examples", "--few": "0"}
    arguments = iter(sys.argv[1:])
    for word in arguments:
        if word in options:
            options[word] = next(arguments)
        else:
            words.append(word)
    list_path, queries_path, *pair_paths = words
    queries = [line.rstrip("\n").split("\t") for line in open(queries_path, encoding="utf-8") if "\t" in line]
    few = int(options["--few"])
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    print(f"the list, {len(queries)} questions")
    ours = our_list(options["--examples"], list_path, queries_path, 5)
    theirs = peer_list(list_path, queries[: few or None], algorithm, config)
    print(f"  ours answers {ours / theirs:.0f} questions in the processor time of one of theirs")
    if pair_paths:
        print("pairs")
        pairs(pair_paths, options["--examples"], algorithm, config)


main()
