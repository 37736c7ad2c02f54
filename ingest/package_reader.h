// What is asked of whoever reads foreign packages: the Extractor in service, a fake in tests. A package is a zip file
// by E-ARK CSIP; docs/transfer.md says what is understood of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/hash.h"
#include "ingest/extraction.h"

namespace muniment::ingest {

struct ListedFile {
  std::string path;  // relative to METS.xml, without ".." and the like
  core::Sha256 hash;
  std::uint64_t size = 0;
  bool operator==(const ListedFile&) const = default;
};

// What the file of a document was at a time.
struct ListedVersion {
  std::string path;
  std::string filename;
  std::string created;  // RFC 3339
  std::string comment;
  std::vector<std::string> labels;
  bool operator==(const ListedVersion&) const = default;
};

// A field of the sender's own.
struct ListedField {
  std::string key;
  std::string name;
  std::string kind;   // storage::custom_field_kind_name
  std::string value;  // as the kind says; of what refers to something the words for it
  bool operator==(const ListedField&) const = default;
};
struct ListedEvent {
  std::string name;
  std::string date;  // YYYY-MM-DD
  bool operator==(const ListedEvent&) const = default;
};
struct ListedRelation {
  std::string kind;      // storage::relation_kind_name
  std::string document;  // the identifier of the other one, there
  bool operator==(const ListedRelation&) const = default;
};

// A document of a package. Texts are UTF-8, empty where nothing is said.
struct ListedDocument {
  std::string id;        // in the archive that it comes from
  std::string path;      // of its file
  std::string filename;  // that it came with once
  std::string title;
  std::string date;  // of the document, YYYY-MM-DD
  std::string class_code;
  std::string class_title;
  std::string folder;
  std::string correspondent;
  std::string type;
  std::string language;
  std::string public_title;   // in place of the title where more people may read
  std::string public_folder;  // likewise of the folder
  std::string captured;       // RFC 3339
  std::vector<std::string> tags;
  std::vector<std::string> notes;
  std::vector<ListedField> fields;
  std::vector<ListedEvent> events;  // from which its retention ran
  std::vector<ListedRelation> relations;
  // The oldest first, each with a file; the last one is that of `path`. Empty for a document that had only that one.
  std::vector<ListedVersion> versions;
  bool operator==(const ListedDocument&) const = default;
};

inline constexpr std::size_t kMostVersions = 500;  // of one document of a package

struct PackageListing {
  std::string id;                         // OBJID
  std::vector<ListedFile> files;          // all but METS.xml
  std::vector<ListedDocument> documents;  // each with a path among them, and its versions; no path twice
};

// Thread-safe.
class PackageReader {
 public:
  virtual ~PackageReader() = default;

  // Checks the fixity of everything, both ways: each file that METS.xml or the METS.xml of a representation lists is
  // there with its size and SHA-256, and nothing is there that none lists. Error(bad_file) says what is wrong;
  // otherwise the errors of Extractor.
  virtual PackageListing read_package(const Source& package, std::stop_token stop) const = 0;

  // Puts up to `buffer.size()` bytes of the file in hand into `buffer`; 0 at its end.
  using Bytes = std::function<std::size_t(std::span<std::byte> buffer)>;
  // Gives the files of the documents and of their earlier versions, one after the other, in an order of its own. What
  // `each` does not read is skipped; what it throws ends the call. The bytes are as they come: whoever takes them
  // compares their hash.
  using EachFile = std::function<void(const std::string& path, const Bytes& bytes)>;
  virtual void unpack(const Source& package, const EachFile& each, std::stop_token stop) const = 0;
};

}  // namespace muniment::ingest
