// A file that came by HTTP, in a form or by tus, on its way to the intake.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/files.h"
#include "ingest/intake.h"
#include "webui/router.h"
#include "webui/services.h"

namespace muniment::webui {

inline constexpr std::size_t kLongestFormField = 64 * 1024;  // bytes

// What the sender says of the file, field by field as text.
class ArrivalFields {
 public:
  // Error(invalid_argument) that names the field, for one that is not known or cannot be what it should be. "tag" may
  // occur several times; "tags" is a comma separated list. Error(bad_request) for any other that is there already.
  void take(std::string_view name, std::string_view value);
  void set_filename(std::string_view name) { document_.filename = name; }
  const storage::NewDocument& document() const { return document_; }
  // Whether it becomes a document of its own even when the same bytes are there.
  bool keep_duplicate() const { return keep_duplicate_; }

 private:
  std::set<std::string, std::less<>> given_;
  storage::NewDocument document_;
  bool keep_duplicate_ = false;
};

// Error(invalid_argument), which names those that are, for a language that is not enabled. None (empty) is good.
void require_language(const std::vector<std::string>& enabled, std::string_view language);

// A file that a multipart form brought.
struct FormFile {
  core::TempFile file;
  std::string filename;  // as foreign as it comes
};
// Reads the form to its end: its part "file" goes to disk as it comes, because fields that say something of it may
// follow; every other is handed to `take` with its name and text. Error(unsupported_type) for anything but such a form,
// Error(invalid_argument) without exactly one file, and the limits of the intake.
FormFile receive_form(const WebServices& services, Call& call,
                      const std::function<void(std::string_view name, std::string_view value)>& take);

// The same for a form that is only looked at: what its parts hold, whatever stands between them.
std::string digest_of_form(const WebServices& services, Call& call);

// Hands the complete file to the intake. The errors of Intake::accept_file, and Error(forbidden) for a folder or class
// that the asker may not file in.
// `with` as in ingest::Arrival.
ingest::Receipt accept_file(const WebServices& services, const Call& call, const ArrivalFields& fields,
                            const std::filesystem::path& file,
                            std::function<void(storage::Transaction& tx, const ingest::Receipt& receipt)> with = {});

// Has what send_receipt will answer known to whoever repeats the request with the same Idempotency-Key; empty without.
std::function<void(storage::Transaction& tx, const ingest::Receipt& receipt)> answering_once(const Call& call);
// 202 with the job, or 200 with the document that is there already.
void send_receipt(Call& call, storage::Session& session, const ingest::Receipt& receipt);

}  // namespace muniment::webui
