// What WebDAV clients send, taken apart: pure functions and their limits.
#include <gtest/gtest.h>

#include "webui/dav/headers.h"
#include "webui/dav/xml.h"

namespace muniment::webui::dav {
namespace {

TEST(DavHeaders, IfIsListsOfConditionsForResources) {
  const auto lists = parse_if(R"(<http://a/x> (<urn:uuid:1> ["t"]) (Not <DAV:no-lock>)</y>(nOT [W/"u"]))");
  ASSERT_TRUE(lists.has_value());
  ASSERT_EQ(lists->size(), 3U);
  EXPECT_EQ(lists->at(0).resource, "http://a/x");
  ASSERT_EQ(lists->at(0).conditions.size(), 2U);
  EXPECT_TRUE(lists->at(0).conditions[0].is_token);
  EXPECT_EQ(lists->at(0).conditions[0].value, "urn:uuid:1");
  EXPECT_EQ(lists->at(0).conditions[1].value, "\"t\"");
  EXPECT_FALSE(lists->at(0).conditions[1].is_token);
  // A tag counts until the next one.
  EXPECT_EQ(lists->at(1).resource, "http://a/x");
  EXPECT_TRUE(lists->at(1).conditions[0].negated);
  EXPECT_EQ(lists->at(2).resource, "/y");
  EXPECT_TRUE(lists->at(2).conditions[0].negated);
}

TEST(DavHeaders, AnIfThatCanBeReadInTwoWaysIsNotRead) {
  for (const std::string_view bad : {"", "()", "(", "(<a>", "(<>)", "(<a>))", "<a>", "<a> <b> (<c>)", "(a)", "([a)"}) {
    EXPECT_FALSE(parse_if(bad).has_value()) << bad;
  }
  std::string many;
  for (int i = 0; i < 201; ++i) many += "(<a>)";
  EXPECT_FALSE(parse_if(many).has_value());
}

TEST(DavHeaders, ADestinationIsAPathOfThisHost) {
  EXPECT_EQ(path_of("http://Archive:8420/dav/a%20b?x", "archive:8420"), "/dav/a b");
  EXPECT_EQ(path_of("/dav/%C3%A5", "archive"), "/dav/\xC3\xA5");
  for (const std::string_view bad : {"http://other/dav/a", "ftp://archive/dav/a", "dav/a", "", "/dav/../a",
                                     "/dav/%2e%2e/a", "/dav/a%00b", "/dav/a%0Ab", "/dav/%FF", "/dav/a#b"}) {
    EXPECT_FALSE(path_of(bad, "archive").has_value()) << bad;
  }
}

TEST(DavHeaders, APathComesBackFromItsUri) {
  const std::string path = "/dav/work/100 % \xC3\xA5 #1?;+&.txt";
  EXPECT_EQ(encoded_path(path), "/dav/work/100%20%25%20%C3%A5%20%231%3F%3B%2B%26.txt");
  EXPECT_EQ(path_of(encoded_path(path), ""), path);
}

TEST(DavHeaders, NobodyLocksForLongerThanIsAllowed) {
  using std::chrono::seconds;
  EXPECT_EQ(parse_timeout("Second-10", seconds(60)), seconds(10));
  EXPECT_EQ(parse_timeout("Second-99999999999999999999, Second-5", seconds(60)), seconds(60));
  EXPECT_EQ(parse_timeout("Infinite, Second-10", seconds(60)), seconds(60));
  EXPECT_EQ(parse_timeout("Second--5, Extend, second-7", seconds(60)), seconds(7));
  EXPECT_EQ(parse_timeout("Second-0", seconds(60)), seconds(1));
  EXPECT_EQ(parse_timeout("", seconds(60)), seconds(60));
}

TEST(DavHeaders, DepthTokenAndCredentials) {
  EXPECT_EQ(parse_depth(" Infinity"), Depth::infinity);
  EXPECT_FALSE(parse_depth("2").has_value());
  EXPECT_EQ(parse_lock_token("<urn:uuid:1>"), "urn:uuid:1");
  EXPECT_FALSE(parse_lock_token("<urn:uuid:1> x").has_value());
  EXPECT_FALSE(parse_lock_token("urn:uuid:1").has_value());
  const auto who = parse_basic("bAsIc YW5uYTphOmI=");
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->user, "anna");
  EXPECT_EQ(who->password, "a:b");
  EXPECT_FALSE(parse_basic("Basic YW5uYQ==").has_value());
  EXPECT_FALSE(parse_basic("Bearer YW5uYTphOmI=").has_value());
}

TEST(DavXml, AnElementStandsByItselfOnceWritten) {
  const auto element = parse_xml(
      "<a:one xmlns:a='urn:a' xmlns='urn:d' xml:lang='sv' a:k='1 &amp; 2'>x &lt;<two/>y<three "
      "xmlns=''>z</three></a:one>");
  ASSERT_TRUE(element.has_value());
  EXPECT_EQ(to_xml(*element),
            "<n:one xmlns:n=\"urn:a\" xml:lang=\"sv\" xmlns:a1=\"urn:a\" a1:k=\"1 &amp; 2\">x &lt;<n:two "
            "xmlns:n=\"urn:d\"/>y<three xmlns=\"\">z</three></n:one>");
  EXPECT_EQ(to_xml(parse_xml(to_xml(*element)).value()), to_xml(*element));
}

TEST(DavXml, WhatIsDangerousOrWrongIsNotRead) {
  std::string nested, closing, many = "<a>";
  for (int i = 0; i < 70; ++i) {
    nested += "<a>";
    closing += "</a>";
  }
  for (int i = 0; i < 10'001; ++i) many += "<b/>";
  for (const std::string& bad :
       {std::string(), std::string("<a>"), std::string("<a></b>"), std::string("<!DOCTYPE a><a/>"),
        std::string("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), std::string("<a xmlns:b=''><b:c/></a>"),
        std::string("<b:a/>"), nested + closing, many + "</a>", std::string(kMostXmlBytes, ' ') + "<a/>"}) {
    EXPECT_FALSE(parse_xml(bad).has_value()) << bad.substr(0, 60);
  }
}

}  // namespace
}  // namespace muniment::webui::dav
