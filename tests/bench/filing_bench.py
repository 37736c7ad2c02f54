#!/usr/bin/env python3
"""How well filing is learned, beside plain models, on texts that people have sorted: Debian's package descriptions.

  filing_bench.py make SAMPLES              one description for each source package of Debian 12, with its section
  filing_bench.py compare PROGRAM SAMPLES   build/release/bin/filing_accuracy beside scikit-learn's models (python3-sklearn)

The descriptions come from apt's lists, with English texts: apt-get -o Acquire::Languages=en update. Sections that tell the
form and not the subject are left out, and those of fewer than 50 packages.
"""

import collections
import json
import pathlib
import random
import subprocess
import sys

FORMS = {"libdevel", "libs", "doc", "oldlibs", "debug", "metapackages", "tasks", "localization", "introspection"}
TESTED = 2000


def paragraphs(name):
    lists = pathlib.Path(subprocess.run(["apt-config", "shell", "D", "Dir::State::lists/d"], capture_output=True,
                                        text=True, check=True).stdout.split("'")[1])
    [file] = [path for path in lists.glob(f"*_debian_dists_bookworm_main_{name}*")]
    text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(file)], capture_output=True, text=True,
                          check=True).stdout
    for paragraph in text.split("\n\n"):
        fields, key = {}, None
        for line in paragraph.split("\n"):
            if line[:1] in (" ", "\t") and key:
                fields[key] += " " + line.strip()
            elif ": " in line:
                key, value = line.split(": ", 1)
                fields[key] = value
        yield fields


def make(target):
    described = {each["Package"]: each["Description-en"] for each in paragraphs("i18n_Translation-en")
                 if "Package" in each and "Description-en" in each}
    seen, samples = set(), []
    for each in paragraphs("binary-amd64_Packages"):
        source = each.get("Source", each.get("Package", "")).split(" ")[0]
        section = each.get("Section", "").split("/")[-1]
        if not section or section in FORMS or source in seen or each["Package"] not in described:
            continue
        seen.add(source)
        samples.append((section, " ".join(described[each["Package"]].split())))
    sizes = collections.Counter(section for section, _ in samples)
    samples = [sample for sample in samples if sizes[sample[0]] >= 50]
    random.Random(1).shuffle(samples)
    with open(target, "w", encoding="utf-8") as file:
        file.writelines(f"{section}\t{text}\n" for section, text in samples)
    print(json.dumps({"samples": len(samples), "sections": len({section for section, _ in samples})}))


def compare(program, file):
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC
    with open(file, encoding="utf-8") as lines:
        samples = [line.rstrip("\n").split("\t", 1) for line in lines]
    labels, texts = [label for label, _ in samples], [text for _, text in samples]
    ours = subprocess.run([program, file, str(TESTED)], capture_output=True, text=True, check=True).stdout
    for line in map(json.loads, ours.splitlines()):
        end = TESTED + line["examples"]
        models = {"naive_bayes": make_pipeline(CountVectorizer(), MultinomialNB()),
                  "logistic": make_pipeline(CountVectorizer(), TfidfTransformer(sublinear_tf=True),
                                            LogisticRegression(C=10, max_iter=200)),
                  "svm": make_pipeline(CountVectorizer(), TfidfTransformer(sublinear_tf=True), LinearSVC(C=0.5))}
        for name, model in models.items():
            model.fit(texts[TESTED:end], labels[TESTED:end])
            line[name] = round(model.score(texts[:TESTED], labels[:TESTED]), 4)
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "make":
        make(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "compare":
        compare(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
