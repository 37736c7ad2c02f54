#include "webui/router.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::webui {
namespace {

TEST(Router, RefusesARouteThatIsThereAlready) {
  Router router;
  router.add("GET", "/things/{id}", SignedIn{}, [](Call&) {});
  router.add("POST", "/things/{id}", SignedIn{}, [](Call&) {});
  EXPECT_THROW(router.add("GET", "/things/{id}", SignedIn{}, [](Call&) {}), core::Error);
}

}  // namespace
}  // namespace muniment::webui
