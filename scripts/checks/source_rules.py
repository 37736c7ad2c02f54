#!/usr/bin/env python3
"""The rules of the house that no compiler knows. Prints one line a violation: FILE:LINE: what, and what would be right.

  source_rules.py [ROOT]    exit code 1 when a rule is broken
"""

import pathlib
import re
import sys

# Which folders a folder may include from, itself aside (docs/architecture.md).
MAY_INCLUDE = {
    "core": set(),
    "storage": {"core"},
    "records": {"core", "storage"},
    "index": {"core", "storage"},
    "ingest": {"core", "storage", "records"},
    "printing": {"core"},
    "scanners": {"core", "storage", "records", "ingest"},
    "webui": {"core", "storage", "records", "ingest", "scanners", "index", "printing"},
    "server": {"core", "storage", "records", "ingest", "scanners", "index", "printing", "webui"},
}
# Parsers of foreign bytes: only muniment-extract (ingest/worker) may know them.
PARSERS = re.compile(r"<(mupdf|tesseract|leptonica|qpdf|libheif|webp|openjpeg|tiffio|jpeglib|png|libxml)")
# JSON is how webui and server speak; everything else stays behind a folder's public headers.
PUBLIC_THIRD_PARTY = {("webui", "nlohmann/json.hpp"), ("server", "nlohmann/json.hpp")}
SYSTEM_HEADER = re.compile(r"^([a-z_0-9]+|sys/[a-z]+\.h|unistd\.h|poll\.h|fcntl\.h)$")
SQL = re.compile(r'"\s*(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b')
WALL_CLOCK = re.compile(r"system_clock::now|\bstd::time\(|[^_\w:]time\((NULL|nullptr|0)\)|gettimeofday\(|CLOCK_REALTIME")
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML")

# What stands in the log is explained in one table, which also decides who is told of it (storage/audit_sight.cpp).
AUDIT_REGISTER = "docs/audit.md"
AUDITED = re.compile(r'\baudit\(\s*(?:tx,\s*)?\{?\s*"([a-z_]+)\.([a-z_-]+)"')


def without_comment(line):
    return re.sub(r"(^|\s)//.*$", "", line)


def check_includes(path, number, line, found):
    folder = path.split("/")[0]
    quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
    if quoted:
        target = quoted.group(1)
        other = target.split("/")[0]
        if other not in MAY_INCLUDE:
            found.append(f"{path}:{number}: \"{target}\" is not written from the repository's root")
        elif other != folder and other not in MAY_INCLUDE[folder]:
            found.append(f"{path}:{number}: {folder} may not include {other}")
        elif other != folder and "/internal/" in target:
            found.append(f"{path}:{number}: {target} is {other}'s own business; use its public headers")
    angle = re.match(r"\s*#\s*include\s+(<([^>]+)>)", line)
    if not angle:
        return
    # muniment-scan writes pictures and reads none.
    writes_only = angle.group(1) == "<jpeglib.h>" and path.startswith("scanners/device/")
    if PARSERS.match(angle.group(1)) and not path.startswith("ingest/worker/") and not writes_only:
        found.append(f"{path}:{number}: {angle.group(1)} parses foreign bytes; only ingest/worker may use it")
    public = path.count("/") == 1 and path.endswith(".h")
    header = angle.group(2)
    if public and not SYSTEM_HEADER.match(header) and (folder, header) not in PUBLIC_THIRD_PARTY:
        found.append(f"{path}:{number}: <{header}> in a public header; move it to the .cpp or to internal/")


def check_catch_all(path, lines, found):
    for number, line in enumerate(lines, 1):
        if "catch (...)" not in without_comment(line):
            continue
        # Cleaning up and passing on is right; hiding what happened is not.
        handler = "\n".join(map(without_comment, lines[number - 1:number + 8])).split("\n}", 1)[0]
        if not re.search(r"\bthrow;|current_exception|_exit\(|std::abort|std::terminate", handler):
            found.append(f"{path}:{number}: catch (...) hides what happened; catch what is expected, or rethrow")


def check_cpp(path, text, found):
    folder = path.split("/")[0]
    lines = text.split("\n")
    for number, raw in enumerate(lines, 1):
        line = without_comment(raw)
        check_includes(path, number, line, found)
        if folder not in ("storage", "records") and SQL.search(line):
            found.append(f"{path}:{number}: SQL lives in storage and records only")
        if path != "core/clock.cpp" and WALL_CLOCK.search(line):
            found.append(f"{path}:{number}: the time comes from core::Clock, so that a test can set it")
    check_catch_all(path, lines, found)


def check_page(path, text, found):
    for number, line in enumerate(text.split("\n"), 1):
        if MARKUP.search(without_comment(line)):
            found.append(f"{path}:{number}: markup made of text; build elements instead")


def check_audit(path, text, register, found):
    for match in AUDITED.finditer(text):
        family, action = match.groups()
        if f"`{family}.{action}`" in register or f"`{family}.*`" in register:
            continue
        number = text.count("\n", 0, match.start()) + 1
        found.append(f"{path}:{number}: the audit action {family}.{action} is not in the table of {AUDIT_REGISTER}")


def violations(files):
    """`files`: path from the root -> text. A list of lines."""
    found = []
    for path, text in sorted(files.items()):
        folder = path.split("/")[0]
        if path.endswith((".h", ".cpp")) and folder in MAY_INCLUDE:
            check_cpp(path, text, found)
            if AUDIT_REGISTER in files:
                check_audit(path, text, files[AUDIT_REGISTER], found)
        elif path.startswith("webui/app/src/") and path.endswith((".ts", ".tsx", ".js", ".mjs")):
            check_page(path, text, found)
    return found


def sources(root):
    files = {AUDIT_REGISTER: (root / AUDIT_REGISTER).read_text(encoding="utf-8")}
    for folder in MAY_INCLUDE:
        for path in (root / folder).rglob("*"):
            relative = path.relative_to(root).as_posix()
            if "node_modules" not in relative and path.suffix in {".h", ".cpp", ".ts", ".tsx", ".js", ".mjs"}:
                files[relative] = path.read_text(encoding="utf-8")
    return files


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    files = sources(root)
    found = violations(files)
    for line in found:
        print(line)
    print(f"source rules: {len(files)} files, {len(found)} violations")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
