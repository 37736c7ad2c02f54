#include "ingest/worker/package.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "ingest/worker/package_catalogue.h"

namespace muniment::ingest::worker {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kMostXmlBytes = 64 * 1024 * 1024;
constexpr std::size_t kMostPathBytes = 1000;
constexpr std::size_t kMostParts = 16;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::bad_file, "this package is damaged: " + what);
}

// A reference as METS writes it, "file://./data/a%20b.pdf" say, as a path.
std::string path_of(std::string_view href) {
  if (href.starts_with("file://")) href.remove_prefix(7);
  while (href.starts_with("./") || href.starts_with("/")) href.remove_prefix(href.starts_with("/") ? 1 : 2);
  std::string path;
  for (std::size_t i = 0; i < href.size(); ++i) {
    if (href[i] == '%' && i + 2 < href.size() && core::hex_digit(href[i + 1]) >= 0 &&
        core::hex_digit(href[i + 2]) >= 0) {
      path += static_cast<char>(core::hex_digit(href[i + 1]) * 16 + core::hex_digit(href[i + 2]));
      i += 2;
    } else {
      path += href[i];
    }
  }
  return path;
}

bool is_metadata(std::string_view path) {
  return path.ends_with("METS.xml") || path.ends_with("ERMS.xml") || path.ends_with("mets.xml") ||
         path.ends_with("erms.xml");
}

}  // namespace

Package::Package(std::string_view zip, ZipLimits limits) : zip_(zip, limits) {
  find_root();
  list(texts_.at("METS.xml"), "");
  find_documents();
}

void Package::find_root() {
  std::size_t total = 0;
  zip_.for_each([&](ZipFile::Entry& entry) {
    const std::string& path = entry.path();
    if (!is_metadata(path)) return;
    std::string text;
    entry.read([&](std::string_view piece) {
      text += piece;
      total += piece.size();
      if (total > kMostXmlBytes) refuse("its metadata is larger than 64 MiB");
    });
    texts_.emplace(path, std::move(text));
  });
  if (texts_.contains("METS.xml")) return;
  std::vector<std::string> roots;
  for (const auto& [path, text] : texts_) {
    if (std::ranges::count(path, '/') == 1 && path.ends_with("/METS.xml")) {
      roots.push_back(path.substr(0, path.find('/') + 1));
    }
  }
  if (roots.size() != 1) refuse("it has no METS.xml at its top, nor in one folder there");
  root_ = roots.front();
  std::map<std::string, std::string> texts;
  for (auto& [path, text] : texts_) {
    if (path.starts_with(root_)) texts.emplace(path.substr(root_.size()), std::move(text));
  }
  texts_ = std::move(texts);
}

void Package::list(std::string_view mets, const std::string& folder) {
  const Mets read = read_mets(mets);
  if (folder.empty()) {
    id_ = std::string(core::cut(core::collapse_space(read.id), 500));
    if (id_.empty()) refuse("its METS.xml has no OBJID");
  }
  for (const MetsReference& reference : read.references) {
    const std::string path = folder + path_of(reference.href);
    if (!is_plain_path(path, kMostPathBytes, kMostParts)) refuse("METS.xml refers to a file that is elsewhere");
    const auto hash = core::Sha256::from_hex(reference.checksum);
    if (reference.checksum_type != "SHA-256" || !hash) refuse("METS.xml has no SHA-256 for " + path);
    const auto size = core::parse_integer(reference.size);
    if (!size || *size < 0) refuse("METS.xml has no size for " + path);
    const ListedFile file{path, *hash, static_cast<std::uint64_t>(*size)};
    const auto [known, added] = listed_.emplace(path, file);
    if (!added) {
      if (known->second != file) refuse("METS.xml lists " + path + " twice, and not in the same way");
      continue;
    }
    if (reference.descriptive && texts_.contains(path)) descriptions_.push_back(path);
    // The METS.xml of a representation; one that lies deeper belongs to nobody that we know.
    if (folder.empty() && path.starts_with("representations/") && path.ends_with("/METS.xml")) {
      if (!texts_.contains(path)) refuse(path + " is missing");
      list(texts_.at(path), path.substr(0, path.rfind('/') + 1));
    }
  }
}

void Package::find_documents() {
  std::set<std::string> taken;
  for (const std::string& path : descriptions_) {
    for (ListedDocument& document : read_erms(texts_.at(path))) {
      if (document.path.empty()) continue;  // nothing but its description is here
      document.path = path_of(document.path);
      if (!listed_.contains(document.path))
        refuse("ERMS.xml tells of " + document.path + ", which METS.xml does not list");
      if (!taken.insert(document.path).second) refuse("ERMS.xml tells twice of " + document.path);
      find_versions(document, taken);
      documents_.push_back(std::move(document));
    }
  }
  if (!documents_.empty()) return;
  // Without descriptions that we understand: every file of the first representation, without its metadata.
  std::string first;
  for (const auto& [path, file] : listed_) {
    if (!path.starts_with("representations/") || path.find("/data/") == std::string::npos) continue;
    const std::string representation = path.substr(0, path.find("/data/"));
    if (first.empty()) first = representation;
    if (representation != first) continue;
    ListedDocument document;
    document.path = path;
    document.filename = path.substr(path.rfind('/') + 1);
    documents_.push_back(std::move(document));
  }
  if (documents_.empty()) refuse("it holds no documents");
}

void Package::find_versions(ListedDocument& document, std::set<std::string>& taken) const {
  // What there is of it is more than can be taken in, and a receipt for a part would be a false one.
  if (document.versions.size() > kMostVersions) {
    refuse("ERMS.xml tells of more than " + std::to_string(kMostVersions) + " versions of " + document.path);
  }
  for (ListedVersion& version : document.versions) {
    version.path = path_of(version.path);
    if (!listed_.contains(version.path)) {
      refuse("ERMS.xml tells of " + version.path + ", which METS.xml does not list");
    }
    const bool last = &version == &document.versions.back();
    if (last != (version.path == document.path)) refuse("the versions of " + document.path + " do not end with it");
    if (!last && !taken.insert(version.path).second) refuse("ERMS.xml tells twice of " + version.path);
  }
}

void Package::check(const std::function<void(const ListedFile&)>& each) const {
  std::set<std::string> found;
  zip_.for_each([&](ZipFile::Entry& entry) {
    if (!entry.path().starts_with(root_)) refuse(entry.path() + " lies beside the package");
    const std::string path = entry.path().substr(root_.size());
    if (path == "METS.xml") return;
    const auto listed = listed_.find(path);
    if (listed == listed_.end()) refuse(path + " is in it, and METS.xml does not list it");
    core::Sha256Stream hash;
    std::uint64_t size = 0;
    entry.read([&](std::string_view piece) {
      hash.add(std::as_bytes(std::span(piece)));
      size += piece.size();
    });
    if (size != listed->second.size) {
      refuse(path + " has " + std::to_string(size) + " bytes, and METS.xml says " +
             std::to_string(listed->second.size));
    }
    if (hash.finish() != listed->second.hash) refuse(path + " was altered: its SHA-256 is not the one in METS.xml");
    found.insert(path);
    each(listed->second);
  });
  for (const auto& [path, file] : listed_) {
    if (!found.contains(path)) refuse(path + " is missing");
  }
}

void Package::unpack(const std::function<void(const std::string& path)>& begin,
                     const std::function<void(std::string_view piece)>& piece, const std::function<void()>& end) const {
  std::set<std::string> wanted;
  for (const ListedDocument& document : documents_) {
    wanted.insert(root_ + document.path);
    for (const ListedVersion& version : document.versions) wanted.insert(root_ + version.path);
  }
  zip_.for_each([&](ZipFile::Entry& entry) {
    if (!wanted.contains(entry.path())) return;
    begin(entry.path().substr(root_.size()));
    entry.read(piece);
    end();
  });
}

}  // namespace muniment::ingest::worker
