#pragma once

#include <functional>
#include <string>

#include "bench/trips/place.hpp"

namespace bench {

/// Does `work` in a host of its own, joined directly to another by a pair of virtual interfaces,
/// and gives back the text that it returns. Nothing is left of the hosts afterwards. Offloads are
/// on, as in real hosts. Throws tracer::Failure (4) where the system allows no such hosts, TripError
/// if the work does.
std::string in_two_hosts(const std::function<std::string(const Place& server)>& work);

}  // namespace bench
