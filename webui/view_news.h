// Tells people of new documents that the saved views they follow find.
#pragma once

#include "storage/database.h"
#include "webui/search.h"

namespace muniment::webui {

// Holds up to some hundred documents that the index has learnt of against every followed view, each with its follower's
// rights, and makes their notifications. True when more wait. For one thread at a time. Error(unavailable) while there
// is no index to ask: nothing is lost by it.
bool tell_of_new_in_views(storage::Database& database, Search& search);

}  // namespace muniment::webui
