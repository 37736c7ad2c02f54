// A package by E-ARK CSIP in a zip file: METS.xml at its top or in the one folder that is there, METS.xml files of
// representations, ERMS.xml. The XML is read without a document type, entities or anything from outside.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/package_reader.h"
#include "ingest/worker/zip_file.h"

namespace muniment::ingest::worker {

// Everything throws core::Error(bad_file) that says what is wrong.
class Package {
 public:
  // `zip` outlives it. Reads and checks the metadata; the other files wait for `check`.
  explicit Package(std::string_view zip, ZipLimits limits = {});

  const std::string& id() const { return id_; }
  const std::vector<ListedDocument>& documents() const { return documents_; }
  // Both ways: every listed file is there as it is listed, and every file is listed. Told in the order of the zip file.
  void check(const std::function<void(const ListedFile&)>& each) const;
  // The files of the documents and of their earlier versions.
  void unpack(const std::function<void(const std::string& path)>& begin,
              const std::function<void(std::string_view piece)>& piece, const std::function<void()>& end) const;

 private:
  void find_root();
  std::string text_of(const std::string& path) const;
  void list(std::string_view mets, const std::string& folder);
  void find_documents();
  // Checks that they are all listed, and takes their paths.
  void find_versions(ListedDocument& document, std::set<std::string>& taken) const;

  ZipFile zip_;
  std::string root_;  // "" or "NAME/"
  std::string id_;
  std::map<std::string, std::string> texts_;  // METS.xml and ERMS.xml files, by path
  std::map<std::string, ListedFile> listed_;  // by path
  std::vector<std::string> descriptions_;     // paths of ERMS.xml files
  std::vector<ListedDocument> documents_;
};

}  // namespace muniment::ingest::worker
