// What a token that another account issued must not do: whoever issued it would act, or decide, as somebody else.
#pragma once

#include <string>

#include "core/error.h"
#include "storage/access.h"

namespace muniment::storage {

// `what` follows "may not".
inline void require_in_person(const Principal& who, const std::string& what) {
  if (!who.represented) return;
  throw core::Error(core::ErrorCode::forbidden,
                    "a token that somebody else issued may not " + what + "; sign in, or issue one yourself");
}

}  // namespace muniment::storage
