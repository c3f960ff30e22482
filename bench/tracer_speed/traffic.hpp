// Real connections through a testbed, captured by its client's interface.
#pragma once

#include <cstdint>
#include <string>

#include "bench/tracer_speed/capture_maker.hpp"

namespace bench {

/// `connections` one after the other, four at a time: a GET, a reply of 2 kB, closed by the server.
/// `program` is this one, by path; both hosts run it again with the words of run_traffic_program().
/// Throws tracer::Failure where no testbed can be made, std::runtime_error if the capture has gaps.
MadeCapture record_http_capture(const std::string& path, const std::string& program,
                                std::uint64_t connections);

/// One connection that carries `bytes` to the server.
MadeCapture record_bulk_capture(const std::string& path, const std::string& program,
                                std::uint64_t bytes);

/// The program at one end, if the command line names one: --serve, --get COUNT or --put BYTES;
/// returns its exit code, or -1.
int run_traffic_program(int count, char** words);

}  // namespace bench
