#include "storage/network_scanners.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

struct NetworkScanners : testing::TestArchive, ::testing::Test {
  // The address that it has then.
  std::string add(ScannerProtocol protocol, const std::string& name, const std::string& address) {
    auto tx = database.begin(testing::kTester);
    const std::int64_t id = create_network_scanner(tx, {0, protocol, name, address});
    const std::string kept = find_network_scanner(tx, id).value().address;
    tx.commit();
    return kept;
  }
};

TEST_F(NetworkScanners, AMachineIsEnoughOfAnAddress) {
  EXPECT_EQ(add(ScannerProtocol::escl, "a", " 192.168.1.20 "), "http://192.168.1.20/eSCL");
  EXPECT_EQ(add(ScannerProtocol::escl, "b", "copier.local:8080"), "http://copier.local:8080/eSCL");
  EXPECT_EQ(add(ScannerProtocol::escl, "c", "https://[fe80::1]/scan"), "https://[fe80::1]/scan");
  EXPECT_EQ(add(ScannerProtocol::saned, "d", "::1"), "::1");
  EXPECT_THROW(add(ScannerProtocol::saned, "e", "::1"), core::Error) << "it is there already";
}

TEST_F(NetworkScanners, OfWsdTheWholeAddressIsNeeded) {
  EXPECT_EQ(add(ScannerProtocol::wsd, "a", "http://192.168.1.20:5358/WSDScanner"),
            "http://192.168.1.20:5358/WSDScanner");
  for (const char* address : {"192.168.1.20", "http://192.168.1.20:5358", "http://192.168.1.20:5358/", "ftp://a/b",
                              "http://a/b, eSCL", "http://a/b\nc = d"}) {
    EXPECT_THROW(add(ScannerProtocol::wsd, "name", address), core::Error) << address;
  }
}

TEST_F(NetworkScanners, NothingCanMeanAnotherLineOfSanesConfiguration) {
  for (const char* name : {"", "two\nlines", "quo\"te", "back\\slash"}) {
    EXPECT_THROW(add(ScannerProtocol::escl, name, "10.0.0.1"), core::Error) << name;
  }
  for (const char* address : {"", "http://", "ftp://a/b", "http:///x", "a b", "a\n[options]", "http://a/b, WSD", "a#b",
                              "file:///etc/passwd", "http://a/\"b"}) {
    EXPECT_THROW(add(ScannerProtocol::escl, "name", address), core::Error) << address;
  }
  for (const char* host : {"", "a b", "a/b", "a\nb", "http://a"}) {
    EXPECT_THROW(add(ScannerProtocol::saned, "name", host), core::Error) << host;
  }
  auto session = database.read();
  EXPECT_TRUE(list_network_scanners(session).empty());
}

TEST_F(NetworkScanners, OneThatIsRemovedIsGone) {
  add(ScannerProtocol::saned, "office", "office.example.org");
  auto tx = database.begin(testing::kTester);
  const std::int64_t id = list_network_scanners(tx).at(0).id;
  delete_network_scanner(tx, id);
  EXPECT_THROW(delete_network_scanner(tx, id), core::Error);
  tx.commit();
  auto session = database.read();
  EXPECT_TRUE(list_network_scanners(session).empty());
}

}  // namespace
}  // namespace muniment::storage
