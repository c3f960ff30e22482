#pragma once

#include "bench/servers/server.hpp"

namespace bench {

/// How to start a server on `port` of 127.0.0.1 for the files in scratch/www: the program's path, then
/// its arguments. Writes nginx's configuration into `scratch`. Throws TripError if it is not here.
std::vector<std::string> command_of(Model model, std::uint16_t port, unsigned threads,
                                    const std::filesystem::path& scratch);

}  // namespace bench
