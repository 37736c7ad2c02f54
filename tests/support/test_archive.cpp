#include "tests/support/test_archive.h"

#include <cstdlib>
#include <stdexcept>

#include "storage/accounts.h"
#include "storage/documents.h"

namespace muniment::testing {

TempDirectory::TempDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "muniment-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory for the test");
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ManualClock::ManualClock(std::string_view rfc3339)
    : microseconds_(core::to_microseconds(core::parse_rfc3339(rfc3339).value())) {}

core::Time ManualClock::now() const {
  return core::from_microseconds(microseconds_.load());
}

void ManualClock::advance(std::chrono::microseconds by) {
  microseconds_ += by.count();
}

storage::Principal TestArchive::add_person(std::string_view name, storage::Role role) {
  auto tx = database.begin(storage::Actor::system("test"));
  const std::int64_t id = storage::create_account(tx, {std::string(name), "", role, ""});
  tx.commit();
  auto session = database.read();
  return storage::load_principal(session, id, "test").value();
}

storage::Principal TestArchive::system() {
  auto session = database.read();
  return storage::system_principal(session, "test");
}

std::int64_t TestArchive::add_document(const storage::Actor& actor, std::string_view filename, std::string_view bytes) {
  core::TempFile file = blobs.new_file();
  file.append(std::as_bytes(std::span(bytes.data(), bytes.size())));
  const core::Sha256 hash = core::Sha256::of(bytes);
  blobs.put(std::move(file), hash);
  auto tx = database.begin(actor);
  storage::NewDocument document;
  document.filename = filename;
  document.hash = hash;
  document.size = bytes.size();
  document.source = "test";
  const std::int64_t id = storage::create_document(tx, document);
  tx.commit();
  return id;
}

void TestArchive::trash(const storage::Principal& who, std::int64_t document_id) {
  auto tx = database.begin(who.actor());
  storage::trash_document(tx, who, document_id);
  tx.commit();
}

}  // namespace muniment::testing
