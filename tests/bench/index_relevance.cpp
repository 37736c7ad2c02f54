// index_relevance FOLDER DIRECTORY: indexes FOLDER/docs.jsonl ({"id","title","text"} a line) into the empty DIRECTORY,
// asks every query of FOLDER/queries.tsv ("id TAB words") and writes a TREC run to standard output, to be scored
// against relevance judgements (nDCG@10, MAP). The language of all documents is the third argument, "eng" by default.
#include <fstream>
#include <iostream>
#include <map>

#include <nlohmann/json.hpp>

#include "index/search_index.h"

int main(int argc, char** argv) {
  using namespace muniment;
  if (argc < 3) {
    std::cerr << "usage: index_relevance FOLDER DIRECTORY [LANGUAGE]\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const std::string language = argc > 3 ? argv[3] : "eng";
  index::SearchIndex search_index(argv[2], {});

  std::map<std::int64_t, std::string> names;
  std::vector<index::SearchIndex::Change> changes;
  std::ifstream documents(folder / "docs.jsonl");
  for (std::string line; std::getline(documents, line);) {
    const auto json = nlohmann::json::parse(line);
    storage::IndexableDocument document;
    document.id = static_cast<std::int64_t>(names.size()) + 1;
    document.access_list = 1;
    document.title = json.value("title", "");
    document.language = language;
    document.has_text = true;
    document.pages = {{1, json.value("text", "")}};
    names[document.id] = json.at("id").get<std::string>();
    changes.push_back({document.id, document});
  }
  search_index.apply(std::move(changes));

  std::ifstream queries(folder / "queries.tsv");
  for (std::string line; std::getline(queries, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    index::SearchRequest request;
    request.query = index::parse_query(line.substr(tab + 1));
    request.readable = {1};
    request.limit = 100;
    request.snippets = false;
    const auto answer = search_index.search(request, {});
    int rank = 0;
    for (const auto& hit : answer.hits) {
      std::cout << line.substr(0, tab) << " Q0 " << names.at(hit.document_id) << ' ' << ++rank << ' ' << hit.score
                << " muniment\n";
    }
  }
  return 0;
}
