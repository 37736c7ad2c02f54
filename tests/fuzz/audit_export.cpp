// Export lines and signed notes, which a verifier takes from anybody.
#include "storage/audit_export.h"

#include <cstdlib>

// The input is an export, then a line "=" and a checkpoint kept elsewhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muniment::storage;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto border = input.find("\n=\n");
  const std::string_view log = input.substr(0, border == std::string_view::npos ? size : border + 1);
  const std::string note(border == std::string_view::npos ? input : input.substr(border + 3));

  AuditExportVerifier whole({}, {{"kept", note}});
  whole.add(log);
  AuditExportVerifier pieces({}, {{"kept", note}});
  for (std::size_t i = 0; i < log.size(); i += 5) pieces.add(log.substr(i, 5));
  const AuditVerdict one = whole.finish();
  const AuditVerdict other = pieces.finish();
  if (one.sound() != other.sound() || one.entries != other.entries || one.root != other.root) std::abort();

  const auto parsed = SignedNote::parse(note);
  if (parsed) {
    const auto checkpoint = CheckpointText::parse(parsed->text);
    // Without extensions a checkpoint has one spelling.
    if (checkpoint && !parsed->text.starts_with(checkpoint->text())) std::abort();
  }
  if (const auto key = PublicKey::parse(input); key && key->text() != input) std::abort();
  return 0;
}
