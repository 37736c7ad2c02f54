// Places a person's text for a page where the words that it corrects stand.
#pragma once

#include <string_view>

#include "storage/page_layer.h"

namespace muniment::storage {

// Pure. The lines of `text` become the lines of the result; an empty line starts a paragraph. Words equal to words of
// `read`, in order, keep their boxes; a run of new words shares the space of the words it stands for, or, where nothing
// stood, the space between its neighbours.
PageLayer corrected(const PageLayer& read, std::string_view text);

}  // namespace muniment::storage
