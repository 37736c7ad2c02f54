#include "webui/public_addresses.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::webui {
namespace {

TEST(PublicAddresses, AnyNameIsOursWhereNoneIsConfigured) {
  const PublicAddresses any;
  EXPECT_TRUE(any.is_ours("archive.example.org"));
  EXPECT_TRUE(any.is_ours(""));
  EXPECT_TRUE(any.is_own_origin("https://archive.example.org", "archive.example.org"));
  EXPECT_TRUE(any.is_own_origin("http://archive:8420", "Archive:8420"));
  EXPECT_FALSE(any.is_own_origin("https://evil.example", "archive.example.org"));
  EXPECT_FALSE(any.is_own_origin("http://archive:8421", "archive:8420"));
  EXPECT_FALSE(any.is_own_origin("null", "archive:8420"));
}

TEST(PublicAddresses, OnlyConfiguredNamesAndThisMachineAreOurs) {
  const PublicAddresses configured({"https://Archive.example.org", "http://[fd00::1]:8420"});
  for (const char* ours : {"archive.example.org", "ARCHIVE.example.org:443", "archive.example.org:8420", "[fd00::1]:9",
                           "localhost", "localhost:8420", "127.0.0.1:8420", "127.1.2.3", "[::1]:8420"}) {
    EXPECT_TRUE(configured.is_ours(ours)) << ours;
  }
  for (const char* other : {"", "evil.example", "archive.example.org.evil.example", "xarchive.example.org", "127.evil",
                            "localhost.evil.example", "[fd00::2]", "[::1"}) {
    EXPECT_FALSE(configured.is_ours(other)) << other;
  }
}

TEST(PublicAddresses, ThePageOfAChangeIsOneThatIsConfigured) {
  const PublicAddresses configured({"https://archive.example.org", "http://archive:8420"});
  EXPECT_TRUE(configured.is_own_origin("https://archive.example.org", "127.0.0.1:8420")) << "as a proxy sends it on";
  EXPECT_TRUE(configured.is_own_origin("https://archive.example.org:443", "archive.example.org"));
  EXPECT_TRUE(configured.is_own_origin("http://archive:8420", "archive:8420"));
  EXPECT_TRUE(configured.is_own_origin("http://localhost:8420", "localhost:8420"));
  EXPECT_FALSE(configured.is_own_origin("http://archive.example.org", "archive.example.org")) << "not protected";
  EXPECT_FALSE(configured.is_own_origin("http://localhost:9999", "localhost:8420"));
  EXPECT_FALSE(configured.is_own_origin("http://evil.example", "evil.example")) << "a name that leads here";
  EXPECT_FALSE(configured.is_own_origin("null", "127.0.0.1:8420"));
}

TEST(PublicAddresses, AreSchemeAndHost) {
  for (const char* bad : {"", "archive.example.org", "ftp://archive", "https://", "https://archive/", "https://a b",
                          "https://archive/path", "https://user@archive", "https://archive:port", "https://[::1"}) {
    EXPECT_THROW(PublicAddresses({std::string(bad)}), core::Error) << bad;
  }
}

}  // namespace
}  // namespace muniment::webui
