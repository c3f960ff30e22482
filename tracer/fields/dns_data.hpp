#pragma once

#include "tracer/fields/field_sink.hpp"
#include "tracer/wire/dns.hpp"

namespace tracer {

/// The data of records for DNSSEC, services, keys and the rarer kinds; what is in dns.cpp already
/// (A, MX, SOA, …) is left alone.
void dns_data_fields(const DnsMessage& message, const DnsRecord& record, FieldSink& sink);

/// What is inside an EDNS option that has fields of its own: client subnet (RFC 7871), cookie (RFC 7873).
void dns_option_fields(std::uint16_t code, Bytes value, FieldSink& sink);

}  // namespace tracer
