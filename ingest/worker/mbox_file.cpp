#include "ingest/worker/mbox_file.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMark = "From ";

// Whether a mail begins here: a line between mails, and then a line of a header.
bool begins_mail(std::string_view bytes) {
  if (!bytes.starts_with(kMark)) return false;
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos) return false;
  const std::string_view next = bytes.substr(end + 1, 200);
  const auto colon = next.find_first_of(": \t\r\n");
  return colon != std::string_view::npos && colon > 0 && next[colon] == ':';
}

// Where the next one begins, from `from` on; the end when there is none.
std::size_t next_mail(std::string_view bytes, std::size_t from) {
  constexpr std::string_view kAfterEmptyLine = "\nFrom ";
  for (;;) {
    const auto found = bytes.find(kAfterEmptyLine, from);
    if (found == std::string_view::npos) return bytes.size();
    const std::string_view before = bytes.substr(0, found);
    const bool after_empty_line = before.ends_with('\n') || before.ends_with("\n\r");
    if (after_empty_line && begins_mail(bytes.substr(found + 1))) return found + 1;
    from = found + 1;
  }
}

}  // namespace

std::vector<std::string_view> mails_in_mbox(std::string_view bytes, std::size_t most) {
  std::vector<std::string_view> mails;
  if (!begins_mail(bytes)) return mails;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = mails.size() + 1 == most ? bytes.size() : next_mail(bytes, at);
    std::string_view mail = bytes.substr(at, end - at);
    mail.remove_prefix(mail.find('\n') + 1);
    mails.push_back(mail);
    at = end;
  }
  return mails;
}

std::string unquoted(std::string_view mail) {
  std::string text;
  text.reserve(mail.size());
  while (!mail.empty()) {
    const auto end = mail.find('\n');
    std::string_view line = mail.substr(0, end == std::string_view::npos ? mail.size() : end + 1);
    mail.remove_prefix(line.size());
    const auto quotes = line.find_first_not_of('>');
    if (quotes != std::string_view::npos && quotes > 0 && line.substr(quotes).starts_with(kMark)) line.remove_prefix(1);
    text += line;
  }
  return text;
}

}  // namespace muniment::ingest::worker
