#pragma once

#include <string>

#include "bench/servers/load.hpp"
#include "bench/servers/server.hpp"

namespace bench {

/// A server and the load it is put under.
struct Served {
  Model model = Model::reactor;
  Load load = {};
  bool open = false;  // open loop; else closed
};

/// "servers/reactor/kept/closed"
inline std::string key(const Served& served) {
  return std::string("servers/")
      .append(key(served.model))
      .append(served.load.keep ? "/kept" : "/each")
      .append(served.open ? "/open" : "/closed");
}

}  // namespace bench
