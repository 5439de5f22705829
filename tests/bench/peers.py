"""Other engines on the listings of the benchmark: peers.py FOLDER [ENGINE...].

FOLDER holds listings.jsonl and questions.txt, as `engine --write` writes them. Every engine is asked for ten hits a question, one
question after the other, after a warm round. What an engine needs and this machine lacks is said, and the engine is left out:
sqlite (in Python), postgres (PEERS_POSTGRES names a server), groonga (groonga-bin), sphinx (sphinxsearch), lucene
(PEERS_LUCENE names a jar with Lucene, such as the one in pyserini 0.25.0; needs Java 17).
"""

import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

FOLDER = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))


def listings():
    with open(os.path.join(FOLDER, "listings.jsonl"), encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


with open(os.path.join(FOLDER, "questions.txt"), encoding="utf-8") as file:
    QUESTIONS = file.read().splitlines()
COUNT = sum(1 for _ in listings())


def tell(engine, indexed=None, found=None, times=None, note=""):
    parts = [f"  {engine:<28}"]
    parts.append(f"{COUNT / indexed:>8.0f} listings/s" if indexed else " " * 19)
    if times:
        times = sorted(times)
        p50, p99 = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
        parts.append(f"p50 {p50:>8.3f} ms, p99 {p99:>8.3f} ms")
    if found is not None:
        parts.append(f"found {found}")
    print("  ".join(parts + [note]), flush=True)


def asked(ask):
    """Asks every question twice; the second round counts."""
    for question in QUESTIONS:
        ask(question)
    times, found = [], 0
    for question in QUESTIONS:
        begun = time.perf_counter()
        found += ask(question)
        times.append(time.perf_counter() - begun)
    return found, times


def size(path):
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(path) for name in names)


def sqlite(folder):
    base = sqlite3.connect(os.path.join(folder, "fts.db"))
    base.execute("create virtual table listings using fts5(title, body, tokenize='trigram')")
    begun = time.perf_counter()
    base.executemany("insert into listings(rowid, title, body) values (:id, :title, :body)", listings())
    base.commit()
    spent = time.perf_counter() - begun
    query = "select rowid from listings where listings match ? order by bm25(listings, 3.0, 1.0) limit 10"
    found, times = asked(lambda question: len(base.execute(query, (f'"{question}"',)).fetchall()))
    tell(f"SQLite {sqlite3.sqlite_version} FTS5 trigram", spent, found, times, f"{size(folder) / 1e6:.0f} MB; blind to two characters")


def postgres(folder):
    url = os.environ.get("PEERS_POSTGRES")
    if not url or not shutil.which("psql"):
        return print("  postgres: not run; PEERS_POSTGRES must name a server, and psql must be there")
    psql = ["psql", url, "-qAtX", "-v", "ON_ERROR_STOP=1"]
    table = os.path.join(folder, "listings.tsv")
    with open(table, "w", encoding="utf-8") as file:
        file.writelines(f"{each['id']}\t{each['title']}\n{each['body']}\n".replace("\n", "。", 1) for each in listings())
    os.chmod(table, 0o644)
    begin = "create extension if not exists pg_trgm; drop table if exists peers; create table peers(id bigint primary key, text text); create index on peers using gin (text gin_trgm_ops)"
    subprocess.run(psql + ["-c", begin], check=True, stderr=subprocess.DEVNULL)
    begun = time.perf_counter()
    subprocess.run(psql + ["-c", f"\\copy peers from '{table}'"], check=True)
    spent = time.perf_counter() - begun
    subprocess.run(psql + ["-c", "vacuum analyze peers"], check=True)
    script = os.path.join(folder, "questions.sql")
    with open(script, "w", encoding="utf-8") as file:
        query = "select count(*) from (select id from peers where text like '%{}%' limit 10) as hits;\n"
        file.writelines(query.format(question) for question in QUESTIONS)
        file.write("\\timing on\n")
        file.writelines(query.format(question) for question in QUESTIONS)
    out = subprocess.run(psql + ["-f", script], check=True, capture_output=True, text=True).stdout
    times = [float(each) / 1000 for each in re.findall(r"^Time: ([0-9.]+) ms", out, re.M)]
    found = sum(int(each) for each in re.findall(r"^(\d+)$", out, re.M)[len(QUESTIONS):])
    subprocess.run(psql + ["-c", "drop table peers"], check=True)
    tell("PostgreSQL pg_trgm, LIKE", spent, found, times, "no ranking")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def groonga(folder):
    if not shutil.which("groonga"):
        return print("  groonga: not run; install groonga-bin")
    base = os.path.join(folder, "db")
    schema = """table_create Docs TABLE_PAT_KEY UInt32
column_create Docs title COLUMN_SCALAR Text
column_create Docs body COLUMN_SCALAR Text
table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto
column_create Terms idx COLUMN_INDEX|WITH_POSITION|WITH_SECTION Docs title,body
"""
    subprocess.run(["groonga", "-n", base], input=schema, text=True, check=True, stdout=subprocess.DEVNULL)
    load = os.path.join(folder, "load.grn")
    with open(load, "w", encoding="utf-8") as file:
        file.write("load --table Docs\n[\n")
        for each in listings():
            file.write(("," if each["id"] else "") + json.dumps({"_key": each["id"] + 1, "title": each["title"], "body": each["body"]}, ensure_ascii=False) + "\n")
        file.write("]\n")
    begun = time.perf_counter()
    with open(load, encoding="utf-8") as file:
        subprocess.run(["groonga", base], stdin=file, check=True, stdout=subprocess.DEVNULL)
    spent = time.perf_counter() - begun
    port = free_port()
    server = subprocess.Popen(["groonga", "--protocol", "http", "--port", str(port), "--bind-address", "127.0.0.1", "-s", base], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                time.sleep(0.05)
        link = http.client.HTTPConnection("127.0.0.1", port)

        def ask(question):
            fields = {"table": "Docs", "match_columns": "title*3||body", "query": f'"{question}"', "limit": 10, "output_columns": "_key,title", "sort_keys": "-_score"}
            link.request("GET", "/d/select?" + urllib.parse.urlencode(fields))
            return len(json.loads(link.getresponse().read())[1][0]) - 2

        found, times = asked(ask)
        with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
            resident = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1000
        tell("Groonga, over HTTP", spent, found, times, f"{size(folder) / 1e6:.0f} MB on disk with its input, {resident:.0f} MB resident")
    finally:
        server.terminate()
        server.wait()


def sphinx(folder):
    if not shutil.which("indexer"):
        return print("  sphinx: not run; install sphinxsearch")
    source = os.path.join(folder, "source.xml")
    with open(source, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?><sphinx:docset><sphinx:schema><sphinx:field name="title"/><sphinx:field name="body"/></sphinx:schema>\n')
        for each in listings():
            file.write(f'<sphinx:document id="{each["id"] + 1}"><title>{each["title"]}</title><body>{each["body"]}</body></sphinx:document>\n')
        file.write("</sphinx:docset>\n")
    settings = os.path.join(folder, "sphinx.conf")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"source s {{\n type = xmlpipe2\n xmlpipe_command = cat {source}\n}}\nindex i {{\n source = s\n path = {folder}/i\n ngram_len = 1\n ngram_chars = U+3000..U+2FA1F\n}}\nindexer {{\n mem_limit = 256M\n}}\n")
    begun = time.perf_counter()
    subprocess.run(["indexer", "--config", settings, "--all", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    tell("Sphinx, single characters", time.perf_counter() - begun, note="indexing only")


def lucene(folder):
    jar = os.environ.get("PEERS_LUCENE")
    if not jar or not shutil.which("java"):
        return print("  lucene: not run; PEERS_LUCENE must name a jar with Lucene 9, and Java 17 must be there")
    command = ["java", "-Xmx2g", "-cp", jar, os.path.join(HERE, "Lucene.java"), os.path.join(FOLDER, "listings.jsonl"), os.path.join(FOLDER, "questions.txt"), os.path.join(folder, "index")]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    facts = [line.split() for line in out.splitlines()]
    indexed = next(float(fact[1]) for fact in facts if fact[0] == "indexed")
    found = next(fact[1] for fact in facts if fact[0] == "found")
    for fact in facts:
        if fact[0] == "search":
            rate = f"{indexed:>8.0f} listings/s" if fact[1] == "1" else " " * 19
            print(f"  {'Lucene 9 CJKAnalyzer, ' + fact[1]:<28}  {rate}  p50 {fact[2]:>8} ms, p99 {fact[3]:>8} ms  found {found}  {fact[4]}/s")


ENGINES = {"lucene": lucene, "groonga": groonga, "sqlite": sqlite, "postgres": postgres, "sphinx": sphinx}
for name in sys.argv[2:] or ENGINES:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        try:
            ENGINES[name](folder)
        except (subprocess.CalledProcessError, OSError, sqlite3.Error) as error:
            print(f"  {name}: failed: {error}", flush=True)
