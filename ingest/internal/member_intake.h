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
  MemberIntake(storage::Database& database, const Intake& intake, const FileReader& reader, MemberLimits limits)
      : database_(database), intake_(intake), reader_(reader), limits_(limits) {}

  // Takes in everything in the file `component_id` of the document `container_id`, which `source` is: each file in a
  // transaction of its own that also says what it came in. They get the container's class, folder and access list as
  // they are now. What was taken before is not taken again, so a call that was cut off can be repeated. A file that the
  // intake refuses is recorded with the reason. Error(too_large) when a limit is passed: then nothing came in;
  // otherwise the errors of FileReader::read_members and Intake::accept.
  void take(std::int64_t container_id, std::int64_t component_id, const Source& source, int priority,
            std::stop_token stop) const;

 private:
  storage::Database& database_;
  const Intake& intake_;
  const FileReader& reader_;
  const MemberLimits limits_;
};

}  // namespace muniment::ingest
