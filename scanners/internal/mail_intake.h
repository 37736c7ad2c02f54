// Takes in a mail, whole or only what is attached to it, wherever it came from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/files.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "storage/access.h"
#include "storage/database.h"
#include "storage/mailbox_mails.h"
#include "storage/mailboxes.h"
#include "storage/message_header.h"

namespace muniment::scanners {

// A complete mail on the blob store's file system.
struct ReceivedMail {
  const core::TempFile& file;
  std::string filename;
  std::string source;       // "mailbox", "smtp"
  std::string folder = {};  // of the mailbox
};

// Thread-safe. Mails are parsed in the sandbox only.
class MailIntake {
 public:
  MailIntake(storage::Database& database, const ingest::Intake& intake, const ingest::FileReader& reader,
             ingest::MemberLimits limits)
      : database_(database), intake_(intake), reader_(reader), limits_(limits) {}

  struct Match {
    storage::MailRule rule;
    std::optional<std::vector<storage::MessageHeader>> headers = {};  // of the mail, when a rule had to look at them
  };
  // The first rule that fits; the rule that takes all of it when none does. A mail that cannot be read fits no rule
  // that looks into it. Error(unavailable), (cancelled) of the reader.
  Match match(const ReceivedMail& mail, const std::vector<storage::MailRule>& rules, std::stop_token stop) const;

  // In the transaction that makes the mail's document, or after its attachments have come in.
  using Record = std::function<void(storage::Transaction& tx, std::optional<std::int64_t> document_id)>;
  // Takes in what the rule says; when that is the attachments and one of them is refused, the whole mail, so that
  // nothing is lost. Doing it again makes no second document. Errors of Intake::accept and of the reader.
  void take(const storage::Principal& who, const ReceivedMail& mail, const Match& match, const Record& record,
            std::stop_token stop) const;

  // What people know it by, from its headers; `mail` may be those alone. Errors of the reader.
  storage::MailHeading heading_of(const ReceivedMail& mail, std::stop_token stop) const;

  const ingest::Intake& intake() const { return intake_; }

 private:
  ingest::Arrival arrival(const ReceivedMail& mail, const std::string& filename,
                          const storage::PresetFiling& filing) const;
  bool take_attachments(const storage::Principal& who, const ReceivedMail& mail, const Match& match,
                        std::stop_token stop) const;

  storage::Database& database_;
  const ingest::Intake& intake_;
  const ingest::FileReader& reader_;
  const ingest::MemberLimits limits_;
};

}  // namespace muniment::scanners
