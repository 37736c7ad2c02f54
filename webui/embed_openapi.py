"""Writes openapi.yaml as a C++ source that holds it as JSON: embed_openapi.py INPUT OUTPUT."""
import json
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as source:
    text = json.dumps(yaml.safe_load(source), ensure_ascii=True, separators=(",", ":"))

# Compilers must accept literals of 65536 characters; neighbours are joined.
pieces = [text[at:at + 8000] for at in range(0, len(text), 8000)]
with open(sys.argv[2], "w", encoding="utf-8") as target:
    target.write('#include "webui/openapi.h"\n\nnamespace muniment::webui {\n\nstd::string_view openapi_json() {\n')
    target.write("  static constexpr char kText[] =\n")
    target.write("\n".join(f'      R"~({piece})~"' for piece in pieces))
    target.write(";\n  return std::string_view(kText, sizeof kText - 1);\n}\n\n}  // namespace muniment::webui\n")
