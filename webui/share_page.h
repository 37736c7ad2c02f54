// The page that a share link opens: for a stranger with any browser, without a script.
#pragma once

#include <string>

#include "storage/share_links.h"
#include "webui/exchange.h"

namespace muniment::webui {

enum class ShareNotice { none, wrong_password, too_many_attempts, no_pdf };

// Answers with the page of an open link. While it asks for a password it tells nothing of the document.
void send_share_page(Exchange& exchange, int status, const std::string& token, const storage::SharedDocument& shared,
                     ShareNotice notice);
// Answers 404: the same for a link that has ended and for one that never was.
void send_share_gone(Exchange& exchange);
// For every answer of a link: nothing is kept, indexed, or told to the next site.
void set_share_headers(Exchange& exchange);

}  // namespace muniment::webui
