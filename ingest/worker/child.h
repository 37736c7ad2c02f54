// One task in a child of the warm process.
#pragma once

#include <vector>

#include "core/files.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/worker/format.h"
#include "ingest/worker/sandbox.h"

namespace muniment::ingest::worker {

struct Assignment {
  Request request;
  core::FileDescriptor reply;
  std::vector<core::FileDescriptor> files;
  core::FileDescriptor output;  // none for most tasks
};

// Enters the limits and the system call filter, does the task, answers on the reply socket and ends the process.
// Where the probe found that the filter holds, nothing is read without it. `memory_in_use` is the address space of the
// warm process, on top of which the request's memory is allowed.
[[noreturn]] void run_child(Assignment assignment, const Tools& tools, std::span<const Format* const> formats,
                            const SystemCallFilter& filter, bool filter_holds, std::uint64_t memory_in_use);

}  // namespace muniment::ingest::worker
