// What is said between the service and muniment-scan: JSON objects, one a line, over a socket.
//
//   muniment-scan list                           {"scanners":[{"name","vendor","model"}]}
//   muniment-scan describe NAME                  {"capabilities":{...}}
//   muniment-scan scan NAME FOLDER FIRST MOST    is sent the settings as a line, and tells {"alive":true} while it
//     waits for the scanner and reads, and {"page":{...}} for each page once its files (scan_settings.h) are durable;
//     their numbers begin with FIRST. It takes in the next page when it is sent kNext. kStop, or the end of the socket,
//     makes it end after what the scanner is at. It ends by itself after MOST pages.
//
// Last comes {"end":CODE,"text":...}: "done", or one of kProblems.
#pragma once

#include <string_view>

namespace muniment::scanners {

inline constexpr int kSocketInChild = 3;
inline constexpr std::string_view kNext = "next";
inline constexpr std::string_view kStop = "stop";

}  // namespace muniment::scanners
