#include "scanners/internal/mail_intake.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "scanners/internal/mail_failure.h"
#include "scanners/internal/mail_pattern.h"
#include "storage/mail_parts.h"
#include "storage/members.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using storage::MailRule;
using storage::MailTake;

namespace {

ingest::Source source_of(const ReceivedMail& mail) {
  return {mail.file.descriptor(), mail.file.size(), "mail.eml"};
}

// Who wrote, about what, and when.
std::vector<storage::MessageHeader> telling_headers(std::vector<storage::MessageHeader> headers) {
  std::erase_if(headers, [](const storage::MessageHeader& header) {
    const std::string name = core::fold_case(header.name);
    return name != "from" && name != "subject" && name != "date";
  });
  return headers;
}

// A mail that makes its reader run out of time will do so again.
bool is_the_mails_fault(ErrorCode code) {
  return is_lasting(code) || code == ErrorCode::timed_out;
}

// What a rule may ask of a mail, found out when the first one does.
class Contents {
 public:
  Contents(const ingest::FileReader& reader, const ReceivedMail& mail, ingest::MemberLimits limits,
           std::stop_token stop)
      : reader_(reader), mail_(mail), limits_(limits), stop_(std::move(stop)) {}

  bool header_fits(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return true;
    if (!headers_) read([&] { headers_ = reader_.inspect(source_of(mail_), stop_).headers; });
    return headers_ && std::ranges::any_of(*headers_, [&](const storage::MessageHeader& header) {
             return core::fold_case(header.name) == name && pattern_fits(pattern, header.value);
           });
  }

  // Empty when no rule has asked for one, or they cannot be read.
  const std::optional<std::vector<storage::MessageHeader>>& headers() const { return headers_; }

  bool attachment_fits(std::string_view pattern) {
    if (pattern.empty()) return true;
    if (!attachments_) {
      read([&] {
        std::vector<std::string> names;
        reader_.read_members(
            source_of(mail_), limits_,
            [&](const std::string& path, const ingest::FileReader::Bytes&) { names.push_back(path); }, stop_);
        attachments_ = std::move(names);
      });
    }
    return attachments_ &&
           std::ranges::any_of(*attachments_, [&](const std::string& name) { return pattern_fits(pattern, name); });
  }

 private:
  template <typename Work>
  void read(const Work& work) {
    if (unreadable_) return;
    try {
      work();
    } catch (const Error& error) {
      if (!is_the_mails_fault(error.code())) throw;
      unreadable_ = true;
    }
  }

  const ingest::FileReader& reader_;
  const ReceivedMail& mail_;
  const ingest::MemberLimits limits_;
  const std::stop_token stop_;
  std::optional<std::vector<storage::MessageHeader>> headers_;
  std::optional<std::vector<std::string>> attachments_;
  bool unreadable_ = false;
};

}  // namespace

MailIntake::Match MailIntake::match(const ReceivedMail& mail, const std::vector<MailRule>& rules,
                                    std::stop_token stop) const {
  Contents contents(reader_, mail, limits_, std::move(stop));
  for (const MailRule& rule : rules) {
    if (pattern_fits(rule.folder, mail.folder) && contents.header_fits(rule.sender, "from") &&
        contents.header_fits(rule.subject, "subject") && contents.attachment_fits(rule.attachment)) {
      return {rule, contents.headers()};
    }
  }
  return {MailRule(), contents.headers()};
}

storage::MailHeading MailIntake::heading_of(const ReceivedMail& mail, std::stop_token stop) const {
  const ingest::Inspection found = reader_.inspect(source_of(mail), std::move(stop));
  storage::MailHeading heading;
  for (const storage::MessageHeader& header : found.headers) {
    const std::string name = core::fold_case(header.name);
    if (name == "from") heading.sender = header.value;
    if (name == "subject") heading.subject = header.value;
  }
  if (found.written) heading.written = core::to_iso(*found.written);
  return heading;
}

ingest::Arrival MailIntake::arrival(const ReceivedMail& mail, const std::string& filename,
                                    const storage::PresetFiling& filing) const {
  ingest::Arrival arrival;
  arrival.document.filename = filename;
  arrival.document.source = mail.source;
  filing.describe(arrival.document);
  arrival.priority = storage::kBulk;
  // What lies in the trash, or may be read by others, is no reason to leave a mail out.
  auto session = database_.read();
  arrival.duplicate_list = storage::inherited_access_list(session, filing.folder_id, filing.class_id);
  return arrival;
}

bool MailIntake::take_attachments(const storage::Principal& who, const ReceivedMail& mail, const Match& match,
                                  std::stop_token stop) const {
  bool any = false;
  try {
    const std::vector<storage::MessageHeader> headers =
        telling_headers(match.headers ? *match.headers : reader_.inspect(source_of(mail), stop).headers);
    reader_.read_members(
        source_of(mail), limits_,
        [&](const std::string& path, const ingest::FileReader::Bytes& bytes) {
          ingest::Arrival attachment = arrival(mail, path, match.rule.filing);
          // All that is kept of the mail.
          attachment.with = [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
            if (!receipt.duplicate) storage::record_carrier_headers(tx, receipt.document_id, headers);
          };
          intake_.accept(who, std::move(attachment), bytes);
          any = true;
        },
        std::move(stop));
  } catch (const Error& error) {
    if (!is_the_mails_fault(error.code())) throw;
    return false;
  }
  return any;
}

void MailIntake::take(const storage::Principal& who, const ReceivedMail& mail, const Match& match, const Record& record,
                      std::stop_token stop) const {
  const MailRule& rule = match.rule;
  if (rule.takes == MailTake::attachments && take_attachments(who, mail, match, std::move(stop))) {
    auto tx = database_.begin(who.actor());
    record(tx, std::nullopt);
    tx.commit();
    return;
  }
  ingest::Arrival whole = arrival(mail, mail.filename, rule.filing);
  whole.with = [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
    if (rule.takes == MailTake::joined && !receipt.duplicate) storage::join_mail(tx, receipt.document_id);
    record(tx, receipt.document_id);
  };
  intake_.accept_file(who, std::move(whole), mail.file.path());
}

}  // namespace muniment::scanners
