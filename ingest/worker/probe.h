// The attack probe: tries what a hostile child would try, first against every layer of the sandbox alone, then against
// all of them. What the kernel claims to support is not asked: only what was blocked counts.
#pragma once

#include <functional>
#include <string>

#include "ingest/extraction.h"
#include "ingest/worker/sandbox.h"

namespace muniment::ingest::worker {

struct Layers {
  bool namespaces = false;
  bool landlock = false;
  bool system_calls = false;
  bool limits = false;
};

enum class Attack {
  read_passwd,
  list_root,
  write_tmp,
  reach_network,  // a TCP server on this machine
  reach_socket,   // an abstract Unix socket on this machine
  signal_parent,
  trace,
  fork,
  exec,
  take_memory,  // 3 GiB
};

// Tries one attack in a child that has entered these layers. For a process with one thread.
SandboxReport::Attempt attempt(Attack attack, const Layers& layers, const SystemCallFilter& filter);

// All of it: some 25 short-lived children, to be run while this process is small.
SandboxReport probe(const SystemCallFilter& filter);

// What the probe's children withstood counts only where readers are behind the same layers.
void lower(SandboxReport& report, bool in_namespaces, bool in_landlock);

}  // namespace muniment::ingest::worker
