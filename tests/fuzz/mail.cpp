// Foreign mails and archives, and what is in them.
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/archive_file.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/mbox_file.h"
#include "ingest/worker/outlook_mail.h"

namespace {

using namespace muniment;
using namespace muniment::ingest::worker;

void check(const Mail& mail) {
  if (!core::is_utf8(mail.subject) || !core::is_utf8(mail.text) || !core::is_utf8(mail.html)) std::abort();
  // No element loads anything but a picture that stands in it.
  for (auto at = mail.html.find('<'); at != std::string::npos; at = mail.html.find('<', at + 1)) {
    const std::string_view tag = std::string_view(mail.html).substr(at, mail.html.find('>', at) - at);
    const bool bare = tag.find("=") == std::string_view::npos || tag.find(" style=\"") != std::string_view::npos;
    if (!bare && !tag.starts_with("<img ")) std::abort();
    if (tag.find("url(") != std::string_view::npos) std::abort();
    if (tag.starts_with("<img ") && tag.find(" src=\"data:image/") == std::string_view::npos) std::abort();
  }
  for (const auto& header : mail.headers) {
    if (!core::is_utf8(header.value) || header.value.find('\n') != std::string::npos) std::abort();
  }
  for (const auto& attachment : mail.attachments) {
    if (attachment.bytes().size() > attachment.size) std::abort();
  }
}

void read_message(std::string_view bytes) {
  check(read_mail(bytes));
}

void read_outlook(std::string_view bytes) {
  check(read_outlook_mail(bytes));
}

void read_mbox(std::string_view bytes) {
  constexpr std::size_t kMost = 50;
  const auto mails = mails_in_mbox(bytes, kMost);
  std::size_t total = 0;
  for (const std::string_view mail : mails) total += unquoted(mail).size();
  if (mails.size() > kMost || total > bytes.size()) std::abort();
}

void read_archive(std::string_view bytes) {
  constexpr ingest::MemberLimits kLimits{.count = 100, .bytes = 1 << 20};
  std::uint64_t given = 0;
  ArchiveFile(bytes, "file.gz", {})
      .read(kLimits, {[](const std::string& path) {
                        if (!core::is_utf8(path)) std::abort();
                      },
                      [&](std::string_view piece) { given += piece.size(); }, [] {}});
  if (given > kLimits.bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const MailEncodings encodings;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto read : {read_message, read_outlook, read_mbox, read_archive}) {
    try {
      read(bytes);
    } catch (const core::Error& error) {
      if (error.code() != core::ErrorCode::bad_file && error.code() != core::ErrorCode::too_large) std::abort();
    }
  }
  return 0;
}
