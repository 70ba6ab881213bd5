#!/usr/bin/env python3
"""Makes corpus/reports/{texts,gold} from corpus/reports/marked: run `python3 mark.py` after a change there.

A marked file is a text with marks, a line `----`, and a tail of records. Marks nest:
  [[b ...]]              the body (also `h` header, `l` headline, `n` next_headline, `x` boilerplate)
  [[d VALUE|words]]      a date told (dd: deadline, dc: in a citation, dr: in a back-reference, dp: of the publication, dx: boilerplate)
  [[c|AP, [[dc V|..]]]]  a citation: outlets are what stands before its date
  [[c AP,Le_Soir|..]]    the same with the outlets given (a stroke for a blank), where the words alone do not tell them
  [[r|see .., [[dr V|..]]]]  a back-reference; the title is the publication's, or given: [[r Other_Title|..]]; without a date where it prints none
  [[s1 s2|sentence]]     the statements s1 and s2
Tail:
  doc: name language
  pub: title; volume; issue; date; earliest; latest; confidence
  party: id; name; type; country; alias, alias
  tech: id; term, term            instrument: id; kind; date; term, term
  s1: speaker; country; party; anonymity; kind; kinds also right; said; flags (q quote, h hedged); cites
  transfer: from; to; tech, tech; status; s1        commit: who; country; deadline; s1        clash: s1; s2; type
  untold: year   nothing in the text fixes the year: days are not counted        noise: scan   spelled as a scanner would
A dash stands for nothing. Mentions of parties and terms are found by the script, longest first, whole words, in the body.
"""
import hashlib, json, os, re, sys

HERE = os.path.dirname(os.path.abspath(__file__))
SEGMENT = {"b": "body", "h": "header", "l": "headline", "n": "next_headline", "x": "boilerplate"}
ROLE = {"d": "event", "dd": "deadline", "dc": "citation", "dr": "backref", "dp": "publication", "dx": "boilerplate"}


def unmark(text):
    """The bare text and its marks as (head, from, to), in order of their beginnings."""
    out, marks, stack, at = [], [], [], 0
    length = 0
    while at < len(text):
        if text.startswith("[[[", at):
            out.append("["); length += 1; at += 1
        elif text.startswith("[[", at):
            bar = re.match(r"\[\[([^|\[\]\n]*)\|", text[at:])
            if not bar:
                raise SystemExit(f"mark without a bar at {text[at:at+30]!r}")
            stack.append((bar.group(1), length))
            at += bar.end()
        elif text.startswith("]]", at) and stack:
            head, start = stack.pop()
            marks.append((head, start, length))
            at += 2
        else:
            out.append(text[at]); length += 1; at += 1
    if stack:
        raise SystemExit(f"open mark {stack[-1]}")
    return "".join(out), sorted(marks, key=lambda mark: (mark[1], -mark[2]))


def none(word):
    word = word.strip()
    return None if word in ("-", "") else word


def mentions(text, terms, areas, taken):
    found = []
    for term in sorted(terms, key=len, reverse=True):
        for hit in re.finditer(r"(?<!\w)" + re.escape(term) + r"(?!\w)", text):
            span = hit.span()
            inside = any(a <= span[0] and span[1] <= b for a, b in areas)
            if inside and not any(span[0] < b and a < span[1] for a, b in taken):
                found.append(span); taken.append(span)
    return sorted(found)


def make(path):
    body, tail = open(path, encoding="utf-8").read().split("\n----\n")
    text, marks = unmark(body)
    name = os.path.splitext(os.path.basename(path))[0]
    at = lambda a, b: {"span": [a, b], "bytes": [len(text[:a].encode()), len(text[:b].encode())]}
    raw = text.encode()
    gold = {"schema": "catchall.report/1", "doc_id": name, "language": "en", "sha256": hashlib.sha256(raw).hexdigest(),
            "chars": len(text), "publication": {}, "segments": [], "citations": [], "backrefs": [], "dates": [], "parties": [],
            "statements": [], "instruments": [], "technology": [], "transfers": [], "commitments": [], "contradictions": []}
    spans, areas, brackets = {}, [], []
    for head, a, b in marks:
        key, *rest = head.split(" ")
        if key in SEGMENT:
            gold["segments"].append({"kind": SEGMENT[key], **at(a, b)})
            if key in "bl":
                areas.append((a, b))
        elif key in ROLE:
            gold["dates"].append({"value": rest[0], "role": ROLE[key], **at(a, b)})
        elif key in ("c", "r"):
            given = [word.replace("_", " ") for word in rest[0].split(",")] if rest else None
            own = [m for m in marks if m[0].startswith("dc " if key == "c" else "dr ") and a <= m[1] and m[2] <= b]
            inner = own[-1 if given else 0] if own else None
            value = inner[0].split(" ")[1] if inner else None
            if key == "c":
                outlets = given or [o.strip() for o in re.split(r",|/", text[a:inner[1]].strip(" ,(")) if o.strip()]
                record = {"id": f"c{len(gold['citations'])+1}", "outlets": outlets, "date": value.split("/")[0]}
                if "/" in value:
                    record["date_end"] = value.split("/")[1]
                gold["citations"].append({**record, **at(a, b)})
            else:
                gold["backrefs"].append({"id": f"b{len(gold['backrefs'])+1}", "title": given[0] if given else None, "date": value, **at(a, b)})
            brackets.append((a, b))
        else:
            for own in head.split(" "):
                spans[own] = (a, b)
    taken = list(brackets)
    rows = [line.split(": ", 1) for line in tail.strip().split("\n") if ": " in line]
    for key, value in rows:
        cell = [part.strip() for part in value.split(";")]
        if key == "lang":
            gold["language"] = value.strip()
        elif key in ("untold", "noise"):
            gold[key] = value.strip()
        elif key == "pub":
            title, volume, issue, date, low, high, sure = cell
            gold["publication"] = {"title": none(title), "volume": int(volume) if none(volume) else None, "issue": int(issue) if none(issue) else None,
                                   "date": none(date), "earliest": none(low), "latest": none(high), "confidence": sure, "basis": "as marked"}
        elif re.fullmatch(r"s\d+", key):
            who, country, party, anonymity, kind, ok, said, flags, cites = cell
            ids = [c for c in cites.replace(",", " ").split() if c != "-"]
            outlets = sorted({o for c in gold["citations"] if c["id"] in ids for o in c["outlets"]})
            gold["statements"].append({"id": key, "speaker": {"name": none(who), "role": None, "country": none(country), "party": none(party), "anonymity": anonymity},
                                       "kind": kind, "kind_ok": [] if none(ok) is None else ok.split(), "content": "", "said": none(said), "cites": ids, "outlets": outlets,
                                       "quote": "q" in flags, "hedged": "h" in flags, "act": "assertion", **at(*spans[key])})
        elif key == "transfer":
            giver, receiver, tech, status, ids = cell
            gold["transfers"].append({"from": giver, "to": receiver, "what": tech, "technology": [t.strip() for t in tech.split(",")], "status": status, "statements": ids.split(), "when": None})
        elif key == "commit":
            who, country, deadline, own = cell
            gold["commitments"].append({"id": f"k{len(gold['commitments'])+1}", "who": who, "country": none(country), "to": None, "what": "", "made": None,
                                        "deadline": none(deadline), "status": "open", "statement": own, **at(*spans[own])})
        elif key == "clash":
            gold["contradictions"].append({"a": cell[0], "b": cell[1], "type": cell[2], "note": ""})
    for b in gold["backrefs"]:
        b["title"] = b["title"] or gold["publication"]["title"]
    parties = [(value.split(";"), key) for key, value in rows if key == "party"]
    order = []
    for cell, _ in parties:
        pid, pname, kind, country, aliases = [part.strip() for part in cell]
        order.append((pid, pname, kind, none(country), [a.strip() for a in aliases.split(",")]))
    own_spans = {p[0]: [] for p in order}
    for alias, pid in sorted(((a, p[0]) for p in order for a in p[4]), key=lambda row: -len(row[0])):
        own_spans[pid] += mentions(text, [alias], areas, taken)
    for pid, pname, kind, country, aliases in order:
        found = sorted(own_spans[pid])
        if not found:
            raise SystemExit(f"{name}: party {pid} is nowhere")
        gold["parties"].append({"id": pid, "name": pname, "type": kind, "country": country, "aliases": aliases, "spans": [list(s) for s in found],
                                "bytes": [at(*s)["bytes"] for s in found]})
    for key, value in rows:
        if key not in ("tech", "instrument"):
            continue
        cell = [part.strip() for part in value.split(";")]
        terms = [t.strip() for t in cell[-1].split(",")]
        found = mentions(text, terms, areas, [])
        if not found:
            raise SystemExit(f"{name}: {cell[0]} is nowhere")
        record = {"id": cell[0], "name": cell[0].replace("-", " "), "terms": terms, "spans": [list(s) for s in found], "bytes": [at(*s)["bytes"] for s in found]}
        if key == "instrument":
            record.update(kind=cell[1], date=none(cell[2]))
        gold["technology" if key == "tech" else "instruments"].append(record)
    os.makedirs(os.path.join(HERE, "texts"), exist_ok=True)
    os.makedirs(os.path.join(HERE, "gold"), exist_ok=True)
    open(os.path.join(HERE, "texts", name + ".txt"), "wb").write(raw)
    with open(os.path.join(HERE, "gold", name + ".json"), "w", encoding="utf-8") as file:
        json.dump(gold, file, ensure_ascii=False, indent=1)
        file.write("\n")


for entry in sorted(os.listdir(os.path.join(HERE, "marked"))):
    make(os.path.join(HERE, "marked", entry))
