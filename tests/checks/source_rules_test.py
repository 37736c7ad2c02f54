"""Every rule of scripts/checks/source_rules.py finds what breaks it, and only that."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "checks"))
import source_rules  # noqa: E402


class SourceRules(unittest.TestCase):
    def broken(self, path, text, word):
        found = source_rules.violations({path: text})
        self.assertEqual(1, len(found), found)
        self.assertTrue(found[0].startswith(path + ":"), found)
        self.assertIn(word, found[0])

    def kept(self, path, text):
        self.assertEqual([], source_rules.violations({path: text}))

    def test_the_direction_of_includes(self):
        self.broken("core/text.cpp", '#include "storage/sql.h"\n', "core may not include storage")
        self.broken("index/indexer.cpp", '#include "ingest/intake.h"\n', "index may not include ingest")
        self.broken("ingest/pipeline.cpp", '#include "index/indexer.h"\n', "ingest may not include index")
        self.broken("webui/router.cpp", '#include "server/service.h"\n', "webui may not include server")
        self.kept("server/service.cpp", '#include "webui/router.h"\n#include "core/error.h"\n')

    def test_includes_are_written_from_the_root(self):
        self.broken("core/text.cpp", '#include "text.h"\n', "root")

    def test_internal_headers_stay_inside(self):
        self.broken("webui/search.cpp", '#include "index/internal/shards.h"\n', "own business")
        self.kept("index/indexer.cpp", '#include "index/internal/shards.h"\n')

    def test_parsers_stay_in_the_worker(self):
        self.broken("server/main.cpp", "#include <mupdf/fitz.h>\n", "foreign bytes")
        self.kept("ingest/worker/mupdf.h", "#include <mupdf/fitz.h>\n")

    def test_third_party_headers_stay_out_of_public_ones(self):
        self.broken("index/search_index.h", "#include <xapian.h>\n", "public header")
        self.broken("webui/http_server.h", "#include <Poco/Net/HTTPServer.h>\n", "public header")
        self.kept("index/internal/shards.h", "#include <xapian.h>\n")
        self.kept("core/process.h", "#include <string>\n#include <sys/types.h>\n")

    def test_sql_stays_in_storage_and_records(self):
        self.broken("webui/search.cpp", 'run("SELECT id FROM document");\n', "SQL")
        self.broken("server/verify.cpp", 'run("DELETE FROM job");\n', "SQL")
        self.kept("storage/jobs.cpp", 'run("SELECT id FROM document");\n')
        self.kept("webui/search.cpp", 'say("Select a document from the list");\n')

    def test_the_time_is_an_argument(self):
        self.broken("ingest/intake.cpp", "auto t = std::chrono::system_clock::now();\n", "core::Clock")
        self.broken("webui/sign_in.cpp", "auto t = std::time(nullptr);\n", "core::Clock")
        self.kept("core/clock.cpp", "return system_clock::now();\n")
        self.kept("ingest/intake.cpp", "auto t = std::chrono::steady_clock::now();  // not system_clock::now\n")

    def test_nothing_is_caught_and_hidden(self):
        self.broken("core/log.cpp", "  try {\n    a();\n  } catch (...) {\n  }\n}\n", "hides")
        self.kept("core/log.cpp", "  try {\n    a();\n  } catch (...) {\n    free(p);\n    throw;\n  }\n}\n")

    def test_no_markup_is_made_of_text(self):
        self.broken("webui/app/src/page.tsx", "element.innerHTML = title;\n", "markup")
        self.kept("webui/app/src/page.tsx", "element.textContent = title;\n")

    def test_what_is_audited_is_explained(self):
        register = {source_rules.AUDIT_REGISTER: "| `folder.opened`, `folder.closed` | folder | |\n| `tag.*` | the entry | |\n"}
        for action, wrong in (("folder.opened", 0), ("tag.moved", 0), ("folder.burnt", 1)):
            for begun in ("tx.audit({", "audit(tx, ", "tx.audit(\n    {"):
                text = f'\n{begun}"{action}", "folder", id}});\n'
                found = source_rules.violations({**register, "records/file_plan.cpp": text})
                self.assertEqual(wrong, len(found), found)

    def test_the_tree_keeps_the_rules(self):
        root = pathlib.Path(__file__).parents[2]
        files = source_rules.sources(root)
        self.assertGreater(len(files), 50)
        self.assertEqual([], source_rules.violations(files))


if __name__ == "__main__":
    unittest.main()
