// As little HTTP/1.1 (RFC 9112) as a measurement needs.
#pragma once

#include <string>

#include "bench/trips/endpoint.hpp"

namespace bench {

/// Answers every GET on a connection with 200 and a body of `size` bytes; closes it after a request
/// that says so. Throws TripError.
void answer_http(const End& end, std::size_t size);

/// A request; `keep`: the connection stays open after it.
std::string http_request(bool keep);
/// Reads one whole response, to the end of the body that Content-Length announces. Throws TripError.
void read_http_response(const End& end);

}  // namespace bench
