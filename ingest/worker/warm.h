// The warm process: loads what costs time once, proves the sandbox, and forks a child for every request.
#pragma once

#include <span>

#include "ingest/worker/format.h"

namespace muniment::ingest::worker {

// Arguments: --tessdata=DIR --languages=eng,swe. Descriptor 3 is the control socket
// (ingest/internal/extract_protocol.h). Serves until it is closed. The exit status: 0, or 1 with a line on stderr when
// it could not start.
int serve(int argc, char** argv, std::span<const Format* const> formats);

}  // namespace muniment::ingest::worker
