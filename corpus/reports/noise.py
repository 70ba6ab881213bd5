#!/usr/bin/env python3
"""Scans texts and their gold: `python3 noise.py GOLD TEXTS OUT [RATE]` writes OUT/gold and OUT/texts, spelled as a scanner would.

Letters that scanners confuse (l/1, O/0, I/l, rn/m), words broken at the end of a line, spaces lost, running heads. RATE is the share of letters
touched, in thousandths (default 5). The same input gives the same output: the seed is the document's name. Spans are moved with the text.
"""
import hashlib, json, os, random, sys

SWAP = {"l": "1", "1": "l", "0": "O", "O": "0", "i": "l", "I": "l"}


def scan(text, name, rate):
    dice = random.Random(name)
    out, place, at = [], [], 0
    length = 0
    while at < len(text):
        piece, step = text[at], 1
        new = piece
        hit = dice.random() * 1000 < rate
        if text[at:at + 2] == "rn" and dice.random() < rate / 50:
            new, step = "m", 2
        elif hit and piece in SWAP:
            new = SWAP[piece]
        elif hit and piece == "m":
            new = "rn"
        elif hit and piece == " " and at and text[at - 1].isalpha() and text[at + 1:at + 2].isalpha() and dice.random() < 0.3:
            new = ""
        elif piece.islower() and text[at + 1:at + 3].isalpha() and text[max(0, at - 3):at].isalpha() and text[max(0, at - 3):at + 3].islower() and dice.random() * 1000 < rate / 2:
            new = piece + "-\n"
        for _ in range(step):
            place.append(length)
        out.append(new)
        length += len(new)
        at += step
    place.append(length)
    return "".join(out), place


def main():
    gold, texts, out = sys.argv[1:4]
    rate = float(sys.argv[4]) if len(sys.argv) > 4 else 5.0
    for part in ("gold", "texts"):
        os.makedirs(os.path.join(out, part), exist_ok=True)
    for entry in sorted(os.listdir(gold)):
        if not entry.endswith(".json"):
            continue
        record = json.load(open(os.path.join(gold, entry), encoding="utf-8"))
        if record.get("schema") != "catchall.report/1" or record["language"] != "en":
            continue
        name = record["doc_id"]
        text, place = scan(open(os.path.join(texts, name + ".txt"), encoding="utf-8").read(), name, rate)

        def moved(span):
            return [place[span[0]], max(place[span[1]], place[span[0]] + 1)]

        for layer in ("segments", "citations", "backrefs", "dates", "statements", "commitments"):
            for own in record[layer]:
                own["span"] = moved(own["span"])
                own["bytes"] = [len(text[:end].encode()) for end in own["span"]]
        for layer in ("parties", "technology", "instruments"):
            for own in record[layer]:
                own["spans"] = [moved(span) for span in own["spans"]]
        record.update(sha256=hashlib.sha256(text.encode()).hexdigest(), chars=len(text), noise="scan")
        open(os.path.join(out, "texts", name + ".txt"), "w", encoding="utf-8").write(text)
        with open(os.path.join(out, "gold", entry), "w", encoding="utf-8") as file:
            json.dump(record, file, ensure_ascii=False)


main()
