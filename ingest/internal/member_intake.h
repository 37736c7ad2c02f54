// What is in mails and archives, taken in as documents of their own.
#pragma once

#include <stop_token>

#include "core/log.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "storage/database.h"

namespace muniment::ingest {

// Thread-safe.
class MemberIntake {
 public:
  // `join_mails`: every mail is one document with what is attached to it.
  MemberIntake(storage::Database& database, const Intake& intake, const FileReader& reader, MemberLimits limits,
               bool join_mails = false)
      : database_(database), intake_(intake), reader_(reader), limits_(limits), join_mails_(join_mails) {}

  // Whether what is in the file becomes pages of its document (storage/mail_parts.h) and not documents: of a mail, when
  // its sender said so or all are to be. What was settled when it was first read holds ever after.
  bool joins(std::int64_t document_id, std::int64_t component_id, std::string_view media_type) const;

  // Takes in everything in the file `component_id` of the document `container_id`, which `source` is: each file in a
  // transaction of its own that also says what it came in. They get the container's class, folder, access list,
  // correspondent and tags as they are when each comes in; what stands where nothing new may comes in without that
  // place, as open as it. What was taken before is not taken again, so a call that was cut off can be repeated. A file
  // that the intake refuses is recorded with the reason. Error(too_large) when a limit is passed: then nothing came in;
  // otherwise the errors of FileReader::read_members and Intake::accept.
  void take(std::int64_t container_id, std::int64_t component_id, const Source& source, int priority,
            std::stop_token stop) const;

 private:
  storage::Database& database_;
  const Intake& intake_;
  const FileReader& reader_;
  const MemberLimits limits_;
  const bool join_mails_;
};

}  // namespace muniment::ingest
